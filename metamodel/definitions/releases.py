"""Releases: immutable published versions, and publishing what needs no storage."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, insert, select, update

from metamodel.definitions.access import require, require_whole
from metamodel.definitions.drafts import load_draft
from metamodel.definitions.errors import NeedsPlan, NoDraft
from metamodel.definitions.problems import DefinitionInvalid, errors_of
from metamodel.definitions.validation import validate_document
from metamodel.tables import definition, definition_release
from zhenshu import audit
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.events.outbox import Event, emit
from zhenshu.security.policy import Action

Json = Mapping[str, Any]
LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Release:
    """One published version. `mapping` says where its fields are stored; plain kinds have none."""

    id: int
    definition_id: int
    number: int
    document: dict[str, Any] = field(repr=False)
    mapping: dict[str, Any] = field(repr=False)
    note: str
    published_by: str
    published_at: datetime


def list_releases(uow: UnitOfWork, kind: str, code: str) -> list[Release]:
    """All releases of a definition, newest first."""
    require_whole(uow, kind, code)
    return list(_releases(uow, kind, code))


def release_of(uow: UnitOfWork, kind: str, code: str, number: int) -> Release:
    """One release by its number.

    Raises:
        NotFound: when there is none.
    """
    require_whole(uow, kind, code)
    query = select(*_COLUMNS).join(definition, definition.c.id == definition_release.c.definition_id)
    row = uow.conn.execute(
        query.where(*_named(kind, code), definition_release.c.number == number)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="release", kind_zh="发布版本", name=number)
    return Release(*row)


def live_release(uow: UnitOfWork, kind: str, code: str) -> Release:
    """The release in force. Its document is for those whom `require_whole` lets read it.

    Raises:
        NotFound: when there is none.
    """
    require(uow, Action.VIEW, code)
    live = select(definition.c.live_release_id).where(definition.c.kind == kind, definition.c.code == code)
    release_id = uow.conn.execute(live).scalar_one_or_none()
    if release_id is None:
        raise NotFound(kind="published definition", kind_zh="已发布的定义", name=code)
    query = select(*_COLUMNS).where(definition_release.c.id == release_id)
    return Release(*uow.conn.execute(query).one())


def past_documents(uow: UnitOfWork, kind: str, code: str) -> Iterator[dict[str, Any]]:
    """The documents of all releases, newest first, read as they are asked for."""
    return (release.document for release in _releases(uow, kind, code))


def publish_plain(uow: UnitOfWork, kind: str, code: str, note: str = "") -> Release:
    """Publish the draft of a field library or value set. Databases that use it are not touched.

    Raises:
        NeedsPlan: for a database.
        NoDraft: when nothing was changed since the last release.
        DefinitionInvalid: when the draft has errors.
    """
    if kind == "database":
        raise NeedsPlan(code=code)
    require(uow, Action.DESIGN, code)
    uow.conn.execute(select(definition.c.id).where(*_named(kind, code)).with_for_update())
    draft = load_draft(uow, kind, code)
    if not draft.saved:
        raise NoDraft(code=code)
    if errors := errors_of(validate_document(draft.document)):
        raise DefinitionInvalid(code, errors)
    release = _insert(uow, draft.id, draft.document, note)
    live = {"live_release_id": release.id, "draft": None}
    uow.conn.execute(update(definition).where(definition.c.id == draft.id).values(**live))
    audit.record(uow, "publish", kind, code, detail={"release": release.id, "number": release.number})
    emit(
        uow,
        Event("definition.published", f"{kind}/{code}", {"release": release.id, "number": release.number}),
    )
    return release


def document_hash(document: Json) -> str:
    """SHA-256, in hex, of the canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


_COLUMNS = tuple(
    definition_release.c[name]
    for name in (
        "id", "definition_id", "number", "document", "mapping", "note", "published_by", "published_at",
    )
)  # fmt: skip


def _named(kind: str, code: str) -> tuple[Any, Any]:
    return definition.c.kind == kind, definition.c.code == code


def _releases(uow: UnitOfWork, kind: str, code: str) -> Iterator[Release]:
    ids = select(definition_release.c.id).join(
        definition, definition.c.id == definition_release.c.definition_id
    )
    newest_first = ids.where(*_named(kind, code)).order_by(definition_release.c.number.desc())
    for release_id in uow.conn.execute(newest_first).scalars().all():
        query = select(*_COLUMNS).where(definition_release.c.id == release_id)
        yield Release(*uow.conn.execute(query).one())


def _insert(uow: UnitOfWork, definition_id: int, document: dict[str, Any], note: str) -> Release:
    last = select(func.max(definition_release.c.number)).where(
        definition_release.c.definition_id == definition_id
    )
    number = (uow.conn.execute(last).scalar_one() or 0) + 1
    values = {
        "definition_id": definition_id,
        "number": number,
        "document": document,
        "document_hash": document_hash(document),
        "mapping": {},
        "note": note,
        "published_by": uow.subject.name,
        "published_at": uow.at,
    }
    made = uow.conn.execute(insert(definition_release).returning(definition_release.c.id), values)
    return Release(made.scalar_one(), definition_id, number, document, {}, note, uow.subject.name, uow.at)
