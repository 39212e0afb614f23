"""Following new labels through the rules of a document, where `[年龄]` names the field with that label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from metamodel.catalogue.model import Database, RecordType
from metamodel.definitions.edits.errors import EditRefused
from metamodel.definitions.edits.rewriting import meaning, rule_texts, with_form_rules, with_rules
from metamodel.definitions.following import NamedGone, followed, is_there, mentions_in, named_in
from metamodel.definitions.mentions import names_in

Json = Mapping[str, Any]
Document = dict[str, Any]


def relabelled(before: Json, after: Document) -> Document:
    """`after` with its rules naming what they named before labels came, changed or went.

    A label that two fields have now names neither; such a rule takes the code. What is no longer there keeps
    its name: it is a problem of the draft.

    Raises:
        EditRefused: when no name leads to what a rule named.
    """

    def follow(text: str, place: str, old: _Scope, new: _Scope) -> str:
        kept = [item for item in named_in(text, *old) if is_there(item, new[1])]
        try:
            return followed(text, kept, *new)
        except NamedGone:
            raise EditRefused(
                f"{place} 的规则“{text}”将指向另一字段，请先修改该规则",
                f"the rule '{text}' of {place} would come to mean another field; change it first",
            ) from None

    return _Followed(before, after, follow).document()


def mended(before: Json, after: Document) -> Document:
    """`after`, a document made elsewhere, with those names that lead nowhere in it taken for what they named
    in `before`. A name that leads anywhere is meant as it stands.
    """

    def follow(text: str, _place: str, old: _Scope, new: _Scope) -> str:
        living = {mention.span[0] for mention in mentions_in(text, *new)}
        lost = [item for item in named_in(text, *old) if item.start not in living]
        try:
            return followed(text, lost, *new)
        except NamedGone:
            return text  # stays a problem of the draft

    return _Followed(before, after, follow).document()


_Scope = tuple[RecordType, Database]
_Follow = Callable[[str, str, _Scope, _Scope], str]


@dataclass(frozen=True)
class _Followed:
    """Rules of `after`, each given to `follow` where it names one of the labels that differ."""

    before: Json
    after: Document
    follow: _Follow

    def document(self) -> Document:
        labels = _touched(self.before, self.after)
        if not labels or not any(_concerns(text, labels) for text in _all_rules(self.after)):
            return self.after
        try:
            old, new = meaning(self.before), meaning(self.after)
        except EditRefused:  # its record types form no tree, so its rules mean nothing yet
            return self.after
        types = [self._type(item, labels, old, new) for item in self.after["record_types"]]
        result = {**self.after, "record_types": types}
        if "forms" in result:
            result["forms"] = [self._form(form, labels, old, new) for form in result["forms"]]
        return result

    def _type(self, item: Document, labels: frozenset[str], old: Database, new: Database) -> Document:
        now = _named(new, item["code"])
        former = _former(old, now)
        if now is None or former is None:
            return item
        known = {field.id or field.code for field in former.fields}

        def rewritten(field: Document) -> Document:
            if (field.get("id") or field["code"]) not in known:
                return field  # its rules are as it brought them
            place = f"{item['code']}.{field['code']}"
            return with_rules(field, self._rewrite(place, labels, (former, old), (now, new)))

        return {**item, "fields": [rewritten(field) for field in item["fields"]]}

    def _form(self, form: Document, labels: frozenset[str], old: Database, new: Database) -> Document:
        now = _named(new, form["record_type"])
        former = _former(old, now)
        if now is None or former is None:
            return form
        return with_form_rules(form, self._rewrite(form["code"], labels, (former, old), (now, new)))

    def _rewrite(self, place: str, labels: frozenset[str], old: _Scope, new: _Scope) -> Callable[[str], str]:
        def rewrite(text: str) -> str:
            return self.follow(text, place, old, new) if _concerns(text, labels) else text

        return rewrite


def _named(database: Database, code: str) -> RecordType | None:
    return next((item for item in database.record_types if item.code == code), None)


def _former(old: Database, now: RecordType | None) -> RecordType | None:
    if now is None:
        return None
    by_id = next((item for item in old.record_types if now.id and item.id == now.id), None)
    return by_id or _named(old, now.code)


def _all_rules(document: Json) -> Iterator[str]:
    for item in document["record_types"]:
        for field in item["fields"]:
            yield from rule_texts(field)
    for form in document.get("forms", ()):
        yield from (item["shown_if"] for item in form["items"] if item.get("shown_if"))


def _concerns(text: str, labels: frozenset[str]) -> bool:
    return not names_in(text).isdisjoint(labels)


def _touched(before: Json, after: Json) -> frozenset[str]:
    """Labels that more or fewer have now, in the parts that a path is split into."""
    was, now = _changed_parts(before["record_types"], after["record_types"])
    differing = (was - now) + (now - was)
    return frozenset(part.strip() for label in differing for part in label[1].split("."))


def _changed_parts(before: Iterable[Json], after: Iterable[Json]) -> tuple[Counter[Any], Counter[Any]]:
    """Labels with what has them, without the parts that both documents share."""
    was, now = list(_parts(before)), list(_parts(after))
    shared = {id(part) for _, part in was} & {id(part) for _, part in now}
    return _labels(was, shared), _labels(now, shared)


def _parts(types: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    for item in types:
        yield "", item
        yield from ((item["code"], field) for field in item["fields"])


def _labels(parts: Iterable[tuple[str, Json]], shared: set[int]) -> Counter[Any]:
    return Counter(
        (owner, label)
        for owner, part in parts
        if id(part) not in shared
        for label in part.get("label", {}).values()
        if label
    )
