"""Stable ids: what a record type or field is known by while its code changes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

Json = Mapping[str, Any]

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"  # base32 (RFC 4648), small letters
_LENGTH: Final = 7


def new_id(letter: str, taken: Iterable[str] = ()) -> str:
    """A random id: `letter` ("r" or "f") and 7 base32 characters, not among `taken`."""
    while True:
        made = letter + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        if made not in taken:
            return made


def with_ids(document: Json, previous: Json | None = None) -> dict[str, Any]:
    """A database document whose record types and fields all have ids; other kinds come back unchanged.

    What has an id keeps it, whatever its code became. What has none takes the id that `previous` gave to
    the same code, unless something else here has that id already; or else a new one.
    """
    known = known_ids(document, previous or {})
    if known.get("kind") != "database":
        return known
    taken = set(_ids(known)) | set(_ids(previous or {}))
    types = [
        {**_with_new_id(item, "r", taken), "fields": [_with_new_id(f, "f", taken) for f in item["fields"]]}
        for item in known["record_types"]
    ]
    return known | {"record_types": types}


def has_all_ids(document: Json) -> bool:
    """Whether nothing needs an id."""
    if document.get("kind") != "database":
        return True
    return all(part.get("id") for item in document["record_types"] for part in (item, *item["fields"]))


def known_ids(document: Json, previous: Json) -> dict[str, Any]:
    """`document` with the ids that `previous` gave to the same codes, and no new ones."""
    if has_all_ids(document):
        return dict(document)
    in_use = set(_ids(document))
    before = previous.get("record_types", ())
    types = _adopted(document["record_types"], before, in_use)
    fields = {item.get("id"): item["fields"] for item in before}
    types = [
        {**item, "fields": _adopted(item["fields"], fields.get(item.get("id"), ()), in_use)} for item in types
    ]
    return {**document, "record_types": types}


def _adopted(items: Iterable[Json], before: Iterable[Json], in_use: set[str]) -> list[Json]:
    """`items`, those without an id taking that of the same code in `before` if nothing else has it."""
    former = {item["code"]: item["id"] for item in before if item.get("id")}
    result: list[Json] = []
    for item in items:
        adopted = None if item.get("id") else former.get(item["code"])
        if adopted is None or adopted in in_use:
            result.append(item)
            continue
        in_use.add(adopted)
        result.append({**item, "id": adopted})
    return result


def _with_new_id(item: Json, letter: str, taken: set[str]) -> Json:
    """`item` with its id first, as people read it."""
    if item.get("id") and next(iter(item)) == "id":
        return item
    own = item.get("id") or new_id(letter, taken)
    taken.add(own)
    return {"id": own} | {key: value for key, value in item.items() if key != "id"}


def _ids(document: Json) -> Iterable[str]:
    for item in document.get("record_types", ()):
        for part in (item, *item["fields"]):
            if part.get("id"):
                yield part["id"]
