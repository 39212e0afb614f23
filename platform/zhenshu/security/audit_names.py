"""What users are called, for the trail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from zhenshu.audit.labels import AuditNames, Key, Named
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.people import users

KINDS = frozenset({"users", "sessions", "second_factors", "recovery_codes"})
CHUNK = 500


def display_names(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, str]:
    """What users are called, by id; without those whose accounts are gone."""
    wanted = sorted(set(ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        query = select(users.c.id, users.c.first_name).where(users.c.id.in_(part))
        found.update({row.id: row.first_name for row in uow.conn.execute(query)})
    return found


def _resources(uow: UnitOfWork, keys: Collection[Key]) -> Mapping[Key, Named]:
    ids = {key: number for key in keys if key[0] in KINDS and (number := _id(key[1])) is not None}
    names = display_names(uow, ids.values())
    return {key: {"zh": names[one], "en": names[one]} for key, one in ids.items() if names.get(one)}


def _id(resource: str) -> int | None:
    digits = resource.removeprefix("user:")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


AUDIT_NAMES = AuditNames(_resources)
