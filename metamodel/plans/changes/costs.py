"""Which operations of a plan each change leads to, and so what it may cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from metamodel.plans.changes.change import Act, Change, Document, Name, Thing, Words
from metamodel.plans.documents import fields_by_id
from metamodel.plans.operations import (
    ChangeField,
    ChangeRecordType,
    ConvertField,
    DropField,
    DropRecordType,
    Operation,
    RestoreFields,
    RestoreRecordType,
    Safety,
)

# What a conversion of a field's values comes from.
_CONVERTED = ("type", "options", "unit", "convert", "value_set", "identifying", "minimum", "maximum")
_CHOICES = ("value_set", "type")  # what can take choices from a field beside its value set


@dataclass(frozen=True, slots=True)
class Costed:
    """A change with the numbers of the plan's operations that make it costly; safe without any."""

    change: Change
    safety: Safety
    operations: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return self.change.to_json() | {"safety": self.safety.value, "operations": list(self.operations)}


def costed(changes: Sequence[Change], operations: Sequence[Operation], before: Document) -> list[Costed]:
    """The changes, with those first that cost something. An operation that none explains is told itself."""
    value_sets = _value_sets(before)
    costly = [(n, item) for n, item in enumerate(operations) if item.safety is not Safety.SAFE]
    explained: set[int] = set()
    found = []
    back = _coming_back(operations)
    for change in changes:
        if change.act is Act.ADD and (change.field_id or change.type_id) in back:
            change = replace(change, after=_with_values(change.after))
        mine = [
            (n, item)
            for n, item in costly
            if _leads_to(change, item, value_sets) and not (isinstance(item, ConvertField) and n in explained)
        ]
        explained |= {n for n, _ in mine}
        safety = max((item.safety for _, item in mine), key=list(Safety).index, default=Safety.SAFE)
        found.append(Costed(change, safety, tuple(n for n, _ in mine)))
    found += [Costed(_told(item), item.safety, (n,)) for n, item in costly if n not in explained]
    return sorted(found, key=lambda each: -list(Safety).index(each.safety))


def counts_of(changes: Sequence[Change]) -> dict[str, int]:
    """How many things are new, gone, and otherwise changed."""
    added = sum(change.act is Act.ADD for change in changes)
    removed = sum(change.act is Act.REMOVE for change in changes)
    return {"added": added, "removed": removed, "changed": len(changes) - added - removed}


def _coming_back(operations: Sequence[Operation]) -> set[str]:
    """The ids of record types and fields that earlier releases had, whose values are still stored."""
    found: set[str] = set()
    for operation in operations:
        if isinstance(operation, RestoreFields):
            found |= set(operation.field_ids)
        elif isinstance(operation, RestoreRecordType):
            found.add(operation.type_id)
    return found


def _with_values(words: Words | None) -> Words:
    known = words or Words("", "")
    return Words.joined((known, Words("恢复原有的值", "its values come back")))


def _leads_to(change: Change, operation: Operation, value_sets: Mapping[str, str]) -> bool:
    same_type = change.type_id == operation.type_id
    property_name = change.property.partition(".")[0]
    match operation:
        case DropRecordType():
            return same_type and change.thing is Thing.RECORD_TYPE and change.act is Act.REMOVE
        case DropField():
            return change.field_id == operation.field_id and change.act is Act.REMOVE
        case ChangeRecordType():
            named = change.thing is Thing.RECORD_TYPE and property_name == operation.property
            return same_type and named and change.act is Act.CHANGE
        case ConvertField():
            return change.field_id == operation.field_id and property_name in _CONVERTED
        case ChangeField(property="choices"):
            if change.field_id == operation.field_id:
                return property_name in _CHOICES
            return _takes_choices(change, operation, value_sets.get(operation.field_id, ""))
        case ChangeField():
            return change.field_id == operation.field_id and property_name == operation.property
    return False


def _takes_choices(change: Change, operation: ChangeField, value_set: str) -> bool:
    if change.act is not Act.REMOVE:
        return False
    if change.thing is Thing.VALUE_SET:
        return change.name.code == value_set
    within = change.within.code if change.within else ""
    return change.thing is Thing.CHOICE and within == value_set and change.name.code in operation.before


def _value_sets(document: Document) -> dict[str, str]:
    """{field id: code of its value set}."""
    return {
        key: str(field["value_set"])
        for item in document.get("record_types") or ()
        for key, field in fields_by_id(item).items()
        if field.get("value_set")
    }


def _told(operation: Operation) -> Change:
    """An operation as a change of its own."""
    words = Words(operation.text("zh"), operation.text("en"))
    return Change(
        act=Act.CHANGE, thing=Thing.RECORD_TYPE, name=Name(operation.record_type, words),
        type_id=operation.type_id, field_id=getattr(operation, "field_id", ""),
    )  # fmt: skip
