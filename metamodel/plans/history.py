"""What changed from release to release, from the live release to the draft, and in a plan: in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from metamodel.definitions import load_draft
from metamodel.definitions.access import require_whole
from metamodel.plans.changes import Change, Costed, compare, costed, counts_of
from metamodel.plans.current import KIND, definition_id_of
from metamodel.plans.documents import EMPTY, Document
from metamodel.plans.planning import get_plan
from metamodel.tables import definition_release
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound

Counts = Mapping[str, int]

_MOST_KEPT: Final = 10_000
_counts: dict[tuple[str, str], Counts] = {}  # of two releases by their hashes: releases never change


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release without its document, and what changed since the one before."""

    number: int
    note: str
    published_by: str
    published_at: datetime
    changes: Counts


def release_lines(uow: UnitOfWork, code: str, before: int, limit: int) -> list[ReleaseLine]:
    """The releases of database `code`, newest first; `before` is the number of the last one seen, or 0."""
    require_whole(uow, KIND, code)
    c = definition_release.c
    query = select(c.id, c.number, c.document_hash, c.note, c.published_by, c.published_at).where(
        c.definition_id == definition_id_of(uow.conn, code)
    )
    if before:
        query = query.where(c.number < before)
    rows = uow.conn.execute(query.order_by(c.number.desc()).limit(limit + 1)).all()
    pairs = zip(rows, [*rows[1:], None], strict=True)
    lines = [
        ReleaseLine(row.number, row.note, row.published_by, row.published_at, _counted(uow.conn, older, row))
        for row, older in pairs
    ]
    return lines[:limit]


def release_changes(uow: UnitOfWork, code: str, number: int, against: int | None = None) -> list[Change]:
    """From release `against`, or from the one before, to release `number`. 0: from nothing.

    Raises:
        NotFound: when there is no such release.
    """
    require_whole(uow, KIND, code)
    definition_id = definition_id_of(uow.conn, code)
    after = _release_document(uow.conn, definition_id, number)
    if against is None:
        c = definition_release.c
        older = select(c.number).where(c.definition_id == definition_id, c.number < number)
        against = uow.conn.execute(older.order_by(c.number.desc()).limit(1)).scalar_one_or_none() or 0
    before = _release_document(uow.conn, definition_id, against) if against else EMPTY
    return compare(before, after)


def draft_changes(uow: UnitOfWork, code: str) -> list[Change]:
    """From the live release to the draft; nothing where there is no draft."""
    draft = load_draft(uow, KIND, code)
    if not draft.saved:
        return []
    return compare(_document_of(uow.conn, draft.live_release_id), draft.document)


def plan_changes(uow: UnitOfWork, plan_id: int) -> list[Costed]:
    """What publishing the plan changes, what costs something first.

    Raises:
        NotFound: when there is no such plan.
        Denied: without the right to design its database.
    """
    plan = get_plan(uow, plan_id)
    before = _document_of(uow.conn, plan.from_release_id)
    return costed(compare(before, plan.document), plan.operations, before)


def changes_page(changes: Sequence[Change | Costed], after: int, limit: int) -> dict[str, Any]:
    """One page of changes in the order of the document, with the counts of all."""
    plain = [item.change if isinstance(item, Costed) else item for item in changes]
    shown = [item.to_json() for item in changes[after : after + limit]]
    rest = after + limit
    return {
        "items": shown,
        "next": rest if len(changes) > rest else None,
        "total": len(changes),
        "counts": counts_of(plain),
    }


def _document_of(conn: Connection, release_id: int | None) -> Document:
    if release_id is None:
        return EMPTY
    c = definition_release.c
    document: Document = conn.execute(select(c.document).where(c.id == release_id)).scalar_one()
    return document


def _release_document(conn: Connection, definition_id: int, number: int) -> Document:
    c = definition_release.c
    query = select(c.document).where(c.definition_id == definition_id, c.number == number)
    document: Document | None = conn.execute(query).scalar_one_or_none()
    if document is None:
        raise NotFound(kind="release", kind_zh="发布版本", name=number)
    return document


def _counted(conn: Connection, before: Any, after: Any) -> Counts:
    """How much release `after` changed; both are rows with an id and the hash of the document."""
    key = (before.document_hash if before else "", after.document_hash)
    if key not in _counts:
        if len(_counts) >= _MOST_KEPT:
            _counts.clear()
        older = _document_of(conn, before.id if before else None)
        _counts[key] = counts_of(compare(older, _document_of(conn, after.id)))
    return _counts[key]
