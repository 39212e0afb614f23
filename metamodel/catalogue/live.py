"""The catalogue of a transaction: all live releases at its revision, compiled once per process."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Final

from sqlalchemy import select

from metamodel.catalogue.compile import compile_database
from metamodel.catalogue.model import Catalogue, Database
from metamodel.tables import definition, definition_release
from zhenshu.db.metadata import catalogue_state
from zhenshu.db.unit_of_work import UnitOfWork

_MEMO: Final = "metamodel.catalogue"
_KEPT: Final = 4  # transactions that began before a publish still ask for the revision they saw


def catalogue_of(uow: UnitOfWork) -> Catalogue:
    """The catalogue that the transaction of `uow` sees. Cheap when its revision was asked for before."""
    cache = uow.instance.memo.get(_MEMO)
    if cache is None:
        cache = uow.instance.memo.setdefault(_MEMO, _Cache())
    found: Catalogue | None = cache.catalogues.get(uow.revision)
    return found if found is not None else cache.load(uow)


@dataclass(frozen=True, slots=True)
class _Release:
    id: int
    number: int


class _Cache:
    """Catalogues by revision, and databases by release: a publish recompiles what it changed alone."""

    def __init__(self) -> None:
        self.catalogues: dict[int, Catalogue] = {}
        self._databases: dict[int, Database] = {}
        self._lock = Lock()

    def load(self, uow: UnitOfWork) -> Catalogue:
        with self._lock:
            if (found := self.catalogues.get(uow.revision)) is not None:
                return found
            databases = self._live(uow)
            catalogue = Catalogue(uow.revision, {item.code: item for item in databases.values()})
            if _published_here(uow):
                return catalogue  # what this transaction changed may still be rolled back
            self._databases = databases
            self.catalogues = dict(list(self.catalogues.items())[1 - _KEPT :]) | {uow.revision: catalogue}
            return catalogue

    def _live(self, uow: UnitOfWork) -> dict[int, Database]:
        query = select(definition.c.live_release_id).where(
            definition.c.kind == "database", definition.c.live_release_id.is_not(None)
        )
        ids = uow.conn.execute(query.order_by(definition.c.code)).scalars().all()
        return {id_: self._databases.get(id_) or _compiled(uow, id_) for id_ in ids}


def _compiled(uow: UnitOfWork, release_id: int) -> Database:
    row = uow.conn.execute(select(definition_release).where(definition_release.c.id == release_id)).one()
    return compile_database(row.document, row.mapping, row.definition_id, _Release(row.id, row.number))


def _published_here(uow: UnitOfWork) -> bool:
    """Whether this transaction itself has moved the revision on since it began."""
    current = uow.conn.execute(
        select(catalogue_state.c.revision).where(catalogue_state.c.id == 1)
    ).scalar_one()
    return bool(current != uow.revision)
