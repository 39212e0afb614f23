"""Accounts: making users, their roles, passwords and state. Every act is audited in its transaction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import Role, User, assoc_user_role
from sqlalchemy import Select, delete, func, insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Conflict, NotFound, ZhenshuError
from zhenshu.security.passwords import HISTORY, check_password, hash_password, one_time_password
from zhenshu.security.roles import EXCLUSIVE
from zhenshu.security.sessions import end_sessions_of
from zhenshu.security.tables import account, password_history
from zhenshu.security.throttle import forgive

users = User.__table__
roles = Role.__table__

NAME_PATTERN = "^[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._@-]{1,63}$"
LAST_GUARD = "hospital_admin"  # without one of them nobody could make users any more


@dataclass(frozen=True, slots=True)
class UserInfo:
    """A user as administrators see one. `last_login_at` is UTC."""

    id: int
    name: str
    display_name: str
    roles: tuple[str, ...]
    active: bool
    language: str
    must_change_password: bool
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user just made or reset. `one_time_password`, if one was made, can't be read again."""

    user: UserInfo
    one_time_password: str | None


class BadUserName(ZhenshuError):
    """A user name has 2 to 64 letters, digits, Chinese characters or . _ @ -. No user was made."""

    status = 422
    zh = "用户名须为 2 至 64 个字母、数字、汉字或 . _ @ - 字符。未新建用户。"


class NoSuchRole(ZhenshuError):
    """There is no role {names}. Nothing was changed; the roles are {known}."""

    status = 422
    zh = "没有名为 {names} 的角色。未作任何修改，可用的角色：{known}。"


class UserExists(Conflict):
    """There is already a user named {name}. Nothing was changed."""

    zh = "已有名为 {name} 的用户。未作任何修改。"


class RolesExclusive(Conflict):
    """Nobody may hold two of the administrator roles {names}. Nothing was changed."""

    zh = "同一用户不得兼任多个管理员角色（{names}）。未作任何修改。"


class LastAdministrator(Conflict):
    """{name} is the last active hospital administrator. Nothing was changed; appoint another one first."""

    zh = "{name} 是最后一位在用的医院管理员。未作任何修改，请先指定另一位。"


class OwnRoles(Conflict):
    """You can't change your own roles or deactivate yourself. Nothing was changed; ask another one."""

    zh = "您不能修改自己的角色或停用自己。未作任何修改，请由其他管理员操作。"


def normal_name(name: str) -> str:
    """The one spelling of a user name: NFKC, lower case, without outer space."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def create_user(
    uow: UnitOfWork, name: str, role: str | Sequence[str], password: str | None = None, *,
    display_name: str = "", language: str = "",
) -> NewUser:  # fmt: skip
    """Make an active user. Without `password` a random one is made, to be changed at the first login.

    Raises:
        BadUserName, UserExists, NoSuchRole, RolesExclusive, WeakPassword.
    """
    name = normal_name(name)
    if not re.fullmatch(NAME_PATTERN, name):
        raise BadUserName
    role_ids = _role_ids(uow, [role] if isinstance(role, str) else role)
    if uow.conn.execute(select(users.c.id).where(users.c.username == name)).first():
        raise UserExists(name=name)
    secret = password if password is not None else one_time_password()
    check_password(secret, name)
    user_id = _insert_user(uow, name, display_name or name, hash_password(secret))
    uow.conn.execute(insert(account).values(_account(uow, user_id, language, must_change=password is None)))
    _write_roles(uow, user_id, role_ids.values())
    record(uow, "add", "users", str(user_id), detail={"roles": sorted(role_ids)})
    return NewUser(get_user(uow, user_id), None if password is not None else secret)


def _insert_user(uow: UnitOfWork, name: str, display_name: str, password_hash: str) -> int:
    # Flask-AppBuilder's columns are naive UTC here; an e-mail address is required, `.invalid` never delivers.
    now = uow.at.replace(tzinfo=None)
    row = {
        "username": name,
        "first_name": display_name[:64],
        "last_name": "",
        "email": f"{name}@users.invalid",
        "password": password_hash,
        "active": True,
        "login_count": 0,
        "fail_login_count": 0,
        "created_on": now,
        "changed_on": now,
        "created_by_fk": uow.subject.id,
        "changed_by_fk": uow.subject.id,
    }
    key = uow.conn.execute(insert(users).values(row)).inserted_primary_key
    assert key is not None  # an INSERT of one row always has its key
    return int(key[0])


def _account(uow: UnitOfWork, user_id: int, language: str, *, must_change: bool) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "language": language,
        "must_change_password": must_change,
        "password_changed_at": uow.at,
    }


def get_user(uow: UnitOfWork, user_id: int) -> UserInfo:
    """
    Raises:
        NotFound: when there is no such user.
    """
    found = _users(uow, _all_users.where(users.c.id == user_id))
    if not found:
        raise NotFound(kind="user", kind_zh="用户", name=user_id)
    return found[0]


def find_user(uow: UnitOfWork, name: str) -> UserInfo:
    """
    Raises:
        NotFound: when nobody has that name.
    """
    found = _users(uow, _all_users.where(users.c.username == normal_name(name)))
    if not found:
        raise NotFound(kind="user", kind_zh="用户", name=name)
    return found[0]


def list_users(uow: UnitOfWork, after: int = 0, limit: int = 50) -> list[UserInfo]:
    """Users in the order of their ids, from the one after id `after`."""
    return _users(uow, _all_users.where(users.c.id > after).order_by(users.c.id).limit(limit))


_all_users = select(
    users.c.id, users.c.username, users.c.first_name, users.c.active, users.c.last_login,
    account.c.language, account.c.must_change_password,
).join(account, account.c.user_id == users.c.id)  # fmt: skip


def _users(uow: UnitOfWork, query: Select[Any]) -> list[UserInfo]:
    rows = uow.conn.execute(query).all()
    held = _roles_of(uow, [row.id for row in rows])
    return [
        UserInfo(
            id=row.id,
            name=row.username,
            display_name=row.first_name,
            roles=tuple(sorted(held.get(row.id, ()))),
            active=bool(row.active),
            language=row.language,
            must_change_password=row.must_change_password,
            last_login_at=row.last_login and row.last_login.replace(tzinfo=UTC),
        )
        for row in rows
    ]


def _roles_of(uow: UnitOfWork, user_ids: Collection[int]) -> dict[int, list[str]]:
    held = assoc_user_role.c
    joined = select(held.user_id, roles.c.name).join(roles, roles.c.id == held.role_id)
    result: dict[int, list[str]] = {}
    for user_id, name in uow.conn.execute(joined.where(held.user_id.in_(user_ids))):
        result.setdefault(user_id, []).append(name)
    return result


def _role_ids(uow: UnitOfWork, names: Sequence[str]) -> dict[str, int]:
    wanted = set(names)
    if len(wanted & EXCLUSIVE) > 1:
        raise RolesExclusive(names=", ".join(sorted(wanted & EXCLUSIVE)))
    found = {row.name: row.id for row in uow.conn.execute(select(roles).where(roles.c.name.in_(wanted)))}
    if missing := wanted - set(found):
        known = uow.conn.execute(select(roles.c.name).order_by(roles.c.name)).scalars()
        raise NoSuchRole(names=", ".join(sorted(missing)), known=", ".join(known))
    return found


def _write_roles(uow: UnitOfWork, user_id: int, role_ids: Collection[int]) -> None:
    uow.conn.execute(delete(assoc_user_role).where(assoc_user_role.c.user_id == user_id))
    rows = [{"user_id": user_id, "role_id": role_id} for role_id in role_ids]
    if rows:
        uow.conn.execute(insert(assoc_user_role), rows)


def change_user(
    uow: UnitOfWork, user_id: int, *, roles: Sequence[str] | None = None, active: bool | None = None,
    display_name: str | None = None, language: str | None = None,
) -> UserInfo:  # fmt: skip
    """Change what is given. A user who is deactivated is signed out everywhere, tokens included.

    Raises:
        NotFound, NoSuchRole, RolesExclusive, OwnRoles, LastAdministrator.
    """
    before = get_user(uow, user_id)
    if roles is not None or active is not None:
        _change_access(uow, before, roles, active)
    if display_name is not None:
        uow.conn.execute(update(users).where(users.c.id == user_id).values(first_name=display_name))
    if language is not None:
        uow.conn.execute(update(account).where(account.c.user_id == user_id).values(language=language))
    changed = {"roles": roles, "active": active, "display_name": display_name, "language": language}
    fields = [field for field, value in changed.items() if value is not None]
    detail = {"roles": sorted(roles)} if roles is not None else None
    record(uow, "edit", "users", str(user_id), fields=fields, detail=detail)
    return get_user(uow, user_id)


def _change_access(
    uow: UnitOfWork, before: UserInfo, names: Sequence[str] | None, active: bool | None
) -> None:
    if before.id == uow.subject.id:
        raise OwnRoles
    stays = LAST_GUARD in (before.roles if names is None else names) and active is not False
    if LAST_GUARD in before.roles and before.active and not stays and _count_guards(uow) == 1:
        raise LastAdministrator(name=before.name)
    if names is not None:
        _write_roles(uow, before.id, _role_ids(uow, names).values())
    if active is not None:
        uow.conn.execute(update(users).where(users.c.id == before.id).values(active=active))
    if active is False:
        end_sessions_of(uow, before.id)


def _count_guards(uow: UnitOfWork) -> int:
    held = assoc_user_role.c
    query = (
        select(func.count())
        .select_from(users)
        .join(assoc_user_role, held.user_id == users.c.id)
        .join(roles, roles.c.id == held.role_id)
        .where(roles.c.name == LAST_GUARD, users.c.active.is_(True))
    )
    return uow.conn.execute(query).scalar_one()


def choose_language(uow: UnitOfWork, language: str) -> None:
    """Keep the language that the subject of `uow` works in. It opens nothing, so it leaves no audit row."""
    uow.conn.execute(update(account).where(account.c.user_id == uow.subject.id).values(language=language))


def unlock_user(uow: UnitOfWork, user_id: int) -> None:
    """Let a user who failed to log in too often try again at once."""
    forgive(uow, get_user(uow, user_id).name)
    record(uow, "unlock", "users", str(user_id))


def reset_password(uow: UnitOfWork, user_id: int) -> NewUser:
    """Give a user a one-time password, to be changed at the next login, and end the user's logins."""
    user = get_user(uow, user_id)
    secret = one_time_password()
    _write_password(uow, user_id, secret, must_change=True)
    end_sessions_of(uow, user_id)
    forgive(uow, user.name)
    record(uow, "reset_password", "users", str(user_id))
    return NewUser(get_user(uow, user_id), secret)


def set_password(uow: UnitOfWork, user_id: int, password: str, *, keep_session: int | None = None) -> None:
    """Set a password that the user chose; ends the user's other logins.

    Raises:
        WeakPassword: when the policy refuses it or it is one of the last HISTORY.
    """
    user = get_user(uow, user_id)
    check_password(password, user.name, _earlier_hashes(uow, user_id))
    _write_password(uow, user_id, password, must_change=False)
    end_sessions_of(uow, user_id, but=keep_session)
    record(uow, "change_password", "users", str(user_id))


def _write_password(uow: UnitOfWork, user_id: int, password: str, *, must_change: bool) -> None:
    old = uow.conn.execute(select(users.c.password).where(users.c.id == user_id)).scalar_one()
    uow.conn.execute(insert(password_history).values(user_id=user_id, password_hash=old, at=uow.at))
    uow.conn.execute(update(users).where(users.c.id == user_id).values(password=hash_password(password)))
    values = {"must_change_password": must_change, "password_changed_at": uow.at}
    uow.conn.execute(update(account).where(account.c.user_id == user_id).values(values))


def _earlier_hashes(uow: UnitOfWork, user_id: int) -> list[str]:
    history = select(password_history.c.password_hash).where(password_history.c.user_id == user_id)
    newest = history.order_by(password_history.c.id.desc()).limit(HISTORY - 1)
    current = select(users.c.password).where(users.c.id == user_id)
    return [*uow.conn.scalars(current), *uow.conn.scalars(newest)]
