"""Three-way merge of definitions: what was shipped, what became of it here, what ships now.

What only one side changed is taken from that side. What both changed differently stays as it is here and is
told. Nothing that is stored is taken away: what no longer ships stays, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from metamodel.definitions import EditRefused, apply_edits
from metamodel.definitions.ids import known_ids

Json = Mapping[str, Any]
Document = dict[str, Any]

_GONE: Final = object()  # a value that is not there
_KEYS: Final = {  # lists whose items are known by a property; the others are values of their own
    "record_types": "id", "fields": "id", "forms": "code", "choices": "code", "events": "code",
    "checks": "expression",
}  # fmt: skip
_STORED: Final = {"record_types", "fields", "forms", "choices", "value_sets", "events"}
_KINDS: Final = {"record_types": "rename_record_type", "fields": "rename_field"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place ("patient.smoking.label.zh") where both sides changed; what is here was kept."""

    where: str
    here: str
    shipped: str


@dataclass
class Merged:
    """A document with both sides' changes, and where they met."""

    document: Document
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Json, here: Json, shipped: Json) -> Merged:
    """`here` with what `shipped` changed since `base`.

    `base` and `here` have ids, `shipped` needs none: it is known by the codes of `base`.
    """
    shipped = known_ids(shipped, base)
    for edit in _renamings(base, here):
        base, shipped = _edited(base, edit), _edited(shipped, edit)
    merging = _Merging()
    document = merging.mapping(base, here, shipped, ())
    return Merged(_tidied(document), merging.conflicts)


def _renamings(base: Json, here: Json) -> Iterator[Json]:
    """What gives the parts of `base` the codes that they have here."""
    codes = {item["id"]: item["code"] for item in here.get("record_types", ()) if "id" in item}
    fields = {
        part["id"]: (part["code"], item["id"])
        for item in here.get("record_types", ())
        for part in item["fields"]
        if "id" in part
    }
    for item in base.get("record_types", ()):
        for part in item["fields"]:
            code, holder = fields.get(part.get("id"), (part["code"], item["id"]))
            if code != part["code"] and holder == item["id"]:
                yield {
                    "edit": "rename_field",
                    "record_type": item["code"],
                    "field": part["code"],
                    "code": code,
                }
        if (code := codes.get(item["id"], item["code"])) != item["code"]:
            yield {"edit": "rename_record_type", "record_type": item["code"], "code": code}


def _edited(document: Json, edit: Json) -> Json:
    try:
        return apply_edits(document, [edit])
    except EditRefused:  # it is not there, or the code is taken: then the merge meets a conflict and tells it
        return document


class _Merging:
    """The walk through three documents at once."""

    def __init__(self) -> None:
        self.conflicts: list[Conflict] = []

    def mapping(self, base: Json, here: Json, shipped: Json, path: tuple[str, ...]) -> Document:
        """All properties, in the order in which they are here."""
        made: Document = {}
        for key in dict.fromkeys((*here, *shipped)):
            was, own, new = (side.get(key, _GONE) for side in (base, here, shipped))
            value = self._value(key, was, own, new, path)
            if value is not _GONE:
                made[key] = value
        return made

    def _value(self, key: str, was: Any, own: Any, new: Any, path: tuple[str, ...]) -> Any:
        inner = (*path, key)
        if own == new or new == was:
            return own
        if own == was:
            if new is _GONE and path[-1:] == ("value_sets",):
                return self._kept(inner, own)
            if not isinstance(own, list | dict) or new is _GONE:
                return new
        if isinstance(own, dict) and isinstance(new, dict) and isinstance(was, dict):
            return self.mapping(was, own, new, inner)
        if key in _KEYS and isinstance(own, list) and isinstance(new, list):
            return self._list(was if isinstance(was, list) else [], own, new, inner)
        if key == "items" and isinstance(own, list) and isinstance(new, list) and isinstance(was, list):
            return _layout(was, own, new)
        if own == was:
            return new
        return self._conflict(inner, own, new)

    def _list(
        self, was: Sequence[Json], own: Sequence[Json], new: Sequence[Json], path: tuple[str, ...]
    ) -> list[Any]:
        """Items by what they are known by; new ones stand behind the one that they follow where they ship."""
        before, there = _by_key(was, path[-1]), _by_key(new, path[-1])
        made: dict[str, Any] = {}
        for key, item in _by_key(own, path[-1]).items():
            inner = (*path[:-1], _name(item, path[-1]))
            if key not in there:
                if key in before and path[-1] in _STORED:
                    self._kept(inner, item)
                elif key in before and before[key] == item:
                    continue
                made[key] = item
            elif key not in before:
                made[key] = item if item == there[key] else self._conflict(inner, item, there[key])
            else:
                made[key] = self.mapping(before[key], item, there[key], inner)
        return self._with_new(made, before, there, path)

    def _with_new(self, made: dict[str, Any], before: Json, there: Json, path: tuple[str, ...]) -> list[Any]:
        order, taken = list(made), {item.get("code") for item in made.values()}
        last: str | None = None
        for key, item in there.items():
            if key in made:
                last = key
                continue
            inner = (*path[:-1], _name(item, path[-1]))
            if key in before:  # taken away here
                if before[key] != item:
                    self._conflict(inner, None, item)
                continue
            if "code" in item and item["code"] in taken:
                mine = next(each for each in made.values() if each.get("code") == item["code"])
                self._conflict(inner, mine, item)
                continue
            made[key] = item
            order.insert(0 if last is None else order.index(last) + 1, key)
            last = key
        return [made[key] for key in order]

    def _conflict(self, path: tuple[str, ...], own: Any, new: Any) -> Any:
        self.conflicts.append(Conflict(".".join(path), _shown(own), _shown(new)))
        return own

    def _kept(self, path: tuple[str, ...], own: Any) -> Any:
        return self._conflict(path, own, None)


def _by_key(items: Sequence[Json], name: str) -> dict[str, Json]:
    key = _KEYS[name]
    return {str(item.get(key) or item.get("code")): item for item in items}


def _name(item: Json, kind: str) -> str:
    return str(item.get("code") or item.get(_KEYS[kind]))


def _layout(was: Sequence[Json], own: Sequence[Json], new: Sequence[Json]) -> list[Json]:
    """A form's items: what ships newly is put in where it stands there, what is no longer there goes."""
    made = [item for item in own if item in new or item not in was]
    for index, item in enumerate(new):
        if item in made or item in was:
            continue
        ahead = next((made.index(each) + 1 for each in reversed(new[:index]) if each in made), 0)
        made.insert(ahead, item)
    return made


def _tidied(document: Document) -> Document:
    """Forms show only what is there."""
    if "forms" not in document:
        return document
    fields = {item["code"]: {part["code"] for part in item["fields"]} for item in document["record_types"]}
    forms = []
    for form in document["forms"]:
        there = fields.get(form["record_type"])
        if there is None:
            continue
        items = [item for item in form["items"] if "field" not in item or item["field"] in there]
        forms.append({**form, "items": items})
    return {**document, "forms": forms}


def _shown(value: Any) -> str:
    """A value in few words."""
    if value is None or value is _GONE:
        return ""
    if isinstance(value, dict):
        return str(value.get("code") or value.get("expression") or value.get("zh") or "…")
    return str(value)[:200]
