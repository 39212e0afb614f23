"""Rules of the coming release as conditions on the columns there are, to count whom they would find wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import ColumnElement, cast, null

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings, Where
from metamodel.definitions.validation import draft_database
from metamodel.plans.documents import Document
from metamodel.plans.stored_rows import StoredRows
from rules_dsl import Context, RuleError, check, parse
from rules_dsl.sql import SqlColumn, SqlRelated, compile_sql, prepare_sqlite


@dataclass(frozen=True, slots=True)
class Condition:
    """A rule in SQL, and the fields whose columns it reads."""

    element: ColumnElement[Any]
    field_ids: tuple[str, ...]


class StoredRules:
    """The rules of document `after`, on the rows of the release before it."""

    def __init__(
        self, rows: StoredRows, after: Document, now: datetime, zone: str, converted: Collection[str] = ()
    ) -> None:
        self._rows = rows
        self._converted = converted
        self._after = after
        self._context = Context(now=now, zone=zone)

    def condition(self, type_id: str, expression: str) -> Condition | None:
        """The rule in SQL; None when it can't be run on single records, e.g. as it asks other ones."""
        record_type = next(item for item in self._database.record_types if item.id == type_id)
        types = ReachTypes(Surroundings(record_type, self._database))
        columns = _OwnColumns(self._rows, record_type, types)
        try:
            tree = parse(expression)
            check(tree, types)
            if types.ranged or any(hit.where is not Where.OWN for hit in types.reached.values()):
                return None
            if any(self._can_not_be_read(type_id, hit.field) for hit in types.reached.values()):
                return None
            element = compile_sql(tree, types, columns, self._dialect(), self._context)
        except RuleError:
            return None
        return Condition(element, tuple(columns.read))

    def _can_not_be_read(self, type_id: str, field: Field) -> bool:
        """Encrypted values, and such as are still to be converted into what the rule takes them for."""
        if field.id in self._converted:
            return True
        return self._rows.has(type_id, field.id) and self._rows.protected(type_id, field.id)

    @cached_property
    def _database(self) -> Database:
        return draft_database(self._after)

    def _dialect(self) -> Literal["sqlite", "postgresql"]:
        if self._rows.conn.dialect.name != "sqlite":
            return "postgresql"
        driver: Any = self._rows.conn.connection.driver_connection
        prepare_sqlite(driver)
        return "sqlite"


class _OwnColumns:
    """The `rules_dsl` SQL resolver of a record's own fields; one that has no column yet is missing."""

    def __init__(self, rows: StoredRows, record_type: RecordType, types: ReachTypes) -> None:
        self._rows = rows
        self._type = record_type
        self._types = types
        self.read: dict[str, None] = {}  # ids of fields with a column, in order

    def column(self, path: str) -> SqlColumn:
        field = self._types.reached[path].field
        scale = int(field.type.column_options(field).get("scale", 0))
        reason = self._rows.missing_code(self._type.id, field.id)
        return SqlColumn(self._element(field), field.type.rule_type_of(field), scale, reason)

    def related(self, path: str) -> SqlRelated:
        raise AssertionError(f"{path}: rules that ask other records are left out before")

    def _element(self, field: Field) -> ColumnElement[Any]:
        if not self._rows.has(self._type.id, field.id):
            return cast(null(), field.type.column_type(field))
        self.read[field.id] = None
        return self._rows.column(self._type.id, field.id)
