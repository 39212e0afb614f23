"""Reading users as administrators see them: one, or a page of those that fit a filter."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import Role, User, assoc_user_role
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.phones import BadPhone, masked_phone, normal_phone, phone_index
from zhenshu.security.tables import account, second_factor
from zhenshu.security.throttle import locked_names

users = User.__table__
roles = Role.__table__

STATES = ("active", "disabled", "expired", "locked")


@dataclass(frozen=True, slots=True)
class UserInfo:
    """A user as administrators see one; instants are UTC. `phone` is shown in part.

    `state` says whether the user can sign in: active, disabled by an administrator, expired with the
    account, or locked after too many failures. `expires_at` is the end of the account itself. Of one of the
    `directory` (LDAP) the password is kept there.
    """

    id: int
    name: str
    display_name: str
    roles: tuple[str, ...]
    active: bool
    state: str
    language: str
    phone: str
    directory: bool
    second_factor: bool
    must_change_password: bool
    password_changed_at: datetime
    expires_at: datetime | None
    created_at: datetime | None
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users to list. `search` is part of a name or display name, or a whole phone number."""

    search: str = ""
    role: str = ""
    state: str = ""


EVERYONE = UserFilter()


def normal_name(name: str) -> str:
    """The one spelling of a user name: NFKC, lower case, without outer space."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def get_user(uow: UnitOfWork, user_id: int) -> UserInfo:
    """
    Raises:
        NotFound: when there is no such user.
    """
    found = _read(uow, _all_users.where(users.c.id == user_id))
    if not found:
        raise NotFound(kind="user", kind_zh="用户", name=user_id)
    return found[0]


def find_user(uow: UnitOfWork, name: str) -> UserInfo:
    """
    Raises:
        NotFound: when nobody has that name.
    """
    found = _read(uow, _all_users.where(users.c.username == normal_name(name)))
    if not found:
        raise NotFound(kind="user", kind_zh="用户", name=name)
    return found[0]


def list_users(
    uow: UnitOfWork, after: int = 0, limit: int = 50, wanted: UserFilter = EVERYONE
) -> list[UserInfo]:
    """Users in the order of their ids, from the one after id `after`."""
    query = _all_users.where(users.c.id > after, *_conditions(uow, wanted))
    return _read(uow, query.order_by(users.c.id).limit(limit))


_all_users = select(
    users.c.id, users.c.username, users.c.first_name, users.c.active, users.c.last_login, users.c.created_on,
    account.c.language, account.c.must_change_password, account.c.password_changed_at, account.c.expires_at,
    account.c.phone_sealed, account.c.directory, second_factor.c.enrolled_at,
).join(account, account.c.user_id == users.c.id).outerjoin(
    second_factor, second_factor.c.user_id == users.c.id
)  # fmt: skip


def _conditions(uow: UnitOfWork, wanted: UserFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.search.strip():
        conditions.append(_matches(uow, wanted.search))
    if wanted.role:
        held = assoc_user_role.c
        holders = select(held.user_id).join(roles, roles.c.id == held.role_id)
        conditions.append(users.c.id.in_(holders.where(roles.c.name == wanted.role)))
    if wanted.state:
        conditions.append(_is_in_state(uow, wanted.state))
    return conditions


def _matches(uow: UnitOfWork, search: str) -> ColumnElement[bool]:
    needle = normal_name(search)
    parts = [
        users.c.username.contains(needle, autoescape=True),
        func.lower(users.c.first_name).contains(needle, autoescape=True),
    ]
    with suppress(BadPhone):  # most searches are names
        parts.append(account.c.phone_index == phone_index(uow.instance, normal_phone(search)))
    return or_(*parts)


def _is_in_state(uow: UnitOfWork, state: str) -> ColumnElement[bool]:
    ended = account.c.expires_at.is_not(None) & (account.c.expires_at <= uow.at)
    active: ColumnElement[bool] = users.c.active.is_(True)
    if state == "disabled":
        return ~active
    if state == "expired":
        return and_(active, ended)
    locked = users.c.username.in_(locked_names(uow, uow.conn.scalars(select(users.c.username)).all()))
    return and_(active, ~ended, locked if state == "locked" else ~locked)


def _read(uow: UnitOfWork, query: Select[Any]) -> list[UserInfo]:
    rows = uow.conn.execute(query).all()
    held = _roles_of(uow, [row.id for row in rows])
    locked = locked_names(uow, [row.username for row in rows])
    return [_info(uow, row, held.get(row.id, []), row.username in locked) for row in rows]


def _info(uow: UnitOfWork, row: Row[Any], held: list[str], locked: bool) -> UserInfo:
    return UserInfo(
        id=row.id,
        name=row.username,
        display_name=row.first_name,
        roles=tuple(sorted(held)),
        active=bool(row.active),
        state=_state(uow, row, locked),
        language=row.language,
        phone=masked_phone(uow.instance, row.phone_sealed),
        directory=row.directory,
        second_factor=row.enrolled_at is not None,
        must_change_password=row.must_change_password,
        password_changed_at=row.password_changed_at,
        expires_at=row.expires_at,
        created_at=row.created_on and row.created_on.replace(tzinfo=UTC),
        last_login_at=row.last_login and row.last_login.replace(tzinfo=UTC),
    )


def _state(uow: UnitOfWork, row: Row[Any], locked: bool) -> str:
    if not row.active:
        return "disabled"
    if row.expires_at is not None and row.expires_at <= uow.at:
        return "expired"
    return "locked" if locked else "active"


def _roles_of(uow: UnitOfWork, user_ids: Collection[int]) -> dict[int, list[str]]:
    held = assoc_user_role.c
    joined = select(held.user_id, roles.c.name).join(roles, roles.c.id == held.role_id)
    result: dict[int, list[str]] = {}
    for user_id, name in uow.conn.execute(joined.where(held.user_id.in_(user_ids))):
        result.setdefault(user_id, []).append(name)
    return result
