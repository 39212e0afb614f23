"""The compiled, immutable view of definitions: what code asks when it needs to know what a field is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Table

from metamodel.field_types.operators import OF_PROTECTED
from metamodel.storage.layout import blind_name
from zhenshu.errors import NotFound

if TYPE_CHECKING:
    from metamodel.field_types.base import FieldType


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages of the platform; either may be empty."""

    zh: str = ""
    en: str = ""

    def text(self, language: str) -> str:
        """The text in `language`, or in the other one where that is empty."""
        first, second = (self.zh, self.en) if language == "zh" else (self.en, self.zh)
        return first or second

    @classmethod
    def of(cls, value: Mapping[str, str] | str | None) -> Label:
        if value is None:
            return cls()
        if isinstance(value, str):
            return cls(zh=value, en=value)
        return cls(value.get("zh", ""), value.get("en", ""))


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted value. An inactive one stays readable but can't be chosen any more."""

    code: str
    label: Label
    active: bool = True


@dataclass(frozen=True)
class ValueSet:
    """Coded permitted values; `standard` and `version` name the table they come from, e.g. GB/T 2261.1."""

    code: str
    label: Label
    choices: tuple[Choice, ...]
    standard: str = ""
    version: str = ""

    @cached_property
    def by_code(self) -> Mapping[str, Choice]:
        return {choice.code: choice for choice in self.choices}


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """A validation rule: it fails when `expression` is false, never when it is unknown."""

    expression: str
    message: Label
    severity: str = "error"  # error | warning


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where a field's values are: a column of one physical part (0 is the main table)."""

    part: int
    name: str
    protected: bool = False  # encrypted, see `metamodel.storage.protected`


@dataclass(frozen=True)
class Field:
    """A data element used in a record type. Rules are text here; see `metamodel.records.rules`."""

    id: str
    code: str
    label: Label
    type: FieldType
    options: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""
    value_set: ValueSet | None = None
    required: bool = False
    required_if: str = ""
    minimum: Any = None  # typed value, or text such as "today"
    maximum: Any = None
    shown_if: str = ""
    calculation: str = ""
    checks: tuple[FieldCheck, ...] = ()
    field_class: str = "plain"  # plain | identifying
    masking: str = ""
    hidden: bool = False
    missing_codes: tuple[str, ...] = ()
    help: Label = Label()
    element: Mapping[str, Any] = field(default_factory=dict)  # library, code, release; standard identifiers
    place: ColumnPlace | None = None

    @property
    def identifying(self) -> bool:
        return self.field_class == "identifying"

    @property
    def protected(self) -> bool:
        """Whether its values are stored encrypted."""
        return self.place is not None and self.place.protected

    @property
    def operators(self) -> tuple[str, ...]:
        """What a filter may ask of it: all that its type offers, or of ciphertext what hashes can answer."""
        offered = self.type.operators
        return tuple(name for name in offered if name in OF_PROTECTED) if self.protected else tuple(offered)


@dataclass(frozen=True)
class RecordType:
    """One repeating unit of a database. `tables` are its physical parts, main table first."""

    id: str
    code: str
    label: Label
    database: str
    fields: tuple[Field, ...]
    parent: str | None = None
    repeats: bool = False
    events: tuple[str, ...] = ()
    key: str | None = None  # code of the field that identifies a record within the database
    storage: str = "managed"  # managed | mapped | keyed
    writer: str = "records"  # records | owner
    patient_path: str = ""  # how its owner's rows lead to the patient, e.g. "patient" or "study.patient"
    centre_path: str = ""
    names: str = ""  # keyed: the code of the list of names its arrays follow, see `keyed_names`
    number: int = 0  # storage_record_type.id
    release_id: int = 0
    tables: tuple[Table, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Field]:
        return {item.code: item for item in self.fields}

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        return {item.id: item for item in self.fields}

    @property
    def path(self) -> str:
        return f"{self.database}.{self.code}"

    @property
    def main(self) -> Table:
        return self.tables[0]

    def column(self, code: str) -> Column[Any]:
        """The column of a field.

        Raises:
            NotFound: when no field has this code, or it has no column.
        """
        place = self.field(code).place
        if place is None:
            raise NotFound(kind="column of field", kind_zh="字段的存储列", name=code)
        return self.tables[place.part].c[place.name]

    def key_column(self) -> Column[Any]:
        """The column that tells equal keys: the key's own, or its blind index where it is protected."""
        assert self.key is not None
        column, place = self.column(self.key), self.field(self.key).place
        return column.table.c[blind_name(column.name)] if place and place.protected else column

    def field(self, code: str) -> Field:
        """
        Raises:
            NotFound: when no field has this code.
        """
        try:
            return self.by_code[code]
        except KeyError:
            raise NotFound(kind="field", kind_zh="字段", name=code) from None


@dataclass(frozen=True)
class Database:
    """A live release of a disease database, or of the `core` types that modules share."""

    id: int  # definition.id
    code: str
    label: Label
    release_id: int
    release_number: int
    record_types: tuple[RecordType, ...]
    document: Mapping[str, Any] = field(repr=False, default_factory=dict)
    value_sets: Mapping[str, ValueSet] = field(repr=False, default_factory=dict)

    @cached_property
    def by_code(self) -> Mapping[str, RecordType]:
        return {item.code: item for item in self.record_types}

    def record_type(self, code: str) -> RecordType:
        """
        Raises:
            NotFound: when no record type has this code.
        """
        try:
            return self.by_code[code]
        except KeyError:
            raise NotFound(kind="record type", kind_zh="记录类型", name=code) from None

    @cached_property
    def root(self) -> RecordType:
        """The record type without a parent: one record per patient of this database."""
        return next(item for item in self.record_types if item.parent is None)

    def ancestors(self, code: str) -> tuple[RecordType, ...]:
        """The record types above `code`, nearest first."""
        above = []
        parent = self.record_type(code).parent
        while parent is not None:
            above.append(self.record_type(parent))
            parent = above[-1].parent
        return tuple(above)

    def children(self, code: str) -> tuple[RecordType, ...]:
        return tuple(item for item in self.record_types if item.parent == code)


@dataclass(frozen=True)
class Catalogue:
    """All live releases at one revision."""

    revision: int
    databases: Mapping[str, Database]

    def database(self, code: str) -> Database:
        """
        Raises:
            NotFound: when no published database has this code.
        """
        try:
            return self.databases[code]
        except KeyError:
            raise NotFound(kind="database", kind_zh="病种库", name=code) from None

    def record_type(self, path: str) -> RecordType:
        """`path` is "database.record_type"."""
        database, _, code = path.partition(".")
        return self.database(database).record_type(code)

    def field(self, path: str) -> Field:
        """`path` is "database.record_type.field"."""
        head, _, code = path.rpartition(".")
        return self.record_type(head).field(code)

    def resolve(self, path: str) -> FieldColumn | Join | Keyed:
        """What `path` reaches: "database.type" joins a record type's records, "database.type.field" is a
        column, "database.type.name" of a keyed type is a position in its arrays.

        Raises:
            NotFound: when there is no such database, record type or field, or the field has no column.
        """
        database, _, below = path.partition(".")
        type_code, _, name = below.partition(".")
        home = self.database(database)
        record_type = home.record_type(type_code)
        if not name:
            return Join(record_type, (record_type, *home.ancestors(type_code))[::-1])
        if record_type.storage == "keyed":
            return Keyed(record_type, name)
        return FieldColumn(record_type, record_type.field(name), record_type.column(name))


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A path that ends in one column; its table is one of the record type's parts."""

    record_type: RecordType
    field: Field
    column: Column[Any]


@dataclass(frozen=True, slots=True)
class Join:
    """A path to the records of a type; `chain` leads from the root record type down to it."""

    record_type: RecordType
    chain: tuple[RecordType, ...]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A path to one name of a keyed record type; `metamodel.catalogue.keyed.positions` finds its places."""

    record_type: RecordType
    name: str
