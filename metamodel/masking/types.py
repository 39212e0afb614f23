"""Masking types: definitions that name a method and its parameters; and the masks made of them.

A published masking type holds at once, for all fields that name it. A field that names none that is published
is covered whole: nothing is shown because a definition is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select

from metamodel.catalogue.model import Field
from metamodel.masking.keys import database_keys
from metamodel.masking.methods import METHODS
from metamodel.masking.text import MASK, Mask
from metamodel.tables import definition, definition_release
from zhenshu.db.unit_of_work import UnitOfWork

KIND: Final = "masking_type"
_MEMO: Final = "metamodel.masks"
_KEPT: Final = 512


class Masks:
    """The masks that hold in one unit of work, read when the first is asked for."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._live: Mapping[str, tuple[int, str]] | None = None  # code -> release, hash of its document

    def of(self, database: str, fields: Iterable[Field]) -> dict[str, Mask]:
        """The masks of these fields of `database`, by field code; `cover` for those that name none."""
        return {item.code: self._mask(database, item.masking) if item.masking else cover for item in fields}

    def _mask(self, database: str, code: str) -> Mask:
        if self._live is None:
            self._live = live_masking_types(self._uow)
        if (release := self._live.get(code)) is None:
            return cover
        made: dict[tuple[str, str], Mask] = self._uow.instance.memo.setdefault(_MEMO, {})
        key = (release[1], database)
        if (found := made.get(key)) is None:
            if len(made) >= _KEPT:
                made.clear()
            found = made[key] = self._made(database, release[0])
        return found

    def _made(self, database: str, release_id: int) -> Mask:
        query = select(definition_release.c.document).where(definition_release.c.id == release_id)
        document: Mapping[str, Any] = self._uow.conn.execute(query).scalar_one()
        if (method := METHODS.get(document["method"])) is None:
            return cover
        keys = database_keys(self._uow.instance.secrets, database)
        return method.make(document.get("parameters", {}), keys)


def live_masking_types(uow: UnitOfWork) -> dict[str, tuple[int, str]]:
    """Published masking types: release and hash of its document, by code."""
    live = definition_release.c
    query = select(definition.c.code, live.id, live.document_hash).join_from(
        definition, definition_release, live.id == definition.c.live_release_id
    )
    rows = uow.conn.execute(query.where(definition.c.kind == KIND))
    return {row.code: (row.id, row.document_hash) for row in rows}


def live_documents(uow: UnitOfWork) -> dict[str, dict[str, Any]]:
    """The documents of published masking types, by code."""
    query = select(definition.c.code, definition_release.c.document).join_from(
        definition, definition_release, definition_release.c.id == definition.c.live_release_id
    )
    rows = uow.conn.execute(query.where(definition.c.kind == KIND).order_by(definition.c.code))
    return {row.code: row.document for row in rows}


def cover(value: Any, person: int | None) -> Any:
    """The mask of a field that names none."""
    return MASK
