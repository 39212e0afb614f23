"""Drafts: stored, edited under optimistic locking, listed and thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from metamodel.catalogue.model import Label
from metamodel.definitions.access import require, require_whole
from metamodel.definitions.edits.relabelling import mended
from metamodel.definitions.errors import DraftChanged, KindDiffers, NoDraft
from metamodel.definitions.ids import has_all_ids, known_ids, with_ids
from metamodel.definitions.problems import DefinitionInvalid
from metamodel.definitions.schema import structure_problems
from metamodel.notices import draft_changed
from metamodel.tables import definition, definition_release
from zhenshu import audit
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition as it is worked on. `version` must be given back to change it.

    `saved` is false when there is no draft and `document` is that of the live release.
    """

    id: int
    kind: str
    code: str
    version: int
    document: dict[str, Any] = field(repr=False)
    changed_by: str
    changed_at: datetime | None
    live_release_id: int | None
    saved: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A definition in a list, without its document."""

    id: int
    kind: str
    code: str
    label: Label
    version: int
    changed_by: str
    changed_at: datetime | None
    has_draft: bool
    live_release_id: int | None


def load_draft(uow: UnitOfWork, kind: str, code: str) -> Draft:
    """The draft, or the live release's document where nothing was changed since.

    Raises:
        NotFound: when there is no such definition.
        Denied: when the subject may not read it.
    """
    require_whole(uow, kind, code)
    row = _row(uow, kind, code)
    if row is None or (row.draft is None and row.live_release_id is None):
        raise NotFound(kind="definition", kind_zh="定义", name=code)
    return _draft(row, row.draft if row.draft is not None else _live(uow, row))


def list_definitions(uow: UnitOfWork, kind: str) -> list[Summary]:
    """All definitions of a kind, by code."""
    require(uow, Action.VIEW, "")
    c = definition.c
    query = select(
        c.id, c.kind, c.code, c.label, c.draft_version, c.draft_by, c.draft_at,
        c.draft.is_not(None).label("has_draft"), c.live_release_id,
    ).where(c.kind == kind, or_(c.draft.is_not(None), c.live_release_id.is_not(None)))  # fmt: skip
    return [
        Summary(
            row.id, row.kind, row.code, Label.of(row.label), row.draft_version, row.draft_by or "",
            row.draft_at, bool(row.has_draft), row.live_release_id,
        )
        for row in uow.conn.execute(query.order_by(c.code))
    ]  # fmt: skip


def save_draft(
    uow: UnitOfWork, kind: str, document: Json, expected_version: int | None = None, base: Json | None = None
) -> Draft:
    """Store `document` as the draft of its code, with ids where they are missing.

    `expected_version` is the version the change was made on; 0 says that the definition must be new.
    None replaces whatever draft there is, as an import does. `base` is the document of that version, where
    the caller has read it.

    A draft must have the right structure; other problems may wait until it is published.

    Raises:
        DefinitionInvalid: when the structure is wrong.
        DraftChanged: when somebody changed the draft since `expected_version`.
        Denied: when the subject may not design.
    """
    if document.get("kind") != kind:
        raise KindDiffers(found=str(document.get("kind")), wanted=kind)
    if problems := structure_problems(kind, document):
        raise DefinitionInvalid(str(document.get("code", "")), problems)
    code = document["code"]
    require(uow, Action.DESIGN, code)
    row = _head(uow, kind, code)
    _check_version(row, code, expected_version)
    if row is None:
        return _saved(uow, _insert(uow, kind, code, document), document)
    whole = dict(document) if has_all_ids(document) else _identified(uow, row, document, base)
    return _saved(uow, row, whole if base is not None else _mended(uow, row, whole))


def _mended(uow: UnitOfWork, row: Row[Any], document: dict[str, Any]) -> dict[str, Any]:
    """`document`, made elsewhere, with rules that name labels of the definition before it following those."""
    if document["kind"] != "database":
        return document
    before = _stored_draft(uow, row) or (_live(uow, row) if row.live_release_id else None)
    return document if before is None else mended(before, document)


def _stored_draft(uow: UnitOfWork, row: Row[Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = uow.conn.execute(
        select(definition.c.draft).where(definition.c.id == row.id)
    ).scalar_one()
    return found


def _identified(uow: UnitOfWork, row: Row[Any], document: Json, base: Json | None) -> dict[str, Any]:
    """`document` with the ids that the draft before it, or the live release, gave to the same codes."""
    if base is None:
        base = _stored_draft(uow, row)
    known = document if base is None else known_ids(document, base)
    return with_ids(known, _live(uow, row) if row.live_release_id else None)


def delete_draft(uow: UnitOfWork, kind: str, code: str, expected_version: int | None = None) -> None:
    """Throw the draft away; what was published stays.

    Raises:
        NotFound: when there is no such definition.
        NoDraft: when it has no draft.
        DraftChanged: when somebody changed the draft since `expected_version`.
    """
    require(uow, Action.DESIGN, code)
    row = _head(uow, kind, code)
    if row is None:
        raise NotFound(kind="definition", kind_zh="定义", name=code)
    if not row.has_draft:
        raise NoDraft(code=code)
    _check_version(row, code, expected_version)
    version = row.draft_version + 1
    _update(uow, row.id, {"draft": None, "draft_version": version})
    audit.record(uow, "delete_draft", kind, code, detail={"version": version})
    draft_changed(uow, kind, code, row.label, row.draft_by, version, thrown_away=True)


def _row(uow: UnitOfWork, kind: str, code: str) -> Row[Any] | None:
    query = select(definition).where(definition.c.kind == kind, definition.c.code == code)
    return uow.conn.execute(query).one_or_none()


def _head(uow: UnitOfWork, kind: str, code: str) -> Row[Any] | None:
    """The row without its document, which takes long to read, locked until the unit of work ends."""
    c = definition.c
    query = select(
        c.id, c.kind, c.code, c.label, c.draft_version, c.draft_by, c.draft_at, c.live_release_id,
        c.draft.is_not(None).label("has_draft"),
    ).where(c.kind == kind, c.code == code)  # fmt: skip
    return uow.conn.execute(query.with_for_update()).one_or_none()


def _live(uow: UnitOfWork, row: Row[Any]) -> dict[str, Any]:
    query = select(definition_release.c.document).where(definition_release.c.id == row.live_release_id)
    document: dict[str, Any] = uow.conn.execute(query).scalar_one()
    return document


def _check_version(row: Row[Any] | None, code: str, expected: int | None) -> None:
    if expected is None:
        return
    if row is None:
        if expected != 0:
            raise NotFound(kind="definition", kind_zh="定义", name=code)
        return
    if row.draft_version != expected:
        raise DraftChanged(code, row.draft_version, row.draft_by or "", row.draft_at)


def _insert(uow: UnitOfWork, kind: str, code: str, document: Json) -> Row[Any]:
    values = {
        "kind": kind,
        "code": code,
        "label": dict(document.get("label", {})),
        "draft_version": 0,
        "created_by": uow.subject.name,
        "created_at": uow.at,
    }
    try:
        with uow.conn.begin_nested():
            uow.conn.execute(insert(definition), values)
    except IntegrityError:  # somebody made it between our look and our insert
        row = _head(uow, kind, code)
        if row is None:
            raise
        raise DraftChanged(code, row.draft_version, row.draft_by or "", row.draft_at) from None
    made = _head(uow, kind, code)
    assert made is not None
    return made


def _saved(uow: UnitOfWork, row: Row[Any], document: Json) -> Draft:
    whole = with_ids(document)
    version = row.draft_version + 1
    values = {
        "draft": whole,
        "label": dict(whole.get("label", {})),
        "draft_version": version,
        "draft_by": uow.subject.name,
        "draft_at": uow.at,
    }
    _update(uow, row.id, values)
    audit.record(uow, "save_draft", row.kind, row.code, detail={"version": version})
    if row.has_draft:
        draft_changed(uow, row.kind, row.code, values["label"], row.draft_by, version)
    return Draft(
        row.id, row.kind, row.code, version, whole, uow.subject.name, uow.at, row.live_release_id, True
    )


def _update(uow: UnitOfWork, definition_id: int, values: Json) -> None:
    uow.conn.execute(update(definition).where(definition.c.id == definition_id).values(**values))


def _draft(row: Row[Any], document: dict[str, Any]) -> Draft:
    return Draft(
        row.id, row.kind, row.code, row.draft_version, document, row.draft_by or "", row.draft_at,
        row.live_release_id, row.draft is not None,
    )  # fmt: skip
