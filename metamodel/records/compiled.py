"""All that is worked out once per record type and release: readers, rules, statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Dialect, FromClause

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.catalogue.reach import Surroundings
from metamodel.field_types.base import ValueProblem
from metamodel.records.bulk import Inserter
from metamodel.records.rules import TypeRules, compile_rules
from metamodel.storage import SYSTEM_COLUMNS
from metamodel.storage.layout import physical_columns
from metamodel.storage.protected import protected_of
from zhenshu.db.unit_of_work import UnitOfWork

Reader = Callable[[Any], Any]
ToJson = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Trait:
    """What writing a value of a field needs to know."""

    id: str
    identifying: bool
    to_json: ToJson


class CompiledType:
    """A record type made ready for work on one database dialect."""

    def __init__(self, record_type: RecordType, database: Database | None, dialect: Dialect) -> None:
        self.type = record_type
        self.readers: Mapping[str, Reader] = {
            item.code: item.type.reader(item) for item in record_type.fields
        }
        self.traits: Mapping[str, Trait] = {
            item.code: Trait(item.id, item.identifying, item.type.to_json(item))
            for item in record_type.fields
        }
        self.calculated = frozenset(item.code for item in record_type.fields if item.calculation)
        self.protected = {item.code: item for item in protected_of(record_type.fields)}
        # Fields whose values take the patient's key, here or in the history.
        self.identifying = tuple(
            item.code for item in record_type.fields if item.identifying or item.code in self.protected
        )
        self.database = database
        self.surroundings = Surroundings(record_type, database)
        self._dialect = dialect

    @cached_property
    def rules(self) -> TypeRules:
        return compile_rules(self.type, self.database)

    @cached_property
    def parts(self) -> tuple[tuple[tuple[str, ...], Inserter], ...]:
        """Per physical part: codes of its fields in column order, and the inserter of whole rows."""
        placed: list[list[Field]] = [[] for _ in self.type.tables]
        for item in self.type.fields:
            if item.place is not None:
                placed[item.place.part].append(item)
        return tuple(
            (tuple(item.code for item in items), self._inserter(part, items))
            for part, items in enumerate(placed)
        )

    def _inserter(self, part: int, items: list[Field]) -> Inserter:
        first = SYSTEM_COLUMNS if part == 0 else ("id",)
        names = [
            name
            for item in items
            if item.place is not None
            for name, _ in physical_columns(
                item.place.name, item.type.column_type(item), item.place.protected
            )
        ]
        return Inserter(self.type.tables[part], (*first, *names), self._dialect)

    @cached_property
    def from_stored(self) -> Mapping[str, Callable[[Any], Any]]:
        """By field code, from the JSON value in a revision back to the stored Python value."""
        return {code: _value_back(reader) for code, reader in self.readers.items()}


def joined(record_type: RecordType, parts: set[int]) -> FromClause:
    """The main table with those other parts joined that are needed."""
    source: FromClause = record_type.main
    for part in sorted(parts - {0}):
        table = record_type.tables[part]
        source = source.join(table, table.c.id == record_type.main.c.id)
    return source


def compiled_type(uow: UnitOfWork, record_type: RecordType, database: Database | None) -> CompiledType:
    """The compiled form of `record_type`, made at its first use in this process; one release is kept."""
    memo: dict[str, CompiledType] = uow.instance.memo.setdefault("records.compiled", {})
    found = memo.get(record_type.path)
    if found is None or found.type.release_id != record_type.release_id:
        found = memo[record_type.path] = CompiledType(record_type, database, uow.conn.dialect)
    return found


def _value_back(reader: Reader) -> Callable[[Any], Any]:
    def back(value: Any) -> Any:
        """A value stored under an older definition that this one can't read stays as it was written."""
        try:
            return reader(value)
        except ValueProblem:
            return value

    return back
