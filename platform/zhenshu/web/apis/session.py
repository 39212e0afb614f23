"""Signing in and out, and changing one's password."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from zhenshu.security.account_policy import BOUNDS, ROLES, account_policy
from zhenshu.security.accounts import DirectoryPassword, choose_language
from zhenshu.security.callers import Caller
from zhenshu.security.directory import DirectoryUnavailable
from zhenshu.security.directory.accounts import NotAdmitted
from zhenshu.security.login import (
    CodeNeeded,
    CodeWrong,
    Login,
    OldPasswordWrong,
    WrongPassword,
    change_password,
    log_in,
    log_out,
)
from zhenshu.security.passwords import WeakPassword
from zhenshu.security.people import get_user
from zhenshu.security.phone_login import (
    LASTS,
    NoGateway,
    PhoneNotEnough,
    WrongLoginCode,
    log_in_by_phone,
    send_code,
)
from zhenshu.security.phones import BadPhone
from zhenshu.security.sessions import LONGEST, session_id_of
from zhenshu.security.subjects import load_subject
from zhenshu.security.throttle import TooManyAttempts
from zhenshu.web.api import PUBLIC, Api, endpoint
from zhenshu.web.authentication import COOKIE
from zhenshu.web.errors import NotSignedIn
from zhenshu.web.schemas import ID, INSTANT, TEXT, list_of, object_of

PASSWORD = {"type": "string", "minLength": 1, "maxLength": 1024}
CODE = {"type": "string", "maxLength": 64, "description": "Of the second factor, or a recovery code"}
PHONE = {"type": "string", "minLength": 1, "maxLength": 32}
NAME = {"type": "string", "minLength": 1, "maxLength": 256}
USER = object_of(
    {
        "id": ID,
        "name": TEXT,
        "display_name": TEXT,
        "roles": list_of(TEXT),
        "permissions": list_of(TEXT) | {"description": "action:resource kind, e.g. view:records"},
        "language": TEXT | {"description": "zh or en; what the user chose, else the instance's"},
        "chosen_language": {"enum": ["", "zh", "en"], "description": "Empty: the user chose none"},
        "directory": {"type": "boolean", "description": "The password lies in the directory (LDAP)"},
        "must_change_password": {"type": "boolean"},
        "password_expired": {"type": "boolean", "description": "It must be changed because of its age"},
        "must_enrol": {"type": "boolean", "description": "A second factor has to be bound first"},
        "idle_minutes": {"type": "integer", "description": "Minutes without a request that end the login"},
    }
)
POLICY = object_of({name: {"type": "integer"} for name in BOUNDS} | {ROLES: list_of(TEXT)})
_SIGNED_IN = {
    "csrf_token": TEXT | {"description": "Send it as X-CSRF-Token; empty for a bearer token"},
    "user": USER,
}
SIGNED_IN = object_of(_SIGNED_IN)
PREVIOUS = object_of({"at": INSTANT, "address": TEXT, "failures": {"type": "integer"}})
BEGUN = object_of(
    _SIGNED_IN
    | {
        "previous": PREVIOUS
        | {"type": ["object", "null"], "description": "The login before this one, and failures since then"}
    }
)


class Session(Api):
    @endpoint(
        "POST", "/session",
        summary={"zh": "登录", "en": "Sign in: sets the cookie and gives the CSRF token."},
        needs=PUBLIC,
        body=object_of({"name": NAME, "password": PASSWORD, "code": CODE}, required=["name", "password"]),
        returns={201: BEGUN},
        errors=[
            WrongPassword, CodeNeeded, CodeWrong, TooManyAttempts, NotAdmitted, DirectoryUnavailable,
        ],
    )  # fmt: skip
    def sign_in(self) -> Response:
        login = log_in(
            self.instance, self.body["name"], self.body["password"], self.address,
            code=self.body.get("code", ""), replaces=self._session_of_cookie(), request_id=self.request_id,
            device=_device(),
        )  # fmt: skip
        return self._begun(login)

    @endpoint(
        "GET", "/session/ways",
        summary={"zh": "可用的登录方式", "en": "The ways to sign in that are set up here."},
        needs=PUBLIC,
        returns={200: object_of({"phone": {"type": "boolean"}, "directory": {"type": "boolean"}})},
    )  # fmt: skip
    def ways(self) -> dict[str, Any]:
        settings = self.instance.settings
        return {"phone": bool(settings.sms_gateway), "directory": bool(settings.directory_urls)}

    @endpoint(
        "POST", "/session/phone-code",
        summary={"zh": "获取手机验证码", "en": "Send a code to a phone; the answer tells not whether a user has it."},
        needs=PUBLIC,
        body=object_of({"phone": PHONE}),
        returns={202: object_of({"seconds": {"type": "integer", "description": "that the code lasts"}})},
        errors=[NoGateway, BadPhone, TooManyAttempts],
    )  # fmt: skip
    def send_code(self) -> dict[str, Any]:
        send_code(self.instance, self.body["phone"], self.address, self.request_id)
        return {"seconds": int(LASTS.total_seconds())}

    @endpoint(
        "POST", "/session/phone",
        summary={"zh": "手机验证码登录", "en": "Sign in by phone and code."},
        needs=PUBLIC,
        body=object_of({"phone": PHONE, "code": CODE}),
        returns={201: BEGUN},
        errors=[
            NoGateway, BadPhone, WrongLoginCode, PhoneNotEnough, TooManyAttempts, DirectoryUnavailable,
        ],
    )  # fmt: skip
    def sign_in_by_phone(self) -> Response:
        login = log_in_by_phone(
            self.instance, self.body["phone"], self.body["code"], self.address,
            replaces=self._session_of_cookie(), request_id=self.request_id, device=_device(),
        )  # fmt: skip
        return self._begun(login)

    def _begun(self, login: Login) -> Response:
        self.caller = self._caller_of(login)
        previous = asdict(login.previous) if login.previous else None
        response = self.reply(self._describe() | {"previous": previous}, 201)
        response.set_cookie(
            COOKIE, login.session.token, max_age=int(LONGEST.total_seconds()), httponly=True, samesite="Lax",
            secure=self.instance.settings.secure_cookies or self.instance.settings.is_https,
        )  # fmt: skip
        return response

    def _session_of_cookie(self) -> int | None:
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            return None
        with self.read() as uow:
            return session_id_of(uow, cookie)

    def _caller_of(self, login: Login) -> Caller:
        opened = login.session
        with self.read() as uow:
            subject = load_subject(uow.conn, login.user.id, self.address, self.instance.settings.language)
            return Caller(
                subject, uow.at, must_enrol=login.must_enrol, session_id=opened.id, csrf=opened.csrf
            )

    @endpoint(
        "GET", "/session",
        summary={"zh": "当前登录", "en": "Who is signed in."},
        needs=None,
        returns={200: SIGNED_IN},
        before_password_change=True,
    )  # fmt: skip
    def show(self) -> dict[str, Any]:
        return self._describe()

    def _describe(self) -> dict[str, Any]:
        assert self.caller is not None and self.subject.id is not None  # the door let only users in
        with self.read() as uow:
            user = get_user(uow, self.subject.id)
            expired = account_policy(uow).is_expired(user.password_changed_at, uow.at)
        return {
            "csrf_token": self.caller.csrf,
            "user": {
                "id": user.id,
                "name": user.name,
                "display_name": user.display_name,
                "roles": list(user.roles),
                "permissions": sorted(f"{action}:{kind}" for action, kind in self.subject.permissions),
                "language": self.subject.language,
                "chosen_language": user.language,
                "directory": user.directory,
                "must_change_password": user.must_change_password,
                "password_expired": user.must_change_password and expired,
                "must_enrol": self.caller.must_enrol,
                "idle_minutes": self.instance.settings.session_minutes,
            },
        }

    @endpoint(
        "DELETE", "/session",
        summary={"zh": "退出登录", "en": "Sign out: the cookie is dead at once."},
        needs=None,
        returns={204: None},
        before_password_change=True,
    )  # fmt: skip
    def sign_out(self) -> Response:
        """A bearer token has no login to end; revoke it under /tokens instead."""
        assert self.caller is not None  # the door let only users in
        if self.caller.session_id is None:
            raise NotSignedIn
        with self.write() as uow:
            log_out(uow, self.caller.session_id)
        response = Response(status=204)
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
        return response

    @endpoint(
        "PUT", "/session/language",
        summary={"zh": "选择自己的界面语言", "en": "Choose one's own language; it is remembered for the user."},
        needs=None,
        body=object_of({"language": {"enum": ["zh", "en"]}}),
        returns={204: None},
        before_password_change=True,
    )  # fmt: skip
    def choose_language(self) -> None:
        with self.write() as uow:
            choose_language(uow, self.body["language"])

    @endpoint(
        "POST", "/session/password",
        summary={"zh": "修改自己的密码", "en": "Change one's own password; ends one's other logins."},
        needs=None,
        body=object_of({"old": PASSWORD, "new": PASSWORD}),
        returns={204: None},
        errors=[OldPasswordWrong, WeakPassword, TooManyAttempts, DirectoryPassword],
        before_password_change=True,
    )  # fmt: skip
    def change_password(self) -> None:
        assert self.caller is not None  # the door let only users in
        change_password(
            self.instance, self.subject, self.body["old"], self.body["new"],
            session_id=self.caller.session_id, request_id=self.request_id,
        )  # fmt: skip

    @endpoint(
        "GET", "/session/password-policy",
        summary={"zh": "密码要求", "en": "What a new password has to be like."},
        needs=None,
        returns={200: POLICY},
        before_password_change=True,
    )  # fmt: skip
    def password_policy(self) -> dict[str, Any]:
        with self.read() as uow:
            return asdict(account_policy(uow))

    @endpoint(
        "GET", "/session/idle",
        summary={"zh": "登录剩余时间", "en": "How long this login lasts if nobody does anything."},
        needs=None,
        returns={200: object_of({"seconds_left": {"type": ["integer", "null"], "description": "null: a token"}})},
        before_password_change=True,
        in_background=True,
    )  # fmt: skip
    def idle(self) -> dict[str, Any]:
        """Asking does not count as use. Also counted is the end of every login after 12 hours."""
        assert self.caller is not None  # the door let only users in
        if self.caller.ends_at is None:
            return {"seconds_left": None}
        left = self.caller.ends_at - datetime.now(UTC)
        return {"seconds_left": max(0, int(left.total_seconds()))}


def _device() -> str:
    """What the browser calls itself, for its user to know it again."""
    return request.headers.get("User-Agent", "")
