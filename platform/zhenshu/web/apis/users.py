"""Users and roles, for those who manage users."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zhenshu.errors import NotFound
from zhenshu.security.accounts import (
    NAME_PATTERN,
    BadUserName,
    LastAdministrator,
    NewUser,
    NoSuchRole,
    OwnRoles,
    RolesExclusive,
    UserExists,
    change_user,
    create_user,
    get_user,
    list_users,
    reset_password,
    unlock_user,
)
from zhenshu.security.roles import ROLES
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, MAYBE_INSTANT, PAGING, TEXT, list_of, object_of, page, page_of, query_of

MANAGE = ("manage", "users")
VIEW = ("view", "users")
USER = object_of(
    {
        "id": ID,
        "name": TEXT,
        "display_name": TEXT,
        "roles": list_of(TEXT),
        "active": {"type": "boolean"},
        "language": TEXT,
        "must_change_password": {"type": "boolean"},
        "last_login_at": MAYBE_INSTANT,
    }
)
NEW_USER = object_of({"user": USER, "one_time_password": {"type": ["string", "null"]}})
ROLE = object_of({"name": TEXT, "zh": TEXT, "en": TEXT, "permissions": list_of(TEXT)})

NAME = {"type": "string", "pattern": NAME_PATTERN, "maxLength": 64}
DISPLAY_NAME = {"type": "string", "minLength": 1, "maxLength": 64}
ROLE_NAMES = {"type": "array", "items": TEXT | {"maxLength": 64}, "maxItems": 20, "uniqueItems": True}
LANGUAGE = {"enum": ["", "zh", "en"], "description": "Empty: the language of the request"}


class Users(Api):
    @endpoint(
        "GET", "/users",
        summary={"zh": "用户列表", "en": "All users."},
        needs=VIEW,
        params=query_of(PAGING),
        returns={200: page_of(USER)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        limit = self.params["limit"]
        with self.read() as uow:
            found = list_users(uow, self.params["after"], limit)
        return page([asdict(user) for user in found], limit)

    @endpoint(
        "POST", "/users",
        summary={"zh": "新建用户", "en": "Make a user; the one-time password is in this answer only."},
        needs=MANAGE,
        body=object_of(
            {"name": NAME, "display_name": DISPLAY_NAME, "roles": ROLE_NAMES, "language": LANGUAGE},
            required=["name", "roles"],
        ),
        returns={201: NEW_USER},
        errors=[BadUserName, NoSuchRole, UserExists, RolesExclusive],
    )  # fmt: skip
    def create(self) -> dict[str, Any]:
        body = self.body
        with self.write() as uow:
            made = create_user(
                uow, body["name"], body["roles"], display_name=body.get("display_name", ""),
                language=body.get("language", ""),
            )  # fmt: skip
        return _new_user(made)

    @endpoint(
        "GET", "/users/<int:id>",
        summary={"zh": "一个用户", "en": "One user."},
        needs=VIEW,
        returns={200: USER},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return asdict(get_user(uow, id))

    @endpoint(
        "PATCH", "/users/<int:id>",
        summary={"zh": "修改用户", "en": "Change roles, state or names of a user, at once."},
        needs=MANAGE,
        body=object_of(
            {
                "roles": ROLE_NAMES,
                "active": {"type": "boolean"},
                "display_name": DISPLAY_NAME,
                "language": LANGUAGE,
            },
            required=[],
        )
        | {"minProperties": 1},
        returns={200: USER},
        errors=[NotFound, NoSuchRole, RolesExclusive, OwnRoles, LastAdministrator],
    )  # fmt: skip
    def change(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return asdict(change_user(uow, id, **self.body))

    @endpoint(
        "POST", "/users/<int:id>/unlock",
        summary={"zh": "解锁用户", "en": "Let a user who failed to sign in too often try again at once."},
        needs=MANAGE,
        returns={204: None},
        errors=[NotFound],
    )  # fmt: skip
    def unlock(self, id: int) -> None:
        with self.write() as uow:
            unlock_user(uow, id)

    @endpoint(
        "POST", "/users/<int:id>/password",
        summary={"zh": "重置用户密码", "en": "Give a user a one-time password and end the user's logins."},
        needs=MANAGE,
        returns={200: NEW_USER},
        errors=[NotFound],
    )  # fmt: skip
    def reset_password(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return _new_user(reset_password(uow, id))

    @endpoint(
        "GET", "/roles",
        summary={"zh": "角色列表", "en": "The roles that ship, with what they permit."},
        needs=VIEW,
        returns={200: object_of({"items": list_of(ROLE)})},
    )  # fmt: skip
    def roles(self) -> dict[str, Any]:
        items = [
            {
                "name": role.name,
                "zh": role.zh,
                "en": role.en,
                "permissions": sorted(f"{action}:{kind}" for action, kind in role.permissions),
            }
            for role in ROLES
        ]
        return {"items": items}


def _new_user(made: NewUser) -> dict[str, Any]:
    return {"user": asdict(made.user), "one_time_password": made.one_time_password}
