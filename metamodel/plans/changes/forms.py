"""What differs in the forms of two documents: the forms, their properties, their items and the order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial

from metamodel.plans.changes.change import Act, Change, Document, Name, Thing, Words
from metamodel.plans.changes.names import Names
from metamodel.plans.changes.order import moves
from metamodel.plans.changes.properties import matched, property_differences

_CONTENT = ("section", "text", "field")


def form_changes(before: Document, after: Document, old: Names, new: Names) -> Iterator[Change]:
    was, now = ({item["code"]: item for item in each.get("forms") or ()} for each in (before, after))
    gone, fresh, both = matched(list(was), list(now))
    for code in gone:
        yield Change(act=Act.REMOVE, thing=Thing.FORM, name=Name.of(was[code]), before=_count(was[code]))
    for code in fresh:
        yield Change(act=Act.ADD, thing=Thing.FORM, name=Name.of(now[code]), after=_count(now[code]))
    for code in both:
        yield from _form(was[code], now[code], old, new)
    yield from moves(list(was), list(now), lambda code: Name.of(now[code]), thing=Thing.FORM)


def _count(form: Document) -> Words:
    count = len(form.get("items") or ())
    return Words(f"{count} 项", f"{count} items")


def _form(was: Document, now: Document, old: Names, new: Names) -> Iterator[Change]:
    changed = partial(Change, act=Act.CHANGE, thing=Thing.FORM, name=Name.of(now))
    same_type = old.type_id(was.get("record_type")) == new.type_id(now.get("record_type"))
    without = ("code", "items", *(["record_type"] if same_type else []))
    for item in property_differences(was, now, without, old.say, new.say):
        yield changed(property=item.path, property_words=item.words, before=item.before, after=item.after)
    yield from _items(_Items(was, old), _Items(now, new), Name.of(now))


class _Items:
    """The items of a form by what they show: a field by its id, a heading or text by its words."""

    def __init__(self, form: Document, names: Names) -> None:
        self.record_type = names.type_of(form.get("record_type"))
        self.names = names
        self.by_key: dict[str, Document] = {}
        seen: Counter[str] = Counter()
        for item in form.get("items") or ():
            key = self._key(item)
            seen[key] += 1
            self.by_key[f"{key} {seen[key]}"] = item

    def name(self, key: str) -> Name:
        item = self.by_key[key]
        if "field" in item:
            return Name(item["field"], self.names.field_words(self.record_type, item["field"]))
        return Name("", Words.label(item.get("section") or item.get("text"), "–"))

    def _key(self, item: Document) -> str:
        if "field" in item:
            return f"field {self.names.field_id(self.record_type, item['field'])}"
        return json.dumps([item.get(kind) for kind in _CONTENT], ensure_ascii=False, sort_keys=True)


def _items(was: _Items, now: _Items, form: Name) -> Iterator[Change]:
    gone, fresh, both = matched(list(was.by_key), list(now.by_key))
    item = partial(Change, thing=Thing.ITEM, within=form)
    for key in gone:
        yield item(act=Act.REMOVE, name=was.name(key), before=_kind(was.by_key[key]))
    for key in fresh:
        yield item(act=Act.ADD, name=now.name(key), after=_kind(now.by_key[key]))
    for key in both:
        one, other = was.by_key[key], now.by_key[key]
        for found in property_differences(one, other, _CONTENT, was.names.say, now.names.say):
            yield item(
                act=Act.CHANGE, name=now.name(key), property=found.path, property_words=found.words,
                before=found.before, after=found.after,
            )  # fmt: skip
    yield from moves(list(was.by_key), list(now.by_key), now.name, thing=Thing.ITEM, within=form)


def _kind(item: Document) -> Words:
    if "section" in item:
        return Words("标题", "heading")
    return Words("说明文字", "text") if "text" in item else Words("字段", "field")
