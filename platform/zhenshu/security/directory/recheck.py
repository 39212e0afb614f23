"""Whoever the directory lets in no longer is signed out here, by a duty that looks every few minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from zhenshu.audit import record
from zhenshu.security.directory.opened import directory_of
from zhenshu.security.policy import Channel
from zhenshu.security.sessions import end_sessions_of
from zhenshu.security.subject import SYSTEM
from zhenshu.security.tables import account, api_token, login_session
from zhenshu.security.tokens import revoke_tokens_of

if TYPE_CHECKING:
    from zhenshu.instance import Instance

EVERY: Final = 300.0  # seconds


def recheck_directory(instance: Instance) -> None:
    """End logins and tokens of those whose entry is gone or may no longer sign in.

    Raises:
        DirectoryUnavailable: who is in stays until the login's own end.
    """
    directory = directory_of(instance)
    if directory is None or not (linked := _linked_and_in(instance)):
        return
    present = directory.present(list(linked.values()))
    for user_id in (user_id for user_id, entry in linked.items() if entry not in present):
        with instance.write(SYSTEM, Channel.API, purpose="directory") as uow:
            end_sessions_of(uow, user_id)
            revoke_tokens_of(uow, user_id)
            record(uow, "end", "sessions", f"user:{user_id}", detail={"by": "directory"})


def _linked_and_in(instance: Instance) -> dict[int, str]:
    """The entries of users of the directory who have an open login or a token that holds."""
    s, t = login_session.c, api_token.c
    with instance.read(SYSTEM, Channel.API) as uow:
        logins = select(s.user_id).where(s.ended_at.is_(None), s.expires_at > uow.at)
        holds = or_(t.expires_at.is_(None), t.expires_at > uow.at)
        tokens = select(t.user_id).where(t.revoked_at.is_(None), holds)
        is_in = or_(account.c.user_id.in_(logins), account.c.user_id.in_(tokens))
        query = select(account.c.user_id, account.c.directory_id)
        rows = uow.conn.execute(
            query.where(account.c.directory.is_(True), account.c.directory_id.is_not(None), is_in)
        )
        return {row.user_id: row.directory_id for row in rows}


def is_present(instance: Instance, user_id: int) -> bool:
    """Whether `user_id` is no user of the directory, or one whom it lets in now.

    Raises:
        DirectoryUnavailable.
    """
    with instance.read(SYSTEM, Channel.API) as uow:
        query = select(account.c.directory, account.c.directory_id).where(account.c.user_id == user_id)
        row = uow.conn.execute(query).one()
    if not row.directory:
        return True
    directory = directory_of(instance)
    if directory is None or row.directory_id is None:
        return False
    return row.directory_id in directory.present([row.directory_id])
