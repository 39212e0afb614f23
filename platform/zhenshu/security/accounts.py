"""Accounts: making users, their roles, passwords and state. Every act is audited in its transaction."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import (
    PermissionView,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from sqlalchemy import delete, insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Conflict, ZhenshuError
from zhenshu.security.account_policy import account_policy
from zhenshu.security.passwords import (
    NO_PASSWORD,
    OneTimePassword,
    check_password,
    hash_password,
    one_time_password,
)
from zhenshu.security.people import UserInfo, get_user, normal_name, roles, users
from zhenshu.security.phones import PhoneTaken, phone_columns
from zhenshu.security.roles import DATA, EXCLUSIVE
from zhenshu.security.second_factor import demand_enrolment
from zhenshu.security.sessions import end_sessions_of
from zhenshu.security.tables import account, password_history
from zhenshu.security.throttle import forgive
from zhenshu.security.tokens import revoke_tokens_of

NAME_PATTERN = "^[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._@-]{1,63}$"
LAST_GUARD = "hospital_admin"  # without one of them nobody could make users any more


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


class AdministratorWithData(Conflict):
    """{admin} administers the system and may not also be {role}, who reaches records. Nothing was changed."""

    zh = "{admin} 是管理员角色，不得兼任可接触病历数据的角色 {role}。未作任何修改。"


class LastAdministrator(Conflict):
    """{name} is the last active hospital administrator. Nothing was changed; appoint another one first."""

    zh = "{name} 是最后一位在用的医院管理员。未作任何修改，请先指定另一位。"


class OwnRoles(Conflict):
    """You can't change your own roles, or end your own account. Nothing was changed; ask another one."""

    zh = "您不能修改自己的角色，也不能停用自己或给自己设置有效期。未作任何修改，请由其他管理员操作。"


class DirectoryPassword(Conflict):
    """The password lies in the hospital's directory (LDAP). Nothing was changed; change it there."""

    zh = "密码由医院目录服务管理。未作任何修改，请在目录服务中修改。"


def create_user(
    uow: UnitOfWork, name: str, role: str | Sequence[str], password: str | None = None, *,
    display_name: str = "", language: str = "", phone: str | None = None, expires_at: datetime | None = None,
    one_time: OneTimePassword | None = None, directory: bool = False, directory_id: str | None = None,
) -> NewUser:  # fmt: skip
    """Make an active user. Without `password` a random one is made, to be changed at the first login;
    `one_time` is one that was hashed before the transaction, which so lasts shorter. One of the `directory`
    has none here; `directory_id` is the entry there, if it is known.

    Raises:
        BadUserName, UserExists, NoSuchRole, RolesExclusive, AdministratorWithData, WeakPassword, BadPhone,
        PhoneTaken.
    """
    name = checked_name(name)
    role_ids = _role_ids(uow, [role] if isinstance(role, str) else role)
    if uow.conn.execute(select(users.c.id).where(users.c.username == name)).first():
        raise UserExists(name=name)
    secret, hashed = (None, NO_PASSWORD) if directory else _first_password(uow, name, password, one_time)
    user_id = _insert_user(uow, name, display_name or name, hashed)
    details = {"language": language, "must_change_password": secret is not None, "expires_at": expires_at}
    linked = {"directory": directory, "directory_id": directory_id}
    row = {"user_id": user_id, "password_changed_at": uow.at, **details, **linked}
    uow.conn.execute(insert(account).values(row | phone_values(uow, user_id, phone)))
    _write_roles(uow, user_id, role_ids.values())
    detail = {"roles": sorted(role_ids)} | ({"directory": True} if directory else {})
    record(uow, "add", "users", str(user_id), detail=detail)
    return NewUser(get_user(uow, user_id), secret)


def _first_password(
    uow: UnitOfWork, name: str, password: str | None, one_time: OneTimePassword | None
) -> tuple[str | None, str]:
    """What to tell of the first password, if it is not the caller's own, and its hash."""
    if password is not None:
        check_password(password, name, account_policy(uow))
        return None, hash_password(password)
    made = one_time or OneTimePassword.make()
    return made.secret, made.hashed


def checked_name(name: str) -> str:
    """
    Raises:
        BadUserName.
    """
    name = normal_name(name)
    if not re.fullmatch(NAME_PATTERN, name):
        raise BadUserName
    return name


def phone_values(uow: UnitOfWork, user_id: int, phone: str | None) -> dict[str, Any]:
    """The columns of `account` that keep `phone`.

    Raises:
        BadPhone, PhoneTaken.
    """
    columns = phone_columns(uow.instance, phone)
    taken = (account.c.phone_index == columns["phone_index"]) & (account.c.user_id != user_id)
    if phone is not None and uow.conn.execute(select(account.c.user_id).where(taken)).first():
        raise PhoneTaken
    return columns


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


def _role_ids(uow: UnitOfWork, names: Sequence[str]) -> dict[str, int]:
    wanted = set(names)
    if len(wanted & EXCLUSIVE) > 1:
        raise RolesExclusive(names=", ".join(sorted(wanted & EXCLUSIVE)))
    found = {row.name: row.id for row in uow.conn.execute(select(roles).where(roles.c.name.in_(wanted)))}
    if missing := wanted - set(found):
        known = uow.conn.execute(select(roles.c.name).order_by(roles.c.name)).scalars()
        raise NoSuchRole(names=", ".join(sorted(missing)), known=", ".join(known))
    _keep_apart(uow, found)
    return found


def _keep_apart(uow: UnitOfWork, role_ids: Mapping[str, int]) -> None:
    """An administrator of the system holds no role, shipped or made here, that reaches data of patients."""
    admins = sorted(EXCLUSIVE & role_ids.keys())
    if not admins:
        return
    others = {id_: name for name, id_ in role_ids.items() if name not in EXCLUSIVE}
    held = assoc_permissionview_role.c
    reaching = (
        select(held.role_id)
        .join(PermissionView, PermissionView.id == held.permission_view_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(ViewMenu.name.in_(DATA), held.role_id.in_(others))
    )
    if names := sorted({others[id_] for id_ in uow.conn.scalars(reaching)}):
        raise AdministratorWithData(admin=admins[0], role=", ".join(names))


def _write_roles(uow: UnitOfWork, user_id: int, role_ids: Collection[int]) -> None:
    uow.conn.execute(delete(assoc_user_role).where(assoc_user_role.c.user_id == user_id))
    rows = [{"user_id": user_id, "role_id": role_id} for role_id in role_ids]
    if rows:
        uow.conn.execute(insert(assoc_user_role), rows)


def change_user(uow: UnitOfWork, user_id: int, **changes: Any) -> UserInfo:
    """Change what is given of CHANGEABLE.

    A user who is disabled is signed out everywhere; tokens end, too, and do not come back. With `directory`
    the password is the directory's from now on; without, the user has none until it is reset.

    Raises:
        NotFound, NoSuchRole, RolesExclusive, AdministratorWithData, OwnRoles, LastAdministrator, BadPhone,
        PhoneTaken.
    """
    assert set(changes) <= CHANGEABLE
    before = get_user(uow, user_id)
    if changes.keys() & {"roles", "active", "expires_at", "directory"}:
        _change_access(uow, before, changes)
    if "display_name" in changes:
        uow.conn.execute(
            update(users).where(users.c.id == user_id).values(first_name=changes["display_name"])
        )
    values: dict[str, Any] = {name: changes[name] for name in ("language", "expires_at") if name in changes}
    if "phone" in changes:
        values |= phone_values(uow, user_id, changes["phone"])
    if values:
        uow.conn.execute(update(account).where(account.c.user_id == user_id).values(values))
    detail: dict[str, Any] = {
        name: changes[name] for name in ("roles", "active", "directory") if name in changes
    }
    record(uow, "edit", "users", str(user_id), fields=sorted(changes), detail=detail or None)
    return get_user(uow, user_id)


CHANGEABLE = frozenset({"roles", "active", "display_name", "language", "phone", "expires_at", "directory"})


def _change_access(uow: UnitOfWork, before: UserInfo, changes: Mapping[str, Any]) -> None:
    if before.id == uow.subject.id:
        raise OwnRoles
    names, active = changes.get("roles"), changes.get("active")
    _keep_a_guard(uow, before, changes)
    if names is not None:
        _write_roles(uow, before.id, _role_ids(uow, names).values())
        demand_enrolment(uow)
    if active is not None:
        uow.conn.execute(update(users).where(users.c.id == before.id).values(active=active))
    if active is False:
        end_sessions_of(uow, before.id)
        revoke_tokens_of(uow, before.id)
    elif active and not before.active:
        uow.conn.execute(update(account).where(account.c.user_id == before.id).values(enabled_at=uow.at))
    if changes.get("directory", before.directory) != before.directory:
        _hand_over(uow, before.id, to_directory=not before.directory)


def _hand_over(uow: UnitOfWork, user_id: int, *, to_directory: bool) -> None:
    """Let the directory say whose password it is, or no longer; either way the one from here is gone."""
    uow.conn.execute(update(users).where(users.c.id == user_id).values(password=NO_PASSWORD))
    values = {"directory": to_directory, "directory_id": None, "must_change_password": False}
    uow.conn.execute(update(account).where(account.c.user_id == user_id).values(values))
    end_sessions_of(uow, user_id)


def _keep_a_guard(uow: UnitOfWork, before: UserInfo, changes: Mapping[str, Any]) -> None:
    stays = LAST_GUARD in changes.get("roles", before.roles) and changes.get("active", True)
    if LAST_GUARD not in before.roles or (stays and changes.get("expires_at") is None):
        return
    if not _other_guards(uow, before.id):
        raise LastAdministrator(name=before.name)


def _other_guards(uow: UnitOfWork, but: int) -> bool:
    """Whether another one can act as LAST_GUARD for as long as nobody says otherwise."""
    guard = select(roles.c.id).where(roles.c.name == LAST_GUARD)
    if not uow.sqlite:
        guard = guard.with_for_update()  # two who remove each other at once take their turns
    held = assoc_user_role.c
    query = (
        select(users.c.id)
        .join(assoc_user_role, held.user_id == users.c.id)
        .join(account, account.c.user_id == users.c.id)
        .where(held.role_id == uow.conn.execute(guard).scalar_one())
        .where(users.c.active.is_(True), account.c.expires_at.is_(None), users.c.id != but)
    )
    return uow.conn.execute(query).first() is not None


def choose_language(uow: UnitOfWork, language: str) -> None:
    """Keep the language that the subject of `uow` works in. It opens nothing, so it leaves no audit row."""
    uow.conn.execute(update(account).where(account.c.user_id == uow.subject.id).values(language=language))


def unlock_user(uow: UnitOfWork, user_id: int) -> None:
    """Let a user who failed to log in too often try again at once."""
    forgive(uow, get_user(uow, user_id).name)
    record(uow, "unlock", "users", str(user_id))


def reset_password(uow: UnitOfWork, user_id: int) -> NewUser:
    """Give a user a one-time password, to be changed at the next login, and end the user's logins.

    Raises:
        NotFound, DirectoryPassword.
    """
    user = get_user(uow, user_id)
    if user.directory:
        raise DirectoryPassword
    secret = one_time_password()
    _write_password(uow, user_id, secret, must_change=True)
    end_sessions_of(uow, user_id)
    forgive(uow, user.name)
    record(uow, "reset_password", "users", str(user_id))
    return NewUser(get_user(uow, user_id), secret)


def set_password(uow: UnitOfWork, user_id: int, password: str, *, keep_session: int | None = None) -> None:
    """Set a password that the user chose; ends the user's other logins.

    Raises:
        WeakPassword: when the policy refuses it as one of the last, for one.
        DirectoryPassword.
    """
    user = get_user(uow, user_id)
    if user.directory:
        raise DirectoryPassword
    policy = account_policy(uow)
    check_password(password, user.name, policy, _earlier_hashes(uow, user_id, policy.history))
    _write_password(uow, user_id, password, must_change=False)
    end_sessions_of(uow, user_id, but=keep_session)
    record(uow, "change_password", "users", str(user_id))


def _write_password(uow: UnitOfWork, user_id: int, password: str, *, must_change: bool) -> None:
    old = uow.conn.execute(select(users.c.password).where(users.c.id == user_id)).scalar_one()
    uow.conn.execute(insert(password_history).values(user_id=user_id, password_hash=old, at=uow.at))
    uow.conn.execute(update(users).where(users.c.id == user_id).values(password=hash_password(password)))
    values = {"must_change_password": must_change, "password_changed_at": uow.at}
    uow.conn.execute(update(account).where(account.c.user_id == user_id).values(values))


def _earlier_hashes(uow: UnitOfWork, user_id: int, count: int) -> list[str]:
    history = select(password_history.c.password_hash).where(password_history.c.user_id == user_id)
    newest = history.order_by(password_history.c.id.desc()).limit(count - 1)
    current = select(users.c.password).where(users.c.id == user_id)
    return [*uow.conn.scalars(current), *uow.conn.scalars(newest)]
