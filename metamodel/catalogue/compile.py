"""From a release's document and mapping to the objects that code works with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import BigInteger, Column, MetaData, Table

from metamodel.catalogue.model import (
    Choice,
    ColumnPlace,
    Database,
    Field,
    FieldCheck,
    Label,
    RecordType,
    ValueSet,
)
from metamodel.field_types.registry import field_type
from metamodel.storage.layout import build_keyed_table, build_table, physical_columns
from zhenshu.db.metadata import platform_metadata

Json = Mapping[str, Any]


class ReleaseNumber(Protocol):
    """What compiling needs to know of a release: `definition_release.id` and its number."""

    @property
    def id(self) -> int: ...

    @property
    def number(self) -> int: ...


def compile_database(document: Json, mapping: Json, definition_id: int, release: ReleaseNumber) -> Database:
    """The database that `document` describes, with the tables that `mapping` names.

    With an empty mapping it has no tables: that is how a draft is looked at before it has storage.

    Raises:
        UnknownFieldType, ValueProblem: for a document that `validate_document` refuses.
    """
    value_sets = {
        code: compile_value_set(code, item) for code, item in document.get("value_sets", {}).items()
    }
    compiler = _Compiler(document["code"], value_sets, mapping.get("types", {}), release.id)
    return Database(
        id=definition_id,
        code=document["code"],
        label=Label.of(document.get("label")),
        release_id=release.id,
        release_number=release.number,
        record_types=tuple(compiler.record_type(item) for item in document.get("record_types", ())),
        document=document,
        value_sets=value_sets,
    )


def compile_value_set(code: str, item: Json) -> ValueSet:
    """The value set that `item` describes."""
    choices = tuple(
        Choice(choice["code"], Label.of(choice.get("label")), choice.get("active", True))
        for choice in item.get("choices", ())
    )
    label = Label.of(item.get("label"))
    return ValueSet(code, label, choices, item.get("standard", ""), item.get("version", ""))


def compile_field(item: Json, value_sets: Mapping[str, ValueSet], place: ColumnPlace | None = None) -> Field:
    """The field that `item` describes; a value set that is not in `value_sets` is left out."""
    field = Field(
        id=item.get("id", ""),
        code=item["code"],
        label=Label.of(item.get("label")),
        type=field_type(item["type"]),
        options=item.get("options") or {},
        unit=item.get("unit", ""),
        value_set=value_sets.get(item.get("value_set", "")),
        required=item.get("required", False),
        required_if=item.get("required_if", ""),
        shown_if=item.get("shown_if", ""),
        calculation=item.get("calculation", ""),
        checks=tuple(_check(check) for check in item.get("checks", ())),
        field_class="identifying" if item.get("identifying") else "plain",
        masking=item.get("masking", ""),
        hidden=item.get("hidden", False),
        missing_codes=tuple(item.get("missing_codes", ())),
        help=Label.of(item.get("help")),
        element=item.get("element") or {},
        place=place,
    )
    low, high = item.get("minimum"), item.get("maximum")
    if low is None and high is None:
        return field
    return replace(field, minimum=field.type.bound(field, low), maximum=field.type.bound(field, high))


def _check(item: Json) -> FieldCheck:
    return FieldCheck(item["expression"], Label.of(item.get("message")), item.get("severity", "error"))


class _Compiler:
    """Compiles the record types of one database; their tables share one MetaData."""

    def __init__(
        self, database: str, value_sets: Mapping[str, ValueSet], types: Json, release_id: int
    ) -> None:
        self._database = database
        self._value_sets = value_sets
        self._types = types
        self._release_id = release_id
        self._metadata = MetaData()

    def record_type(self, item: Json) -> RecordType:
        stored: Json = self._types.get(item.get("id", ""), {})
        storage: Json = item.get("storage") or {}
        kind = storage.get("kind", "managed")
        fields = self._fields(item, stored.get("columns", {}), stored.get("protected", ()))
        return RecordType(
            id=item.get("id", ""),
            code=item["code"],
            label=Label.of(item.get("label")),
            database=self._database,
            fields=fields,
            parent=item.get("parent"),
            repeats=item.get("repeats", False),
            events=tuple(item.get("events", ())),
            key=item.get("key"),
            storage=kind,
            writer=item.get("writer", "owner" if kind == "mapped" else "records"),
            patient_path=item.get("patient_path", ""),
            centre_path=item.get("centre_path", ""),
            names=storage.get("names", ""),
            number=stored.get("number", 0),
            release_id=self._release_id,
            tables=self._tables(kind, stored, fields),
        )

    def _fields(self, item: Json, columns: Json, protected: Collection[str]) -> tuple[Field, ...]:
        fields = item.get("fields", ())
        places = {
            field_id: ColumnPlace(part, name, field_id in protected)
            for field_id, (part, name) in columns.items()
        }
        return tuple(compile_field(it, self._value_sets, places.get(it.get("id", ""))) for it in fields)

    def _tables(self, kind: str, stored: Json, fields: tuple[Field, ...]) -> tuple[Table, ...]:
        names = stored.get("tables", ())
        if kind == "keyed":
            return tuple(build_keyed_table(name, self._metadata) for name in names)
        if kind == "mapped":
            return tuple(self._owners_table(name, fields) for name in names)
        return tuple(
            build_table(
                name,
                part,
                [
                    spec
                    for f in fields
                    if (place := f.place) and place.part == part
                    for spec in physical_columns(place.name, f.type.column_type(f), place.protected)
                ],
                self._metadata,
            )
            for part, name in enumerate(names)
        )

    def _owners_table(self, name: str, fields: tuple[Field, ...]) -> Table:
        """The table of the room that owns it; where no room here declares it, its known columns."""
        if name in platform_metadata.tables:
            return platform_metadata.tables[name]
        columns = [
            Column(f.place.name, f.type.column_type(f)) for f in fields if f.place and f.place.name != "id"
        ]
        return Table(name, self._metadata, Column("id", BigInteger, primary_key=True), *columns)
