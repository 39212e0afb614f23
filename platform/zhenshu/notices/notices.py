"""Telling users, and what each of them was told. A notice holds no value of a patient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.notices.tables import notice
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

KEPT = timedelta(days=90)
_SWEPT = 500  # rows that one sweep removes in one transaction


@dataclass(frozen=True, slots=True)
class News:
    """What happened, in both languages. `key` names it: nobody is told the same key twice.

    `link` is a path of our own pages, e.g. "/databases/lung_nodule/plan", or "".
    """

    kind: str
    key: str
    zh: str
    en: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """News as one user has it; `read_at` is None until the user has seen it."""

    id: int
    kind: str
    key: str
    zh: str
    en: str
    link: str
    at: datetime
    read_at: datetime | None


def notify(uow: UnitOfWork, users: Iterable[int], news: News) -> None:
    """Tell `users` in the transaction of `uow`; those who were told this key before are left in peace."""
    wanted = set(users)
    told = select(notice.c.user_id).where(notice.c.key == news.key, notice.c.user_id.in_(wanted))
    rows = [
        {
            "user_id": user,
            "kind": news.kind,
            "key": news.key,
            "zh": news.zh[:1000],
            "en": news.en[:1000],
            "link": news.link[:500],
            "at": uow.at,
        }
        for user in sorted(wanted - set(uow.conn.scalars(told)))
    ]
    if rows:
        uow.conn.execute(insert(notice), rows)


def withdraw(uow: UnitOfWork, prefix: str) -> None:
    """Take back what nobody has read yet of the keys that begin with `prefix`: it is settled."""
    uow.conn.execute(
        delete(notice).where(notice.c.key.startswith(prefix, autoescape=True), notice.c.read_at.is_(None))
    )


def list_notices(
    uow: UnitOfWork, user_id: int, after: int = 0, limit: int = 50, unread: bool = False, kind: str = ""
) -> list[Notice]:
    """A user's notices, newest first, below the id `after`; only unread ones, only of a kind if asked."""
    query = select(notice).where(notice.c.user_id == user_id, *_unread(unread))
    if after:
        query = query.where(notice.c.id < after)
    if kind:
        query = query.where(notice.c.kind == kind)
    return [_notice(row) for row in uow.conn.execute(query.order_by(notice.c.id.desc()).limit(limit))]


def count_unread(uow: UnitOfWork, user_id: int) -> int:
    query = select(func.count()).where(notice.c.user_id == user_id, *_unread(True))
    return uow.conn.execute(query).scalar_one()


def mark_read(uow: UnitOfWork, user_id: int, notice_id: int) -> None:
    """
    Raises:
        NotFound: when the user has no such notice.
    """
    mine = notice.c.user_id == user_id, notice.c.id == notice_id
    if uow.conn.execute(select(notice.c.id).where(*mine)).first() is None:
        raise NotFound(kind="notice", kind_zh="通知", name=notice_id)
    uow.conn.execute(update(notice).where(*mine, *_unread(True)).values(read_at=uow.at))


def mark_all_read(uow: UnitOfWork, user_id: int, up_to: int) -> None:
    """Mark the user's notices up to the id `up_to`, so that one who came meanwhile is not missed."""
    mine = notice.c.user_id == user_id, notice.c.id <= up_to, *_unread(True)
    uow.conn.execute(update(notice).where(*mine).values(read_at=uow.at))


def sweep_notices(instance: Instance, kept: timedelta = KEPT) -> None:
    """Remove notices older than `kept`, read or not."""
    old = notice.c.at < datetime.now(UTC) - kept
    with instance.read(SYSTEM, Channel.API) as uow:
        ids = list(uow.conn.scalars(select(notice.c.id).where(old).limit(_SWEPT)))
    if ids:
        with instance.write(SYSTEM, Channel.API) as uow:
            uow.conn.execute(delete(notice).where(notice.c.id.in_(ids)))


def _unread(wanted: bool) -> tuple[ColumnElement[bool], ...]:
    return (notice.c.read_at.is_(None),) if wanted else ()


def _notice(row: Row[Any]) -> Notice:
    return Notice(row.id, row.kind, row.key, row.zh, row.en, row.link, row.at, row.read_at)
