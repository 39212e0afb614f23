"""Files of records: what each of them hangs on, and who may fetch it.

A file holds what its maker's grants reached then. It is fetched with grants that reach as much today: of the
same rows, with identities in clear only by whom they are shown to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from metamodel.catalogue import catalogue_of
from metamodel.catalogue.model import RecordType
from metamodel.records.access import Access
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action, Denied, Scope, Visibility
from zhenshu.storage import FileObject

EXPORTED: Final = "records.export"
REJECTED: Final = "records.import.rejected"
_ACTIONS: Final = {EXPORTED: Action.EXPORT, REJECTED: Action.ADD}  # what whoever made it was allowed
_DOWNLOAD: Final = ("download", "files")


def export_attributes(job: int, record_type: RecordType, scope: Scope) -> dict[str, Any]:
    """What an exported file says of itself: which records are in it, and how they were seen."""
    clear = scope.visibility("identifying") is Visibility.SHOW
    head = {"kind": EXPORTED, "job": job, "database": record_type.database, "types": [record_type.id]}
    return head | {"clear": clear, "reaches": _reaches(scope)}


def rejected_attributes(job: int, database: str, record_type: str | None) -> dict[str, Any]:
    """A list of rejected rows names no identities; `record_type` None: rows of all types of the database."""
    return {"kind": REJECTED, "job": job, "database": database, "types": None, "type": record_type}


def may_fetch(uow: UnitOfWork, file: FileObject) -> bool | None:
    """Whether the subject may fetch the file now; None when it is no file of records."""
    attributes = file.attributes
    action = _ACTIONS.get(attributes.get("kind", ""))
    if action is None:
        return None
    if uow.subject.is_system:
        return True
    if file.created_by_id != uow.subject.id:
        if not uow.subject.may(*_DOWNLOAD):
            return False
        action = Action.DOWNLOAD
    types = _types(uow, attributes)
    scopes = [scope for each in types if (scope := _scope(uow, action, each)) is not None]
    if attributes["kind"] == REJECTED:
        return bool(scopes) if action is Action.ADD else bool(types) and len(scopes) == len(types)
    return bool(types) and len(scopes) == len(types) and all(_as_wide(each, attributes) for each in scopes)


def _types(uow: UnitOfWork, attributes: Mapping[str, Any]) -> Sequence[RecordType]:
    """The record types that the file hangs on; none where one of them is no longer there."""
    database = catalogue_of(uow).databases.get(attributes.get("database", ""))
    if database is None:
        return ()
    ids = attributes.get("types")
    if ids is None:
        named = attributes.get("type")
        return [each for each in database.record_types if named in (None, each.code)]
    found = [each for each in database.record_types if each.id in ids]
    return found if len(found) == len(ids) else ()


def _scope(uow: UnitOfWork, action: Action, record_type: RecordType) -> Scope | None:
    try:
        return Access(uow).scope(action, record_type)
    except Denied:
        return None


def _as_wide(scope: Scope, attributes: Mapping[str, Any]) -> bool:
    """Whether today's scope reaches the rows of then, and shows what was shown."""
    if attributes["clear"] and scope.visibility("identifying") is not Visibility.SHOW:
        return False
    if not scope.limits:
        return True
    then = set(attributes["reaches"])
    return bool(then) and then <= set(_reaches(scope))


def _reaches(scope: Scope) -> list[str]:
    """The limits of a scope, told by hashes: a row rule may name somebody. Empty: every row."""
    parts = {repr(reach) for limit in scope.limits for reach in limit}
    return sorted(hashlib.sha256(part.encode()).hexdigest()[:32] for part in parts)
