"""Requests for access: asked by users, decided by those who answer for the data, watched by both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metamodel.api.access_shapes import (
    ACTIONS,
    GRADE,
    PROCESS,
    REASON,
    REQUEST,
    YES_NO,
    known,
    label_of,
    request_view,
    step_view,
    use_view,
)
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.instants import INSTANT_PATTERN, NoSuchInstant, instant_of
from zhenshu.security.requests import (
    STATES,
    AskedAlready,
    AskWrong,
    NotForYou,
    OwnRequest,
    Request,
    RequestSettled,
    Wanted,
    WiderThanAsked,
    ask,
    get_request,
    grant,
    in_order,
    list_requests,
    refuse,
    revoke,
    steps_of,
    take_back,
    uses_of,
)
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import PAGING, TEXT, object_of, page, page_of, query_of

CODE = TEXT | {"maxLength": 64}
END = {
    "type": "string",
    "pattern": INSTANT_PATTERN,
    "description": "The first instant at which it no longer holds",
}
BOX = {
    "enum": ["mine", "waiting", "all"],
    "default": "mine",
    "description": "One's own, those to be decided by the caller, or all that the caller may see",
}
SOME_ACTIONS = ACTIONS | {"minItems": 1}
GIVEN_REASON = REASON | {"minLength": 1}
WANTED = {
    "record_type": CODE | {"description": "Empty or left out: the whole database"},
    "actions": SOME_ACTIONS,
    "identifying": YES_NO,
    "grade": GRADE,
    "ends_at": END,
}
DECIDING = (NotFound, NotForYou, OwnRequest, RequestSettled)


class AccessRequests(Api):
    @endpoint(
        "GET", "/access/requests",
        summary={"zh": "访问申请", "en": "Requests for access, the newest first."},
        needs=None,
        params=query_of({**PAGING, "box": BOX, "state": {"enum": list(STATES)}}),
        returns={200: page_of(REQUEST)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        """`after` is the id below which to go on."""
        limit = self.params["limit"]
        with self.read() as uow:
            found = list_requests(
                uow, self.params["box"], self.params.get("state", ""), self.params["after"], limit
            )
            return page([request_view(uow, each) for each in found], limit)

    @endpoint(
        "POST", "/access/requests",
        summary={"zh": "申请访问", "en": "Ask for access to a database or a record type."},
        needs=None,
        body=object_of(
            {"database": CODE, **WANTED, "reason": GIVEN_REASON, "project": CODE},
            required=["database", "actions", "ends_at", "reason"],
        ),
        returns={201: REQUEST},
        errors=[NotFound, AskedAlready, AskWrong, NoSuchInstant],
    )  # fmt: skip
    def ask(self) -> dict[str, Any]:
        body = self.body
        with self.write() as uow:
            label = known(uow, body["database"], body.get("record_type", ""))
            made = ask(uow, body["database"], _wanted(body), body["reason"], label, body.get("project", ""))
            return request_view(uow, made)

    @endpoint(
        "GET", "/access/requests/<int:id>",
        summary={"zh": "一份申请的过程", "en": "A request with its steps and the uses of what was granted."},
        needs=None,
        returns={200: PROCESS},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            request = get_request(uow, id)
            uses = uses_of(uow, request.grant_id) if request.grant_id is not None else []
            return {
                "request": request_view(uow, request),
                "steps": [step_view(step) for step in steps_of(uow, id)],
                "uses": [use_view(use) for use in uses],
            }

    @endpoint(
        "POST", "/access/requests/<int:id>/grant",
        summary={"zh": "批准申请", "en": "Grant what was asked for, or less; what is left out is as asked."},
        needs=("manage", "grants"),
        body=object_of({**WANTED, "reason": REASON}, required=[]),
        returns={200: REQUEST},
        errors=[*DECIDING, WiderThanAsked, AskWrong, NoSuchInstant],
    )  # fmt: skip
    def grant(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            request = get_request(uow, id)
            given = _given(self.body, request.wanted)
            known(uow, request.database, given.record_type)
            made = grant(uow, id, given, self.body.get("reason", ""), _label(uow, request))
            return request_view(uow, made)

    @endpoint(
        "POST", "/access/requests/<int:id>/refuse",
        summary={"zh": "拒绝申请", "en": "Refuse a request, with the reason."},
        needs=("manage", "grants"),
        body=object_of({"reason": GIVEN_REASON}),
        returns={200: REQUEST},
        errors=DECIDING,
    )  # fmt: skip
    def refuse(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            label = _label(uow, get_request(uow, id))
            return request_view(uow, refuse(uow, id, self.body["reason"], label))

    @endpoint(
        "POST", "/access/requests/<int:id>/revoke",
        summary={"zh": "收回授权", "en": "Take back what was granted, with the reason; at once."},
        needs=("manage", "grants"),
        body=object_of({"reason": GIVEN_REASON}),
        returns={200: REQUEST},
        errors=DECIDING,
    )  # fmt: skip
    def revoke(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            label = _label(uow, get_request(uow, id))
            return request_view(uow, revoke(uow, id, self.body["reason"], label))

    @endpoint(
        "POST", "/access/requests/<int:id>/withdraw",
        summary={"zh": "撤回申请", "en": "Withdraw one's own request before it is decided."},
        needs=None,
        returns={200: REQUEST},
        errors=[NotFound, OwnRequest, RequestSettled],
    )  # fmt: skip
    def withdraw(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return request_view(uow, take_back(uow, id))


def _wanted(body: Mapping[str, Any]) -> Wanted:
    return Wanted(
        actions=in_order(body["actions"]),
        ends_at=instant_of(body["ends_at"]),
        record_type=body.get("record_type", ""),
        identifying=body.get("identifying", False),
        grade=body.get("grade", 0),
    )


def _given(body: Mapping[str, Any], asked: Wanted) -> Wanted:
    return Wanted(
        actions=in_order(body.get("actions", asked.actions)),
        ends_at=instant_of(body["ends_at"]) if "ends_at" in body else asked.ends_at,
        record_type=body.get("record_type", asked.record_type),
        identifying=body.get("identifying", asked.identifying),
        grade=body.get("grade", asked.grade),
    )


def _label(uow: UnitOfWork, request: Request) -> dict[str, str]:
    return label_of(uow, request.database)
