"""Bearer tokens for scripts: made, listed and revoked by their owner."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.sessions import token_hash
from zhenshu.security.tables import api_token

PREFIX = "zst_"  # by which scanners for leaked secrets know our tokens


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token without its value. `revoked_at` or a past `expires_at`: it opens nothing any more."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; `value` can't be read again."""

    token: TokenInfo
    value: str


def create_token(uow: UnitOfWork, user_id: int, name: str, days: int | None = None) -> NewToken:
    """Make a token of `user_id` that holds for `days` (None: until it is revoked)."""
    value = PREFIX + secrets.token_urlsafe(32)
    expires = None if days is None else uow.at + timedelta(days=days)
    row = {
        "token_hash": token_hash(uow.instance, value),
        "user_id": user_id,
        "name": name,
        "created_at": uow.at,
        "expires_at": expires,
    }
    key = uow.conn.execute(insert(api_token).values(row)).inserted_primary_key
    assert key is not None  # an INSERT of one row always has its key
    record(uow, "add", "tokens", str(key[0]), detail={"user": user_id})
    return NewToken(TokenInfo(key[0], name, uow.at, expires, None, None), value)


_columns = select(
    api_token.c.id, api_token.c.name, api_token.c.created_at, api_token.c.expires_at,
    api_token.c.revoked_at, api_token.c.last_used_at,
)  # fmt: skip


def list_tokens(uow: UnitOfWork, user_id: int, after: int = 0, limit: int = 50) -> list[TokenInfo]:
    """The tokens of `user_id` by id, from the one after id `after`."""
    query = _columns.where(api_token.c.user_id == user_id, api_token.c.id > after)
    return [TokenInfo(*row) for row in uow.conn.execute(query.order_by(api_token.c.id).limit(limit))]


def revoke_token(uow: UnitOfWork, user_id: int, token_id: int) -> None:
    """End a token of `user_id` at once; again does nothing.

    Raises:
        NotFound: when the user has no such token.
    """
    own = (api_token.c.user_id == user_id, api_token.c.id == token_id)
    row = uow.conn.execute(select(api_token.c.revoked_at).where(*own)).one_or_none()
    if row is None:
        raise NotFound(kind="token", kind_zh="令牌", name=token_id)
    if row.revoked_at is not None:
        return
    uow.conn.execute(update(api_token).where(*own).values(revoked_at=uow.at))
    record(uow, "revoke", "tokens", str(token_id), detail={"user": user_id})


def revoke_tokens_of(uow: UnitOfWork, user_id: int) -> None:
    """End every token of `user_id` at once."""
    own = (api_token.c.user_id == user_id, api_token.c.revoked_at.is_(None))
    uow.conn.execute(update(api_token).where(*own).values(revoked_at=uow.at))
