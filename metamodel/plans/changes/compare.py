"""Everything that differs between two documents of a database, in the order of the document.

Record types and fields are matched by id, all else by code. Nothing that differs is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from metamodel.plans.changes.change import Act, Change, Document, Name, Thing, Words
from metamodel.plans.changes.forms import form_changes
from metamodel.plans.changes.names import Names
from metamodel.plans.changes.order import moves
from metamodel.plans.changes.properties import matched, property_differences
from metamodel.plans.changes.words import property_words, type_words
from metamodel.plans.documents import fields_by_id, types_by_id

_BY_PART = ("kind", "code", "value_sets", "events", "record_types", "forms")


def compare(before: Document, after: Document) -> list[Change]:
    """The differences; where `before` is empty, everything is new."""
    both = Names(before), Names(after)
    return [
        *_database(before, after, *both),
        *_events(before, after, *both),
        *_value_sets(before, after, *both),
        *_record_types(before, after, *both),
        *form_changes(before, after, *both),
    ]


def _database(before: Document, after: Document, old: Names, new: Names) -> Iterator[Change]:
    if not before.get("code"):  # a first release is new as a whole
        return
    changed = partial(Change, act=Act.CHANGE, thing=Thing.DATABASE, name=Name.of(after))
    for item in property_differences(before, after, _BY_PART, old.say, new.say):
        yield changed(property=item.path, property_words=item.words, before=item.before, after=item.after)


def _events(before: Document, after: Document, old: Names, new: Names) -> Iterator[Change]:
    was, now = ({item["code"]: item for item in each.get("events") or ()} for each in (before, after))
    gone, fresh, both = matched(list(was), list(now))
    for code in gone:
        yield Change(act=Act.REMOVE, thing=Thing.EVENT, name=Name.of(was[code]))
    for code in fresh:
        yield Change(act=Act.ADD, thing=Thing.EVENT, name=Name.of(now[code]))
    for code in both:
        for item in property_differences(was[code], now[code], ("code",), old.say, new.say):
            yield Change(
                act=Act.CHANGE, thing=Thing.EVENT, name=Name.of(now[code]), property=item.path,
                property_words=item.words, before=item.before, after=item.after,
            )  # fmt: skip
    yield from moves(list(was), list(now), lambda code: Name.of(now[code]), thing=Thing.EVENT)


def _value_sets(before: Document, after: Document, old: Names, new: Names) -> Iterator[Change]:
    was, now = before.get("value_sets") or {}, after.get("value_sets") or {}
    gone, fresh, both = matched(list(was), list(now))
    for code in gone:
        name = old.value_set(code)
        yield Change(act=Act.REMOVE, thing=Thing.VALUE_SET, name=name, before=_choice_count(was[code]))
    for code in fresh:
        name = new.value_set(code)
        yield Change(act=Act.ADD, thing=Thing.VALUE_SET, name=name, after=_choice_count(now[code]))
    for code in both:
        if was[code] == now[code]:
            continue
        for item in property_differences(was[code], now[code], ("choices",), old.say, new.say):
            yield Change(
                act=Act.CHANGE, thing=Thing.VALUE_SET, name=new.value_set(code), property=item.path,
                property_words=item.words, before=item.before, after=item.after,
            )  # fmt: skip
        yield from _choices(was[code], now[code], new.value_set(code), old, new)


def _choice_count(value_set: Document) -> Words:
    count = len(value_set.get("choices") or ())
    return Words(f"{count} 个选项", f"{count} choices")


def _choices(before: Document, after: Document, within: Name, old: Names, new: Names) -> Iterator[Change]:
    was, now = ({item["code"]: item for item in each.get("choices") or ()} for each in (before, after))
    gone, fresh, both = matched(list(was), list(now))
    choice = partial(Change, thing=Thing.CHOICE, within=within)
    for code in gone:
        yield choice(act=Act.REMOVE, name=Name.of(was[code]), before=Words.same(code))
    for code in fresh:
        yield choice(act=Act.ADD, name=Name.of(now[code]), after=Words.same(code))
    for code in both:
        for item in property_differences(was[code], now[code], ("code",), old.say, new.say):
            yield choice(
                act=Act.CHANGE, name=Name.of(now[code]), property=item.path,
                property_words=item.words, before=item.before, after=item.after,
            )  # fmt: skip
    yield from moves(list(was), list(now), lambda code: Name.of(now[code]), thing=Thing.CHOICE, within=within)


def _record_types(before: Document, after: Document, old: Names, new: Names) -> Iterator[Change]:
    was, now = types_by_id(before), types_by_id(after)
    gone, fresh, _ = matched(list(was), list(now))
    for type_id in gone:
        item = was[type_id]
        count = _field_count(item)
        yield Change(
            act=Act.REMOVE, thing=Thing.RECORD_TYPE, name=Name.of(item), type_id=type_id, before=count
        )
    for type_id, item in now.items():
        if type_id in fresh:
            yield from _new_record_type(item)
        else:
            yield from _record_type(was[type_id], item, old, new)
    yield from moves(list(was), list(now), lambda key: Name.of(now[key]), "type_id", thing=Thing.RECORD_TYPE)


def _field_count(record_type: Document) -> Words:
    count = len(record_type.get("fields") or ())
    return Words(f"{count} 个字段", f"{count} fields")


def _new_record_type(item: Document) -> Iterator[Change]:
    name = Name.of(item)
    yield Change(
        act=Act.ADD, thing=Thing.RECORD_TYPE, name=name, type_id=item["id"], after=_field_count(item)
    )
    for field in item.get("fields") or ():
        yield _added(field, name, item["id"])


def _added(field: Document, within: Name, type_id: str) -> Change:
    return Change(
        act=Act.ADD, thing=Thing.FIELD, name=Name.of(field), within=within, type_id=type_id,
        field_id=field["id"], after=_described(field),
    )  # fmt: skip


def _described(field: Document) -> Words:
    """A new field in short: its type, its unit, whether it is required."""
    said = [type_words(field["type"])]
    if field.get("unit"):
        said.append(Words.same(str(field["unit"])))
    said += [property_words(name) for name in ("required", "identifying", "hidden") if field.get(name)]
    return Words.joined(said)


def _record_type(was: Document, now: Document, old: Names, new: Names) -> Iterator[Change]:
    name, type_id = Name.of(now), now["id"]
    changed = partial(Change, thing=Thing.RECORD_TYPE, name=name, type_id=type_id)
    if was["code"] != now["code"]:
        codes = Words.same(was["code"]), Words.same(now["code"])
        yield changed(act=Act.RENAME, property="code", before=codes[0], after=codes[1])
    without = ("id", "code", "fields", *_same_mentions(was, now, old, new))
    for item in property_differences(was, now, without, old.within(was), new.within(now)):
        yield changed(
            act=Act.CHANGE, property=item.path, property_words=item.words, before=item.before,
            after=item.after,
        )  # fmt: skip
    yield from _fields(was, now, old, new)


def _same_mentions(was: Document, now: Document, old: Names, new: Names) -> list[str]:
    """Properties that name another thing by its code, where that thing is still the same one."""
    same = []
    if old.type_id(was.get("parent")) == new.type_id(now.get("parent")):
        same.append("parent")
    if old.field_id(was, was.get("key")) == new.field_id(now, now.get("key")):
        same.append("key")
    return same


def _fields(was: Document, now: Document, old: Names, new: Names) -> Iterator[Change]:
    before, after = fields_by_id(was), fields_by_id(now)
    gone, fresh, both = matched(list(before), list(after))
    within, type_id = Name.of(now), now["id"]
    for field_id in gone:
        item = before[field_id]
        yield Change(
            act=Act.REMOVE, thing=Thing.FIELD, name=Name.of(item), within=within, type_id=type_id,
            field_id=field_id, before=_described(item),
        )  # fmt: skip
    for field_id in fresh:
        yield _added(after[field_id], within, type_id)
    for field_id in both:
        if before[field_id] != after[field_id]:
            changed = partial(
                Change, thing=Thing.FIELD, name=Name.of(after[field_id]), within=within, type_id=type_id,
                field_id=field_id,
            )  # fmt: skip
            yield from _field(changed, before[field_id], after[field_id], old, new)
    yield from moves(
        list(before), list(after), lambda key: Name.of(after[key]), "field_id", thing=Thing.FIELD,
        within=within, type_id=type_id,
    )  # fmt: skip


def _field(changed: Any, was: Document, now: Document, old: Names, new: Names) -> Iterator[Change]:
    if was["code"] != now["code"]:
        codes = Words.same(was["code"]), Words.same(now["code"])
        yield changed(act=Act.RENAME, property="code", before=codes[0], after=codes[1])
    for item in property_differences(was, now, ("id", "code"), old.say, new.say):
        yield changed(
            act=Act.CHANGE, property=item.path, property_words=item.words, before=item.before,
            after=item.after,
        )  # fmt: skip
