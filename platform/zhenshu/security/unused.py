"""Accounts that nobody used for long are disabled, so that none waits for a stranger; looked for daily."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.notices import News, notify
from zhenshu.security.account_policy import account_policy
from zhenshu.security.accounts import LastAdministrator, change_user
from zhenshu.security.people import get_user, users
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.security.subjects import holders
from zhenshu.security.tables import account, api_token, login_session

if TYPE_CHECKING:
    from zhenshu.instance import Instance

DAY = 24 * 3600.0  # seconds


def sweep_unused(instance: Instance) -> None:
    """Disable the accounts that were unused for longer than the policy lets them, the longest unused first.

    The last hospital administrator who can act stays, however long away.
    """
    with instance.read(SYSTEM, Channel.API) as uow:
        ids = [user_id for user_id, _ in sorted(_unused(uow).items(), key=lambda one: one[1])]
    for user_id in ids:
        with (
            suppress(LastAdministrator),
            instance.write(SYSTEM, Channel.API, purpose="unused account") as uow,
        ):
            if user_id in _unused(uow, user_id):  # who signed in meanwhile stays
                change_user(uow, user_id, active=False)
                _tell(uow, user_id)


def _unused(uow: UnitOfWork, user_id: int | None = None) -> dict[int, datetime]:
    """Active accounts past the policy's days, and when each was used last."""
    days = account_policy(uow).max_unused_days
    if days == 0:
        return {}
    tokens = select(api_token.c.user_id, func.max(api_token.c.last_used_at).label("used_at"))
    tokens = tokens.group_by(api_token.c.user_id)
    token = tokens.subquery()
    logins = select(login_session.c.user_id, func.max(login_session.c.last_seen_at).label("seen_at"))
    login = logins.group_by(login_session.c.user_id).subquery()
    query = (
        select(users.c.id, users.c.created_on, users.c.last_login, account.c.enabled_at)
        .add_columns(token.c.used_at, login.c.seen_at)
        .join(account, account.c.user_id == users.c.id)
        .outerjoin(token, token.c.user_id == users.c.id)
        .outerjoin(login, login.c.user_id == users.c.id)
        .where(users.c.active.is_(True))
        .where(or_(account.c.expires_at.is_(None), account.c.expires_at > uow.at))
    )
    if user_id is not None:
        query = query.where(users.c.id == user_id)
    latest = {row.id: max(filter(None, map(_utc, row[1:])), default=None) for row in uow.conn.execute(query)}
    oldest = uow.at - timedelta(days=days)
    return {user: at for user, at in latest.items() if at is not None and at <= oldest}


def _utc(at: datetime | None) -> datetime | None:
    # Flask-AppBuilder's columns are naive UTC.
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _tell(uow: UnitOfWork, user_id: int) -> None:
    user, days = get_user(uow, user_id), account_policy(uow).max_unused_days
    news = News(
        kind="account.unused",
        key=f"account.unused:{user_id}:{int(uow.at.timestamp())}",
        zh=f"{user.display_name}（{user.name}）超过 {days} 天未使用，账号已停用",
        en=f"{user.display_name} ({user.name}) was unused for more than {days} days and is disabled",
        link=f"/users?open={user_id}",
    )
    notify(uow, holders(uow.conn, "manage", "users"), news)
