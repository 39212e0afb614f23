"""From one document to the next: the operations between them. Record types and fields are matched by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from metamodel.plans.conversions.words import conversion_words
from metamodel.plans.documents import (
    Document,
    choices,
    fields_by_id,
    key_field,
    storage_kind,
    types_by_id,
)
from metamodel.plans.operations import (
    AddFields,
    AddRecordType,
    ChangeDatabase,
    ChangeField,
    ChangeRecordType,
    ConvertField,
    DropField,
    DropRecordType,
    HideField,
    Operation,
    RelabelField,
    RenameField,
    RenameRecordType,
    ReorderFields,
    ReorderRecordTypes,
    RestoreFields,
    RestoreRecordType,
    SetKey,
    ShowField,
)
from metamodel.plans.stored import Stored

DATABASE_PARTS = ("label", "description", "category", "events", "value_sets", "forms")
RECORD_TYPE_PROPERTIES = (
    "label", "repeats", "events", "storage", "writer", "patient_path", "centre_path",
)  # fmt: skip
FIELD_TEXTS = ("label", "unit", "help")
FIELD_PROPERTIES = (
    "type",  # another type that is stored in the same way: a calculated number and a number, for example
    "required", "required_if", "shown_if", "calculation", "minimum", "maximum", "checks", "options",
    "identifying", "masking", "missing_codes", "value_set", "element",
)  # fmt: skip
# Whether these fit is told by the values as they will be, which the conversion is tried on.
TRIED_WITH_THE_VALUES = frozenset({"type", "minimum", "maximum", "options", "value_set"})


def differences(before: Document, after: Document, stored: Stored, undo: bool = False) -> list[Operation]:
    """The operations that lead from `before` to `after`, those on tables included."""
    return [*_database(before, after), *_record_types(before, after, stored, undo)]


def _database(before: Document, after: Document) -> Iterator[Operation]:
    for part in DATABASE_PARTS if before.get("code") else ():  # a first release is new as a whole
        if _differ(before, after, part):
            yield ChangeDatabase(part=part)


def _record_types(before: Document, after: Document, stored: Stored, undo: bool) -> Iterator[Operation]:
    old, new = types_by_id(before), types_by_id(after)
    for type_id, item in new.items():
        if type_id in old:
            yield from _record_type(_Pair(before, after, old[type_id], item, undo), stored)
        else:
            yield from _new_record_type(item, stored)
    for type_id in old.keys() - new.keys():
        yield DropRecordType(type_id=type_id, record_type=old[type_id]["code"])
    if _reordered(old, new):
        yield ReorderRecordTypes()


def _new_record_type(item: Document, stored: Stored) -> Iterator[Operation]:
    names = {"type_id": item["id"], "record_type": item["code"]}
    if item["id"] not in stored.numbers:
        yield AddRecordType(**names, fields=len(item.get("fields") or ()))
        return
    yield RestoreRecordType(**names)
    yield from _new_fields(item, fields_by_id(item), stored)
    if (key := key_field(item)) is not None:
        yield SetKey(**names, after_id=key["id"], after=key["code"])


class _Pair:
    """One record type in both documents."""

    def __init__(self, before: Document, after: Document, old: Document, new: Document, undo: bool) -> None:
        self.undo = undo
        self.before, self.after, self.old, self.new = before, after, old, new
        self.names = {"type_id": new["id"], "record_type": new["code"]}
        self.old_fields, self.new_fields = fields_by_id(old), fields_by_id(new)


def _record_type(pair: _Pair, stored: Stored) -> Iterator[Operation]:
    if pair.old["code"] != pair.new["code"]:
        yield RenameRecordType(**pair.names, before=pair.old["code"])
    for name in RECORD_TYPE_PROPERTIES:
        if _differ(pair.old, pair.new, name):
            before, after = pair.old.get(name), pair.new.get(name)
            yield ChangeRecordType(**pair.names, property=name, before=before, after=after)
    yield from _named_key(pair)
    added = {key: pair.new_fields[key] for key in pair.new_fields if key not in pair.old_fields}
    yield from _new_fields(pair.new, added, stored)
    yield from _key(pair)
    for field_id, field in pair.new_fields.items():
        if field_id in pair.old_fields:
            yield from _field(pair, pair.old_fields[field_id], field, stored)
    for field_id, field in pair.old_fields.items():
        if field_id not in pair.new_fields:
            yield DropField(**pair.names, field_id=field_id, field=field["code"])
    if _reordered(pair.old_fields, pair.new_fields):
        yield ReorderFields(**pair.names)


def _new_fields(item: Document, added: Mapping[str, Document], stored: Stored) -> Iterator[Operation]:
    known = stored.columns.get(item["id"], {})
    back = {key: field["code"] for key, field in added.items() if key in known}
    fresh = {key: field["code"] for key, field in added.items() if key not in known}
    for operation, fields in ((RestoreFields, back), (AddFields, fresh)):
        if fields:
            yield operation(
                type_id=item["id"],
                record_type=item["code"],
                field_ids=tuple(fields),
                fields=tuple(fields.values()),
            )


def _key(pair: _Pair) -> Iterator[Operation]:
    old, new = key_field(pair.old) or {}, key_field(pair.new) or {}
    if old.get("id") == new.get("id") or storage_kind(pair.new) != "managed":
        return
    yield SetKey(
        **pair.names,
        before_id=old.get("id"),
        after_id=new.get("id"),
        before=old.get("code", ""),
        after=new.get("code", ""),
    )


def _named_key(pair: _Pair) -> Iterator[Operation]:
    """The key of records that another module stores: no index of ours, but a change all the same."""
    old, new = key_field(pair.old) or {}, key_field(pair.new) or {}
    if storage_kind(pair.new) != "managed" and old.get("id") != new.get("id"):
        before, after = old.get("code"), new.get("code")
        yield ChangeRecordType(**pair.names, property="key", before=before, after=after)


def _field(pair: _Pair, old: Document, new: Document, stored: Stored) -> Iterator[Operation]:
    names = pair.names | {"field_id": new["id"], "field": new["code"]}
    if old["code"] != new["code"]:
        yield RenameField(**names, before=old["code"])
    if any(_differ(old, new, name) for name in FIELD_TEXTS):
        yield RelabelField(**names)
    if _differ(old, new, "hidden"):
        yield HideField(**names) if new.get("hidden") else ShowField(**names)
    column = stored.columns.get(pair.new["id"], {}).get(new["id"])
    converted = conversion_words(old, new, column, pair.undo)
    if converted is not None:
        yield ConvertField(**names, before=converted[0], after=converted[1])
    for name in FIELD_PROPERTIES:
        if _differ(old, new, name) and not (converted and name in TRIED_WITH_THE_VALUES):
            yield ChangeField(**names, property=name, before=old.get(name), after=new.get(name))
    if converted is not None:
        return
    if removed := _removed_choices(pair, old, new):
        yield ChangeField(**names, property="choices", before=removed, after=[])


def _removed_choices(pair: _Pair, old: Document, new: Document) -> list[str]:
    """Codes that could be stored before and are unknown afterwards. A deactivated one stays readable."""
    before, after = choices(pair.before, old), choices(pair.after, new)
    if before is None:
        return []
    return [code for code in before if code not in (after or {})]


def _differ(old: Document, new: Document, name: str) -> bool:
    """Absent, null and empty mean the same in a document."""
    return (old.get(name) or None) != (new.get(name) or None) or _zero(old, name) != _zero(new, name)


def _zero(document: Document, name: str) -> bool:
    value: Any = document.get(name)
    return value is not None and not isinstance(value, bool) and value == 0


def _reordered(old: Iterable[str], new: Iterable[str]) -> bool:
    both = set(old) & set(new)
    return [key for key in old if key in both] != [key for key in new if key in both]
