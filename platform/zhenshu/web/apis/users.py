"""Users and roles, for those who manage users."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from zhenshu.errors import NotFound
from zhenshu.instants import INSTANT_PATTERN, NoSuchInstant, instant_of
from zhenshu.security.account_policy import BOUNDS, account_policy, change_account_policy
from zhenshu.security.account_policy import ROLES as SECOND_FACTOR_ROLES
from zhenshu.security.accounts import (
    NAME_PATTERN,
    AdministratorWithData,
    BadUserName,
    DirectoryPassword,
    LastAdministrator,
    NewUser,
    NoSuchRole,
    OwnRoles,
    RolesExclusive,
    UserExists,
    change_user,
    create_user,
    reset_password,
    unlock_user,
)
from zhenshu.security.directory import require_directory
from zhenshu.security.directory.opened import NoDirectory
from zhenshu.security.people import STATES, UserFilter, get_user, list_users
from zhenshu.security.phones import BadPhone, PhoneTaken
from zhenshu.security.roles import ROLES
from zhenshu.security.second_factor import OwnFactor, demand_enrolment, reset_factor
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import (
    ID,
    INSTANT,
    MAYBE_INSTANT,
    PAGING,
    TEXT,
    Schema,
    list_of,
    object_of,
    page,
    page_of,
    query_of,
)

MANAGE = ("manage", "users")
MANAGE_POLICY = ("manage", "account_policy")
VIEW = ("view", "users")
USER = object_of(
    {
        "id": ID,
        "name": TEXT,
        "display_name": TEXT,
        "roles": list_of(TEXT),
        "active": {"type": "boolean"},
        "state": {"enum": list(STATES)},
        "language": TEXT,
        "phone": TEXT | {"description": "In part, e.g. 138****5678; empty where there is none"},
        "directory": {"type": "boolean", "description": "The password lies in the directory (LDAP)"},
        "second_factor": {"type": "boolean"},
        "must_change_password": {"type": "boolean"},
        "password_changed_at": INSTANT,
        "expires_at": MAYBE_INSTANT | {"description": "The end of the account"},
        "created_at": MAYBE_INSTANT,
        "last_login_at": MAYBE_INSTANT,
    }
)
NEW_USER = object_of({"user": USER, "one_time_password": {"type": ["string", "null"]}})
ROLE = object_of({"name": TEXT, "zh": TEXT, "en": TEXT, "permissions": list_of(TEXT)})

NAME = {"type": "string", "pattern": NAME_PATTERN, "maxLength": 64}
DISPLAY_NAME = {"type": "string", "minLength": 1, "maxLength": 64}
ROLE_NAMES = {"type": "array", "items": TEXT | {"maxLength": 64}, "maxItems": 20, "uniqueItems": True}
LANGUAGE = {"enum": ["", "zh", "en"], "description": "Empty: the language of the request"}
PHONE = {"type": ["string", "null"], "maxLength": 32, "description": "11 digits, or + and the country's code"}
EXPIRES_AT = {"type": ["string", "null"], "pattern": INSTANT_PATTERN, "description": "The end of the account"}
DIRECTORY = {"type": "boolean", "description": "The directory (LDAP) says whose password it is"}
FILTERS: dict[str, Schema] = {
    "search": {"type": "string", "maxLength": 200, "description": "Part of a name, or a whole phone number"},
    "role": TEXT | {"maxLength": 64},
    "state": {"enum": list(STATES)},
}
POLICY = object_of(
    {name: {"type": "integer", "minimum": low, "maximum": high} for name, (low, high) in BOUNDS.items()}
    | {
        SECOND_FACTOR_ROLES: {
            "type": "array",
            "items": {"enum": [role.name for role in ROLES]},
            "uniqueItems": True,
        }
    },
    required=[],
)


class Users(Api):
    @endpoint(
        "GET", "/users",
        summary={"zh": "用户列表", "en": "Users by id, those that fit the filters."},
        needs=VIEW,
        params=query_of({**PAGING, **FILTERS}),
        returns={200: page_of(USER)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        limit = self.params["limit"]
        wanted = UserFilter(**{name: self.params[name] for name in FILTERS if name in self.params})
        with self.read() as uow:
            found = list_users(uow, self.params["after"], limit, wanted)
        return page([asdict(user) for user in found], limit)

    @endpoint(
        "POST", "/users",
        summary={"zh": "新建用户", "en": "Make a user; the one-time password is in this answer only."},
        needs=MANAGE,
        body=object_of(
            {
                "name": NAME,
                "display_name": DISPLAY_NAME,
                "roles": ROLE_NAMES | {"minItems": 1},
                "language": LANGUAGE,
                "phone": PHONE,
                "expires_at": EXPIRES_AT,
                "directory": DIRECTORY,
            },
            required=["name", "roles"],
        ),
        returns={201: NEW_USER},
        errors=[
            BadUserName, NoSuchRole, UserExists, RolesExclusive, AdministratorWithData, BadPhone, PhoneTaken,
            NoSuchInstant, NoDirectory,
        ],
    )  # fmt: skip
    def create(self) -> dict[str, Any]:
        body = self.body
        directory = self._wants_directory()
        with self.write() as uow:
            made = create_user(
                uow, body["name"], body["roles"], display_name=body.get("display_name", ""),
                language=body.get("language", ""), phone=body.get("phone"),
                expires_at=_end(body.get("expires_at")), directory=directory,
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
                "phone": PHONE,
                "expires_at": EXPIRES_AT,
                "directory": DIRECTORY,
            },
            required=[],
        )
        | {"minProperties": 1},
        returns={200: USER},
        errors=[
            NotFound, NoSuchRole, RolesExclusive, AdministratorWithData, OwnRoles, LastAdministrator,
            BadPhone, PhoneTaken, NoSuchInstant, NoDirectory,
        ],
    )  # fmt: skip
    def change(self, id: int) -> dict[str, Any]:
        changes = dict(self.body)
        self._wants_directory()
        if "expires_at" in changes:
            changes["expires_at"] = _end(changes["expires_at"])
        with self.write() as uow:
            return asdict(change_user(uow, id, **changes))

    def _wants_directory(self) -> bool:
        if not self.body.get("directory", False):
            return False
        require_directory(self.instance)
        return True

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
        errors=[NotFound, DirectoryPassword],
    )  # fmt: skip
    def reset_password(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return _new_user(reset_password(uow, id))

    @endpoint(
        "POST", "/users/<int:id>/second-factor/reset",
        summary={"zh": "重置用户的动态口令", "en": "Take away a user's second factor and end their logins."},
        needs=MANAGE,
        returns={204: None},
        errors=[NotFound, OwnFactor],
    )  # fmt: skip
    def reset_factor(self, id: int) -> None:
        with self.write() as uow:
            reset_factor(uow, id)

    @endpoint(
        "GET", "/roles",
        summary={"zh": "角色列表", "en": "The roles that ship, with what they permit."},
        needs=None,  # what roles are called is no secret, and whoever grants must name them
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

    @endpoint(
        "GET", "/account-policy",
        summary={"zh": "账号策略", "en": "How passwords have to be, and when failures lock."},
        needs=VIEW,
        returns={200: POLICY},
    )  # fmt: skip
    def policy(self) -> dict[str, Any]:
        with self.read() as uow:
            return asdict(account_policy(uow))

    @endpoint(
        "PATCH", "/account-policy",
        summary={"zh": "修改账号策略", "en": "Change the policy, within its bounds."},
        needs=MANAGE_POLICY,
        body=POLICY | {"minProperties": 1},
        returns={200: POLICY},
    )  # fmt: skip
    def change_policy(self) -> dict[str, Any]:
        with self.write() as uow:
            policy = change_account_policy(uow, **self.body)
            demand_enrolment(uow)
        return asdict(policy)


def _end(text: str | None) -> datetime | None:
    return None if text is None else instant_of(text)


def _new_user(made: NewUser) -> dict[str, Any]:
    return {"user": asdict(made.user), "one_time_password": made.one_time_password}
