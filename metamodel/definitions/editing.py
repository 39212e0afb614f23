"""Editing a stored draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from metamodel.definitions.drafts import Draft, load_draft, save_draft
from metamodel.definitions.edits import Sources, apply_edits
from metamodel.definitions.edits.errors import not_there
from metamodel.definitions.errors import DraftChanged
from metamodel.definitions.releases import live_release, past_documents
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft after edits, and its document before them."""

    draft: Draft
    before: dict[str, Any] = field(repr=False)


def edit_draft(
    uow: UnitOfWork, code: str, edits: Sequence[Json], expected_version: int | None = None
) -> Draft:
    """Apply `edits`, as `edited_draft` does."""
    return edited_draft(uow, code, edits, expected_version).draft


def edited_draft(
    uow: UnitOfWork, code: str, edits: Sequence[Json], expected_version: int | None = None
) -> Edited:
    """Apply `edits` to the draft of a database, or to its live release where it has no draft.

    Raises:
        EditRefused: when an edit can't be made; none of them is then.
        DraftChanged: when somebody changed the draft since `expected_version`.
    """
    draft = load_draft(uow, "database", code)
    sources = Sources(
        past=lambda: past_documents(uow, "database", code),
        library=lambda library: _library(uow, library),
    )
    version = draft.version if expected_version is None else expected_version
    if draft.version != version:  # before the edits: on another's draft they may make no sense
        raise DraftChanged(code, draft.version, draft.changed_by, draft.changed_at)
    document = apply_edits(draft.document, edits, sources)
    saved = save_draft(uow, "database", document, version, base=draft.document)
    return Edited(saved, draft.document)


def _library(uow: UnitOfWork, code: str) -> tuple[Json, int]:
    try:
        release = live_release(uow, "field_library", code)
    except NotFound:
        raise not_there("已发布的字段库", "published field library", code) from None
    return release.document, release.number
