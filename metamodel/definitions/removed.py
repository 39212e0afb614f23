"""Fields that earlier releases had and a draft has not: what `restore_field` can bring back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RemovedField:
    """A field as the newest release that had it knew it. `record_type` is what the draft calls its home."""

    record_type: str
    release: int
    document: Json = field(repr=False)
    code_taken: bool  # another field has its code now; it can't come back beside that one


def removed_fields(draft: Json, past: Iterable[tuple[int, Json]]) -> Iterator[RemovedField]:
    """Those of the record types that `draft` still has, the last removed first.

    `past` gives the numbers and documents of earlier releases, newest first.
    """
    homes = {item["id"]: item for item in draft["record_types"]}
    codes = {key: {each["code"] for each in home["fields"]} for key, home in homes.items()}
    seen = {each["id"] for home in homes.values() for each in home["fields"]}
    for number, document in past:
        for item in document["record_types"]:
            for each in item["fields"] if item["id"] in homes else ():
                if each["id"] not in seen:
                    seen.add(each["id"])
                    taken = each["code"] in codes[item["id"]]
                    yield RemovedField(homes[item["id"]]["code"], number, each, taken)
