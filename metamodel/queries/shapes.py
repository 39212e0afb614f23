"""What is asked of records, and a page of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metamodel.catalogue.model import RecordType
from rules_dsl import Tree

Order = tuple[tuple[str, bool], ...]

LARGEST_PAGE = 1000


@dataclass(frozen=True)
class RecordQuery:
    """Records of `type` for which `where` is true; of one parent, if `parent` is its id.

    `select` names fields, None means all. `order` is (field or system column, descending) pairs; the id
    always comes last. `after` is the `next` of the page before; `skip` leaves out so many records after it,
    for a reader who jumps to a place in a long list.
    """

    type: RecordType
    where: str | Tree | None = None
    select: tuple[str, ...] | None = None
    order: Order = ()
    after: str | None = None
    limit: int = 50
    trashed: bool = False
    parent: int | None = None
    skip: int = 0


@dataclass(frozen=True)
class Page:
    """Records as flat mappings of system columns and typed values; `next` leads on, None at the end."""

    records: list[dict[str, Any]]
    next: str | None
