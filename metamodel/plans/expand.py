"""Making the tables, columns and indexes of the coming release, beside the live one that knows none of them.

Each operation is applied in the caller's transaction and logs how to take it back. DDL is transactional on
both databases, so an operation is there with its log or not at all; yet each looks first, and goes on from
what it finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Connection, Index, MetaData, insert, select, update
from sqlalchemy.exc import IntegrityError

from metamodel.plans.conversions.log import Watch, log_name, make_log
from metamodel.plans.conversions.sealing import permit
from metamodel.plans.conversions.work import KIND as CONVERSION
from metamodel.plans.conversions.work import origin_of, way_of
from metamodel.plans.documents import Document, fields_by_id, key_field, storage_kind, types_by_id
from metamodel.plans.errors import PlanOutdated, StorageConflict
from metamodel.plans.operations import (
    AddFields,
    AddRecordType,
    ConvertField,
    Operation,
    RestoreRecordType,
    SetKey,
)
from metamodel.plans.store import Plan
from metamodel.storage.columns import (
    StoredColumn,
    column_shape,
    current_columns,
    reserve_columns,
    stored_columns,
)
from metamodel.storage.ddl import add_columns, create_index, create_table, index_names, table_exists
from metamodel.storage.layout import blind_name, build_keyed_table, build_table, key_index, table_name
from metamodel.tables import storage_record_type
from zhenshu.db.unit_of_work import UnitOfWork

Inverse = dict[str, Any]
Mappings = dict[str, Any]


class Expander:
    """Applies operations of one plan. `mapping` is the coming release's; it grows with each operation."""

    def __init__(self, uow: UnitOfWork, plan: Plan, mapping: Mappings) -> None:
        self._conn = uow.conn
        self._at = uow.at
        self._two_keys = len(uow.index_versions) > 1  # blind indexes of equal values may differ
        self._plan = plan
        self._plan_id = plan.id
        self._definition_id = plan.definition_id
        self._types = types_by_id(plan.document)
        self._mapping = mapping

    def apply(self, operation: Operation) -> list[Inverse]:
        """Do what `operation` asks of the tables; gives what takes it back, last thing last."""
        kind = storage_kind(self._types[operation.type_id])
        match operation:
            case AddRecordType() if kind == "managed":
                return self._add_record_type(operation)
            case AddRecordType() if kind == "keyed":
                return self._add_keyed(operation)
            case RestoreRecordType():
                return self._restore_record_type(operation)
            case AddFields() if kind == "managed":
                return self._add_fields(operation)
            case SetKey() if operation.after_id is not None:
                return self._set_key(operation.type_id, operation.after_id)
            case ConvertField():
                return self._convert_field(operation)
        return []  # mapped tables are their owners'; a key that is no longer one goes in the swap

    def _add_record_type(self, operation: AddRecordType) -> list[Inverse]:
        document = self._types[operation.type_id]
        number, inverse = self._number(operation.type_id)
        fields = _key_first(document)
        columns = self._reserved(number, fields)
        parts = _by_part(columns) or {0: []}
        tables = [self._create_part(number, part, parts.get(part, [])) for part in range(max(parts) + 1)]
        self._note_parts(number, len(tables))
        self._map(operation.type_id, number, tables, columns)
        inverse["tables"] = tables
        if (key := key_field(document)) is not None:
            self._set_key(operation.type_id, key["id"])
        return [inverse]

    def _add_keyed(self, operation: AddRecordType) -> list[Inverse]:
        number, inverse = self._number(operation.type_id)
        name = table_name(self._definition_id, number)
        self._refuse_existing(name)
        create_table(self._conn, build_keyed_table(name, MetaData()))
        self._note_parts(number, 1)
        self._mapping["types"][operation.type_id] = {
            "number": number, "storage": "keyed", "tables": [name], "columns": {},
        }  # fmt: skip
        return [inverse | {"tables": [name]}]

    def _restore_record_type(self, operation: RestoreRecordType) -> list[Inverse]:
        c = storage_record_type.c
        mine = (c.definition_id == self._definition_id) & (c.type_id == operation.type_id)
        number, parts = self._conn.execute(select(c.id, c.parts).where(mine)).one()
        tables = [table_name(self._definition_id, number, part) for part in range(parts)]
        kind = storage_kind(self._types[operation.type_id])
        self._mapping["types"][operation.type_id] = {
            "number": number, "storage": kind, "tables": tables, "columns": {},
        }  # fmt: skip
        return []

    def _add_fields(self, operation: AddFields) -> list[Inverse]:
        entry = self._mapping["types"][operation.type_id]
        number = entry["number"]
        documents = fields_by_id(self._types[operation.type_id])
        kept = self._kept(number, operation.field_ids, documents)
        fresh = [documents[key] for key in operation.field_ids if key not in kept]
        columns = self._reserved(number, fresh)
        inverse = self._made(entry, columns)
        self._map(operation.type_id, number, entry["tables"], [*kept.values(), *columns])
        return [inverse] if columns else []

    def _made(self, entry: Mappings, columns: Sequence[StoredColumn]) -> Inverse:
        """Make columns that were booked; gives what takes them back."""
        number, before = entry["number"], len(entry["tables"])
        added: list[list[str]] = []
        for part, here in _by_part(columns).items():
            if part < before:
                added += self._add_to_part(entry["tables"][part], here)
            else:
                entry["tables"].append(self._create_part(number, part, here))
        self._note_parts(number, len(entry["tables"]))
        return {
            "kind": "drop_fields",
            "number": number,
            "columns": added,
            "tables": entry["tables"][before:],
            "parts": before,
            "column_ids": [column.id for column in columns],
        }

    def _convert_field(self, operation: ConvertField) -> list[Inverse]:
        """A new column beside the field's, and a log of what is written to the field from now on."""
        entry = self._mapping["types"][operation.type_id]
        field = fields_by_id(self._types[operation.type_id])[operation.field_id]
        known = {column.name: column for column in stored_columns(self._conn, [entry["number"]])}
        source = known[entry["columns"][operation.field_id][1]]
        columns_by_id = {column.id: column for column in known.values()}
        origin = origin_of(self._conn, columns_by_id, source, way_of(self._conn, self._plan))
        before = len(entry["tables"])
        made = {"plan": self._plan_id, "column": source.id}
        columns = reserve_columns(self._conn, entry["number"], [field], made)
        inverse = self._made(entry, columns)
        entry["protected"] = [key for key in entry.get("protected", ()) if key != field["id"]]
        self._map(operation.type_id, entry["number"], entry["tables"], columns)
        main, column = entry["tables"][0], columns[0]
        log = log_name(main, column.name)
        watches = _watches(entry, source, origin, column)
        make_log(self._conn, log, watches)
        conversion = {
            "kind": CONVERSION,
            "number": entry["number"],
            "column": column.id,
            "source": source.id,
            "origin": origin.id if origin else None,
            "log": log,
            "tables": [watch.table for watch in watches],
            "new_part": column.part >= before,
        }
        if column.protected and not source.protected:
            permit(self._conn, entry["number"], field["id"])
            conversion["seals"] = field["id"]
        key = key_field(self._types[operation.type_id]) or {}
        more = self._set_key(operation.type_id, field["id"]) if key.get("id") == field["id"] else []
        return [inverse, conversion, *more]

    def _set_key(self, type_id: str, field_id: str) -> list[Inverse]:
        entry = self._mapping["types"][type_id]
        part, name = entry["columns"][field_id]
        column = next(item for item in stored_columns(self._conn, [entry["number"]]) if item.name == name)
        table = build_table(entry["tables"][part], part, column.physical(), MetaData())
        index = key_index(table, blind_name(name) if column.protected else name)
        if str(index.name) in index_names(self._conn, table.name):
            return []
        if column.protected and self._two_keys and _has_values(self._conn, table.c[name]):
            raise PlanOutdated(
                plan=self._plan_id,
                why="the key of blind indexes is being replaced, so equal values can't be told yet.",
                why_zh="正在更换检索索引密钥，暂时无法判断取值是否重复。",
            )
        self._create_key_index(index)
        return [{"kind": "drop_index", "index": str(index.name), "table": table.name}]

    def _create_key_index(self, index: Index) -> None:
        try:
            create_index(self._conn, index)
        except IntegrityError as error:
            raise PlanOutdated(
                plan=self._plan_id,
                why="records that share a value of the new key have come since.",
                why_zh="此后新增了主键值重复的记录。",
            ) from error

    def _number(self, type_id: str) -> tuple[int, Inverse]:
        """The storage number of a new record type."""
        row = {"definition_id": self._definition_id, "type_id": type_id, "parts": 0, "created_at": self._at}
        book = insert(storage_record_type).values(row).returning(storage_record_type.c.id)
        number = int(self._conn.execute(book).scalar_one())
        return number, {"kind": "drop_record_type", "number": number}

    def _kept(
        self, number: int, field_ids: Sequence[str], documents: Mapping[str, Document]
    ) -> dict[str, StoredColumn]:
        """The columns that fields had in an earlier release."""
        known = current_columns(stored_columns(self._conn, [number]))
        return {
            field_id: column
            for field_id in field_ids
            if (column := known.get(field_id)) and column.shape == column_shape(documents[field_id])
        }

    def _reserved(self, number: int, fields: Sequence[Document]) -> list[StoredColumn]:
        return reserve_columns(self._conn, number, fields)

    def _create_part(self, number: int, part: int, columns: Sequence[StoredColumn]) -> str:
        name = table_name(self._definition_id, number, part)
        self._refuse_existing(name)
        specs = [spec for column in columns for spec in column.physical()]
        create_table(self._conn, build_table(name, part, specs, MetaData()))
        return name

    def _refuse_existing(self, name: str) -> None:
        if table_exists(self._conn, name):
            raise StorageConflict(table=name)

    def _add_to_part(self, table: str, columns: Sequence[StoredColumn]) -> list[list[str]]:
        specs = [spec for column in columns for spec in column.physical()]
        add_columns(self._conn, table, specs)
        return [[table, name] for name, _ in specs]

    def _note_parts(self, number: int, parts: int) -> None:
        here = storage_record_type.c.id == number
        self._conn.execute(update(storage_record_type).where(here).values(parts=parts))

    def _map(self, type_id: str, number: int, tables: Sequence[str], columns: Sequence[StoredColumn]) -> None:
        empty = {"number": number, "storage": "managed", "tables": [], "columns": {}}
        entry = self._mapping["types"].setdefault(type_id, empty)
        entry["tables"] = list(tables)
        entry["columns"] |= {column.field_id: [column.part, column.name] for column in columns}
        protected = {column.field_id for column in columns if column.protected}
        entry["protected"] = sorted(protected.union(entry.get("protected", ())))


def _key_first(record_type: Document) -> list[Document]:
    """The key belongs into the main table, where its index can leave out the trash."""
    key = key_field(record_type)
    return sorted(record_type.get("fields") or (), key=lambda field: field is not key)


def _by_part(columns: Sequence[StoredColumn]) -> dict[int, list[StoredColumn]]:
    ordered = sorted(columns, key=lambda column: column.part)
    return {part: list(group) for part, group in groupby(ordered, key=lambda column: column.part)}


def _has_values(conn: Connection, column: Column[Any]) -> bool:
    return conn.execute(select(column).where(column.is_not(None)).limit(1)).first() is not None


def _watches(
    entry: Mappings, source: StoredColumn, origin: StoredColumn | None, target: StoredColumn
) -> list[Watch]:
    """What a conversion depends on: the values it reads, and, where they are sealed, whose they are."""
    parts: dict[int, list[str]] = {source.part: [source.name]}
    if source.protected or target.protected or (origin and origin.protected):
        parts.setdefault(0, []).append("patient")
    return [Watch(entry["tables"][part], names) for part, names in sorted(parts.items())]
