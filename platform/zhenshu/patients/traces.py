"""Texts of the platform that name a patient: notices, reasons, jobs, files. Forgetting blots them out.

The audit trail is no such text: what people typed does not stand in it, and nobody can change it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Row, Select, Table, Text, cast, delete, or_, select, update

from zhenshu.db.types import JsonText
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs.model import outline_of
from zhenshu.jobs.sealed import open_args, whole_error
from zhenshu.jobs.tables import job, job_log
from zhenshu.notices.tables import notice
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.requests.tables import access_request, access_request_step, emergency_access
from zhenshu.storage.tables import file_object

BLOT: Final = "•••"
CHUNK: Final = 20  # texts of one query

_PLACES: Final[Mapping[str, tuple[tuple[Table, tuple[str, ...]], ...]]] = {
    "notices": ((notice, ("zh", "en")),),
    "reasons": (
        (access_grant, ("reason", "revoke_reason")),
        (access_request, ("reason",)),
        (access_request_step, ("reason",)),
        (emergency_access, ("reason", "remark")),
    ),
    "jobs": ((job, ("label", "args", "cursor", "result")), (job_log, ("zh", "en"))),
    "files": ((file_object, ("name",)),),
}


def count_traces(uow: UnitOfWork, texts: Collection[str]) -> dict[str, int]:
    """How many rows name somebody by one of the texts, by what they are."""
    found = {
        name: sum(len(list(_rows(uow, table, columns, texts))) for table, columns in places)
        for name, places in _PLACES.items()
    }
    found["jobs"] += len(_sealed(uow, texts)) + len(_failed(uow, texts))
    return found


def blot(uow: UnitOfWork, texts: Collection[str]) -> None:
    """Take the texts out of all of them. A job that has one among its sealed arguments goes: without them it
    would do something else if it were tried again."""
    pattern = _pattern(texts)
    for places in _PLACES.values():
        for table, columns in places:
            for row in list(_rows(uow, table, columns, texts)):
                values = {name: _blotted(getattr(row, name), pattern) for name in columns}
                uow.conn.execute(update(table).where(table.c.id == row.id).values(values))
    for row in _failed(uow, texts):
        uow.conn.execute(update(job).where(job.c.id == row.id).values(error=outline_of(row.error)))
    gone = _sealed(uow, texts)
    if gone:
        uow.conn.execute(delete(job_log).where(job_log.c.job_id.in_(gone)))
        uow.conn.execute(delete(job).where(job.c.id.in_(gone)))


def mentions(value: Any, texts: Collection[str]) -> bool:
    """Whether one of the texts stands anywhere in a value made of strings, lists and dicts."""
    return bool(value != _blotted(value, _pattern(texts)))


def _rows(
    uow: UnitOfWork, table: Table, names: Collection[str], texts: Collection[str]
) -> Iterator[Row[Any]]:
    columns = [table.c[name] for name in names]
    seen: set[int] = set()
    wanted, pattern = sorted(texts), _pattern(texts)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        named = or_(*(_has(column, text) for column in columns for text in part))
        for row in uow.conn.execute(select(table.c.id, *columns).where(named)).all():
            values = [getattr(row, name) for name in names]
            if row.id not in seen and values != _blotted(values, pattern):
                seen.add(row.id)
                yield row


def _has(column: Column[Any], text: str) -> ColumnElement[bool]:
    if not isinstance(column.type, JsonText):
        return column.contains(text, autoescape=True)
    quoted = json.dumps(text, ensure_ascii=False)[1:-1]
    return cast(column, Text).contains(quoted, autoescape=True)


def _pattern(texts: Collection[str]) -> re.Pattern[str]:
    """The texts as words: a number within a longer one, or letters within a longer word, are another's."""
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile("|".join(_word(each) for each in longest_first) or r"(?!)")


def _word(text: str) -> str:
    before = r"(?<![0-9A-Za-z])" if text[0].isascii() and text[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if text[-1].isascii() and text[-1].isalnum() else ""
    return f"{before}{re.escape(text)}{after}"


def _blotted(value: Any, pattern: re.Pattern[str]) -> Any:
    match value:
        case str():
            return pattern.sub(BLOT, value)
        case list():
            return [_blotted(each, pattern) for each in value]
        case dict():
            return {name: _blotted(each, pattern) for name, each in value.items()}
    return value


def _sealed(uow: UnitOfWork, texts: Collection[str]) -> list[int]:
    query: Select[Any] = select(job.c.id, job.c.kind, job.c.sealed_args).where(job.c.sealed_args.is_not(None))
    return [row.id for row in uow.conn.execute(query) if mentions(open_args(uow.instance, row), texts)]


def _failed(uow: UnitOfWork, texts: Collection[str]) -> list[Row[Any]]:
    query: Select[Any] = select(job.c.id, job.c.error).where(job.c.error.is_not(None))
    rows = uow.conn.execute(query)
    return [row for row in rows if mentions(whole_error(uow.instance, row), texts)]
