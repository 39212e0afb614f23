"""One's own second factor: bound to a device, changed, taken away."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zhenshu.security.directory import DirectoryUnavailable
from zhenshu.security.login import CodeNeeded, CodeWrong, OldPasswordWrong, confirm_identity
from zhenshu.security.second_factor import (
    FactorRequired,
    NothingToConfirm,
    WrongCode,
    begin_enrolment,
    confirm_enrolment,
    factor_state,
    remove_factor,
)
from zhenshu.security.throttle import TooManyAttempts
from zhenshu.web.api import Api, endpoint
from zhenshu.web.apis.session import CODE, PASSWORD
from zhenshu.web.schemas import MAYBE_INSTANT, TEXT, list_of, object_of

STATE = object_of(
    {"enrolled_at": MAYBE_INSTANT, "required": {"type": "boolean"}, "recovery_left": {"type": "integer"}}
)
IDENTITY = object_of({"password": PASSWORD, "code": CODE}, required=["password"])
REFUSALS = [OldPasswordWrong, CodeNeeded, CodeWrong, TooManyAttempts, DirectoryUnavailable]


class SecondFactor(Api):
    @endpoint(
        "GET", "/session/second-factor",
        summary={"zh": "自己的动态口令", "en": "Whether one has a second factor, and needs one."},
        needs=None,
        returns={200: STATE},
        before_password_change=True,
    )  # fmt: skip
    def show(self) -> dict[str, Any]:
        with self.read() as uow:
            return asdict(factor_state(uow, self._user))

    @endpoint(
        "POST", "/session/second-factor",
        summary={"zh": "开始绑定动态口令", "en": "Make a secret for a device; it counts once it is confirmed."},
        needs=None,
        body=IDENTITY,
        returns={200: object_of({"secret": TEXT, "qr": TEXT | {"description": "A picture, data:image/..."}})},
        errors=REFUSALS,
        before_password_change=True,
    )  # fmt: skip
    def begin(self) -> dict[str, Any]:
        self._confirm_identity()
        with self.write() as uow:
            return asdict(begin_enrolment(uow, self._user))

    @endpoint(
        "POST", "/session/second-factor/confirm",
        summary={"zh": "确认绑定动态口令", "en": "Confirm the device by a code of it; gives recovery codes."},
        needs=None,
        body=object_of({"code": CODE}),
        returns={200: object_of({"recovery_codes": list_of(TEXT)})},
        errors=[NothingToConfirm, WrongCode],
        before_password_change=True,
    )  # fmt: skip
    def confirm(self) -> dict[str, Any]:
        assert self.caller is not None  # the door let only users in
        with self.write() as uow:
            codes = confirm_enrolment(uow, self._user, self.body["code"], self.caller.session_id)
        return {"recovery_codes": codes}

    @endpoint(
        "POST", "/session/second-factor/remove",
        summary={"zh": "解除动态口令", "en": "Take away one's second factor, unless a role asks for it."},
        needs=None,
        body=IDENTITY,
        returns={204: None},
        errors=[*REFUSALS, FactorRequired],
    )  # fmt: skip
    def remove(self) -> None:
        self._confirm_identity()
        with self.write() as uow:
            remove_factor(uow, self._user)

    def _confirm_identity(self) -> None:
        password, code = self.body["password"], self.body.get("code", "")
        confirm_identity(self.instance, self.subject, password, code, request_id=self.request_id)

    @property
    def _user(self) -> int:
        assert self.subject.id is not None  # the door let only users in
        return self.subject.id
