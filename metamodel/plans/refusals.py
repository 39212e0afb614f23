"""Changes that a plan can't make, each with what to do instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from metamodel.definitions.problems import Problem, problem
from metamodel.plans.changes.words import shape_words
from metamodel.plans.conversions.words import may_convert, stepped
from metamodel.plans.documents import (
    Document,
    fields_by_id,
    key_field,
    mapped_columns,
    parent_id,
    path_of,
    storage_kind,
    types_by_id,
)
from metamodel.plans.stored import Stored
from metamodel.storage.columns import column_shape
from metamodel.storage.ddl import column_names, table_exists
from zhenshu.db.metadata import platform_metadata


def refusals(
    conn: Connection, before: Document, after: Document, stored: Stored, dropped: Mapping[str, Document]
) -> Iterator[Problem]:
    """Everything in `after`, a document with stable ids, that can't follow on `before`.

    `dropped` has fields that earlier releases had, by id, as they were last.
    """
    old = types_by_id(before)
    for type_id, item in types_by_id(after).items():
        place = _Place(after, item)
        if type_id in old:
            yield from _record_type(before, old[type_id], place)
        yield from _brought_back_identifying(dropped, place)
        yield from _brought_back_in_clear(dropped, place)
        if storage_kind(item) == "managed":
            was = old.get(type_id, {})
            yield from _columns(place, stored, fields_by_id(was), key_field(was))
        if storage_kind(item) == "mapped":
            yield from _mapped(conn, place)


@dataclass(frozen=True, slots=True)
class _Place:
    """A record type of the coming document."""

    document: Document
    item: Document

    def problem(self, code: str, zh: str, en: str, field: Document | None = None) -> Problem:
        """A problem of the record type, or of one of its fields."""
        path = path_of(self.document, self.item["id"], field["id"] if field else None)
        return problem(path, code, zh, en)

    def name(self, field: Document) -> str:
        return f"{self.item['code']}.{field['code']}"


def _record_type(before: Document, old: Document, place: _Place) -> Iterator[Problem]:
    code = place.item["code"]
    if storage_kind(old) != storage_kind(place.item):
        yield place.problem(
            "storage_changed",
            f"记录类型 {code} 已有数据表，不能改变存储方式；请新增一个记录类型。",
            f"The storage of {code} can't change once it has a table; add a new record type.",
        )
    if parent_id(before, old) != parent_id(place.document, place.item):
        yield place.problem(
            "parent_changed",
            f"记录类型 {code} 已有数据表，不能改变其上级；请新增一个记录类型。",
            f"The parent of {code} can't change once it has a table; add a new record type.",
        )


def _brought_back_in_clear(dropped: Mapping[str, Document], place: _Place) -> Iterator[Problem]:
    """To show identifying values is a change of its own, which someone approves."""
    for field_id, field in fields_by_id(place.item).items():
        if dropped.get(field_id, {}).get("identifying") and not field.get("identifying"):
            name = place.name(field)
            yield place.problem(
                "identifying_changed",
                f"字段 {name} 曾为标识信息；请先按标识信息恢复，再另行修改。",
                f"{name} was identifying; bring it back as that first, then change it.",
                field,
            )


def _brought_back_identifying(dropped: Mapping[str, Document], place: _Place) -> Iterator[Problem]:
    """A conversion needs the field to be live: it seals the history of those who write meanwhile, too."""
    for field_id, field in fields_by_id(place.item).items():
        if field_id in dropped and field.get("identifying") and not dropped[field_id].get("identifying"):
            name = place.name(field)
            yield place.problem(
                "identifying_changed",
                f"字段 {name} 曾以明文保存；请先按原样恢复并发布，再改为标识信息。",
                f"{name} was kept in clear; bring it back as it was, publish, and then make it identifying.",
                field,
            )


def _columns(
    place: _Place, stored: Stored, live: Mapping[str, Document], key: Document | None
) -> Iterator[Problem]:
    """`live` are the fields of the live release by id; `key` is its key."""
    for field_id, field in fields_by_id(place.item).items():
        owner = stored.owner_of(field_id)
        if owner is None:
            continue
        if owner != place.item["id"]:
            yield _field_moved(place, field)
            continue
        was, column = live.get(field_id), stored.columns[owner][field_id]
        if column.shape == column_shape(field) and (was is None or not stepped(was, field, undo=False)):
            continue
        if key is not None and key["id"] == field_id:
            yield _key_changed(place, field)
        elif was is None or not may_convert(was, field):
            yield _type_changed(place, field, column.shape)


def _field_moved(place: _Place, field: Document) -> Problem:
    name = place.name(field)
    return place.problem(
        "field_moved",
        f"字段 {name} 的数据列在另一记录类型中，不能移动；请在此新增字段。",
        f"{name} has its column in another record type and can't move; add a new field here.",
        field,
    )


def _key_changed(place: _Place, field: Document) -> Problem:
    name = place.name(field)
    return place.problem(
        "type_changed",
        f"字段 {name} 是主键，记录靠它识别，类型和单位不能改变；请先改用其他主键。",
        f"{name} is the key that records are known by and can't be converted; choose another key first.",
        field,
    )


def _type_changed(place: _Place, field: Document, shape: tuple[str, Mapping[str, Any]]) -> Problem:
    name, before, after = place.name(field), shape_words(*shape), shape_words(*column_shape(field))
    return place.problem(
        "type_changed",
        f"字段 {name} 已发布，类型不能由“{before.zh}”改为“{after.zh}”。"
        "请改回原类型、隐藏它（其值保留），再新增字段。",
        f"{name} is published and can't change from {before.en} to {after.en}. "
        "Give it back its type, hide it (its values stay), and add a new field.",
        field,
    )


def _mapped(conn: Connection, place: _Place) -> Iterator[Problem]:
    code, table = place.item["code"], str(place.item["storage"].get("table", ""))
    # Only tables whose owner offers them: others, such as accounts, must not be read through a definition.
    offered = platform_metadata.tables.get(table)
    if offered is None or not offered.info.get("mappable") or not table_exists(conn, table):
        yield place.problem(
            "no_table",
            f"记录类型 {code} 引用的表 {table} 不存在，或其模块未提供；请改用已提供的表。",
            f"{code} is mapped to {table}, which is not here or not offered by a module; name another.",
        )
        return
    columns, there = mapped_columns(place.item), column_names(conn, table)
    for field_id, field in fields_by_id(place.item).items():
        if columns.get(field_id) not in there:
            name = place.name(field)
            yield place.problem(
                "no_column",
                f"字段 {name} 在表 {table} 中没有对应的列；请在 storage.columns 中指定。",
                f"{name} has no column in table {table}; name one in storage.columns.",
                field,
            )
