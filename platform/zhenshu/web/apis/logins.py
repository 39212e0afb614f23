"""The open logins of a user: one's own to know again and to end, and anybody's for those who manage users."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zhenshu.errors import NotFound
from zhenshu.security.people import get_user
from zhenshu.security.sessions import end_login, end_logins, open_logins
from zhenshu.web.api import Api, endpoint
from zhenshu.web.apis.users import MANAGE, VIEW
from zhenshu.web.schemas import ID, INSTANT, TEXT, list_of, object_of

LOGIN = object_of(
    {
        "id": ID,
        "address": TEXT,
        "device": TEXT | {"description": "As its browser calls itself"},
        "created_at": INSTANT,
        "last_seen_at": INSTANT,
        "ends_at": INSTANT | {"description": "If nobody works with it"},
        "current": {"type": "boolean", "description": "This request came by it"},
    }
)
LOGINS = object_of({"items": list_of(LOGIN)})


class Logins(Api):
    @endpoint(
        "GET", "/session/logins",
        summary={"zh": "自己的登录设备", "en": "One's own open logins, the latest used first."},
        needs=None,
        returns={200: LOGINS},
    )  # fmt: skip
    def list_own(self) -> dict[str, Any]:
        return self._listed(self._user)

    @endpoint(
        "DELETE", "/session/logins/<int:id>",
        summary={"zh": "退出一个登录", "en": "End one of one's own logins."},
        needs=None,
        returns={204: None},
        errors=[NotFound],
    )  # fmt: skip
    def end_own(self, id: int) -> None:
        with self.write() as uow:
            end_login(uow, self._user, id)

    @endpoint(
        "POST", "/session/logins/end-others",
        summary={"zh": "退出其他所有登录", "en": "End one's own logins, except this one."},
        needs=None,
        returns={204: None},
    )  # fmt: skip
    def end_others(self) -> None:
        with self.write() as uow:
            end_logins(uow, self._user, but=self._this)

    @endpoint(
        "GET", "/users/<int:id>/logins",
        summary={"zh": "用户的登录设备", "en": "The open logins of a user."},
        needs=VIEW,
        returns={200: LOGINS},
        errors=[NotFound],
    )  # fmt: skip
    def list_of_user(self, id: int) -> dict[str, Any]:
        return self._listed(id)

    @endpoint(
        "POST", "/users/<int:id>/logins/end",
        summary={"zh": "退出用户的所有登录", "en": "End all logins of a user; tokens hold on."},
        needs=MANAGE,
        returns={204: None},
        errors=[NotFound],
    )  # fmt: skip
    def end_of_user(self, id: int) -> None:
        with self.write() as uow:
            end_logins(uow, get_user(uow, id).id)

    def _listed(self, user_id: int) -> dict[str, Any]:
        with self.read() as uow:
            found = open_logins(uow, get_user(uow, user_id).id)
        return {"items": [asdict(login) | {"current": login.id == self._this} for login in found]}

    @property
    def _this(self) -> int | None:
        return self.caller.session_id if self.caller else None

    @property
    def _user(self) -> int:
        assert self.subject.id is not None  # the door let only users in
        return self.subject.id
