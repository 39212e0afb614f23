"""What was tried without a right to it stands in the trail: one entry a minute for each person and route."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import g
from sqlalchemy import select, text

from zhenshu.audit import audit_entry, record
from zhenshu.audit.seldom import was_told
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.security.callers import Caller
from zhenshu.security.policy import Channel
from zhenshu.web.declarations import Endpoint
from zhenshu.web.errors import PasswordChangeRequired, SecondFactorRequired

log = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=1)
NO_ATTEMPTS: Final = (PasswordChangeRequired, SecondFactorRequired)  # the pages themselves run into these
CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")  # of a database, a type: nothing else of an address is kept
LOCK_SPACE: Final = 0x5A53  # PostgreSQL advisory locks of two numbers


def note_refusal(
    instance: Instance,
    endpoint: Endpoint,
    caller: Caller | None,
    path: Mapping[str, Any],
    error: ZhenshuError,
) -> None:
    """Add an entry on what `error` refused. The refusal stands whether or not that succeeds."""
    if error.status != 403 or caller is None or isinstance(error, NO_ATTEMPTS):
        return
    subject, route = caller.subject, f"{endpoint.method} {endpoint.path}"
    if was_told(instance, ("attempt", subject.id, subject.name, route), datetime.now(UTC), EVERY):
        return
    detail = {"code": error.code()} | {
        name: value for name, value in path.items() if isinstance(value, int) or CODE.fullmatch(str(value))
    }
    try:
        with instance.write(subject, Channel.API, request_id=g.request_id) as uow:
            if not _told_elsewhere(uow, route):
                record(uow, "attempt", "routes", route, detail=detail, outcome="denied")
    except Exception:
        log.exception("refusal_not_recorded", extra={"request_id": g.request_id})


def _told_elsewhere(uow: UnitOfWork, route: str) -> bool:
    """Whether another process told it. On SQLite writers come one by one; on PostgreSQL those of one kind."""
    if not uow.sqlite:
        number = zlib.crc32(f"{uow.subject.name} {route}".encode()) - 2**31
        uow.conn.execute(
            text("SELECT pg_advisory_xact_lock(:space, :number)"), {"space": LOCK_SPACE, "number": number}
        )
    entry = audit_entry.c
    query = select(entry.at).where(
        entry.subject_name == uow.subject.name, entry.action == "attempt", entry.resource == route
    )
    last = uow.conn.execute(query.order_by(entry.id.desc()).limit(1)).scalar_one_or_none()
    return last is not None and uow.at - last < EVERY
