"""Grants by REST: listed, tried, given, ended; and whom they can be given to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from metamodel.api.shared import instant
from metamodel.api.views import label_view
from metamodel.granting import types_in
from metamodel.opening import Opened, opened_by
from metamodel.queries import QueryWrong
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound, ZhenshuError
from zhenshu.instants import INSTANT_PATTERN, NoSuchInstant, instant_of
from zhenshu.security import Channel, Visibility
from zhenshu.security.grants import (
    GrantFilter,
    GrantInfo,
    NewGrant,
    add_grant,
    end_grant,
    get_grant,
    list_grants,
    require_manages,
    revoke_grant,
)
from zhenshu.security.grants.errors import BeyondOwn, GrantOver, GrantWrong, OwnGrant, RowRuleWrong
from zhenshu.security.grants.giving import check_grant_as_given
from zhenshu.security.grants.model import (
    ACTIONS,
    DUTIES,
    GRADES,
    KINDS,
    MASKED,
    STATES,
    SUBJECT_KINDS,
    kind_of,
)
from zhenshu.security.grants.parties import find_parties, name_parties, users_of
from zhenshu.security.roles import BY_NAME
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import (
    ID,
    INSTANT,
    MAYBE_INSTANT,
    PAGING,
    TEXT,
    list_of,
    object_of,
    page_of,
    query_of,
)

VIEW: Final = ("view", "grants")
MANAGE: Final = ("manage", "grants")
LABEL: Final = object_of({"zh": TEXT, "en": TEXT})
NAMED: Final = object_of({"code": TEXT, "label": LABEL})
SUBJECT: Final = object_of(
    {"kind": {"enum": list(SUBJECT_KINDS)}, "value": TEXT, "duty": {"enum": ["", *DUTIES]}, "label": LABEL}
)
SEEN: Final = {"enum": [each.value for each in Visibility]}
CLASSES: Final = object_of({"plain": SEEN, "identifying": SEEN})
SOME_ACTIONS: Final = {"type": "array", "items": {"enum": list(ACTIONS)}, "minItems": 1, "uniqueItems": True}
CHANNELS: Final = {"type": ["array", "null"], "items": {"enum": [each.value for each in Channel]}}
GRADE: Final = {"enum": list(GRADES), "description": "The highest grade of examinations that it reaches"}
MAYBE_TEXT: Final = {"type": ["string", "null"]}
REASON: Final = {"type": "string", "minLength": 1, "maxLength": 1000}
WHEN: Final = {"type": ["string", "null"], "pattern": INSTANT_PATTERN}
PATH: Final = {"type": "string", "maxLength": 129, "description": "Empty: all; a database; database.type"}
COUNT: Final = {"type": "integer"}
MAYBE_COUNT: Final = {"type": ["integer", "null"], "description": "null: fewer than may be told"}
YES_NO: Final = {"type": "boolean"}
GRANT: Final = object_of(
    {
        "id": ID,
        "kind": {"enum": list(KINDS)},
        "state": {"enum": list(STATES)},
        "subject": SUBJECT,
        "resource": PATH,
        "actions": SOME_ACTIONS,
        "own": YES_NO,
        "where": TEXT,
        "classes": CLASSES,
        "grade": GRADE,
        "channels": CHANNELS,
        "starts_at": INSTANT,
        "ends_at": MAYBE_INSTANT,
        "reason": TEXT,
        "request_id": {"type": ["integer", "null"]},
        "granted_by": TEXT,
        "granted_at": INSTANT,
        "revoked_by": MAYBE_TEXT,
        "revoked_at": MAYBE_INSTANT,
        "revoke_reason": MAYBE_TEXT,
        "one_patient": YES_NO | {"description": "An emergency for one patient's records alone"},
        "may_manage": YES_NO,
    }
)
NEW: Final = object_of(
    {
        "subject": object_of(
            {
                "kind": {"enum": list(SUBJECT_KINDS)},
                "value": {"type": "string", "minLength": 1, "maxLength": 64},
                "duty": {"enum": ["", *DUTIES]},
            },
            ["kind", "value"],
        ),
        "resource": PATH,
        "actions": SOME_ACTIONS,
        "own": YES_NO,
        "where": {"type": "string", "maxLength": 4000},
        "classes": CLASSES,
        "grade": GRADE,
        "channels": CHANNELS,
        "starts_at": WHEN,
        "ends_at": WHEN,
        "reason": REASON,
    },
    ["subject", "resource", "actions", "reason"],
)
OPENED: Final = object_of(
    {
        "database": NAMED, "record_type": NAMED, "rows": MAYBE_COUNT, "total": MAYBE_COUNT, "shown": COUNT,
        "masked": COUNT, "hidden": COUNT,
    }
)  # fmt: skip
PREVIEW: Final = object_of(
    {
        "opens": list_of(OPENED),
        "beyond_role": list_of(object_of({"action": {"enum": list(ACTIONS)}, "roles": list_of(TEXT)})),
        "users": COUNT,
    }
)
GIVING: Final[Sequence[type[ZhenshuError]]] = (
    NotFound, GrantWrong, RowRuleWrong, OwnGrant, BeyondOwn, NoSuchInstant, QueryWrong,
)  # fmt: skip


class Grants(Api):
    @endpoint(
        "GET", "/access/grants",
        summary={"zh": "授权列表", "en": "Grants, the newest first; `after` is the id below which to go on."},
        needs=VIEW,
        params=query_of(
            {
                **PAGING, "subject_kind": {"enum": list(SUBJECT_KINDS)}, "subject_value": TEXT,
                "resource": PATH, "state": {"enum": list(STATES)}, "kind": {"enum": list(KINDS)},
            }
        ),
        returns={200: page_of(GRANT)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        limit = self.params["limit"]
        asked = {name: self.params[name] for name in self.params if name not in PAGING}
        with self.read() as uow:
            found = list_grants(uow, GrantFilter(**asked), self.params["after"], limit)
            following = found[-1].id if len(found) == limit else None
            return {"items": grant_views(uow, found), "next": following}

    @endpoint(
        "POST", "/access/grants",
        summary={"zh": "授权", "en": "Give a grant, never more than one holds and never to oneself."},
        needs=MANAGE,
        body=NEW,
        returns={201: GRANT},
        errors=GIVING,
    )  # fmt: skip
    def add(self) -> dict[str, Any]:
        with self.write() as uow:
            return grant_views(uow, [add_grant(uow, _new(self.body))])[0]

    @endpoint(
        "POST", "/access/grants/preview",
        summary={"zh": "试算授权", "en": "What a grant would open: rows and fields. Nothing is given."},
        needs=MANAGE,
        body=NEW,
        returns={200: PREVIEW},
        errors=GIVING,
    )  # fmt: skip
    def preview(self) -> dict[str, Any]:
        new = _new(self.body)
        with self.read() as uow:
            check_grant_as_given(uow, new)
            opens = [opened_by(uow, *each, new) for each in types_in(uow, new.resource)]
            users = users_of(uow, new.subject_kind, new.subject_value, new.duty)
        beyond = _beyond_role(new)
        return {"opens": [_opened(each) for each in opens], "beyond_role": beyond, "users": users}

    @endpoint(
        "GET", "/access/grants/<int:id>",
        summary={"zh": "一项授权", "en": "One grant."},
        needs=VIEW,
        returns={200: GRANT},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return grant_views(uow, [get_grant(uow, id)])[0]

    @endpoint(
        "POST", "/access/grants/<int:id>/revoke",
        summary={"zh": "收回授权", "en": "End a grant at once."},
        needs=MANAGE,
        body=object_of({"reason": REASON}),
        returns={200: GRANT},
        errors=[NotFound, GrantOver, BeyondOwn],
    )  # fmt: skip
    def revoke(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            require_manages(uow, get_grant(uow, id).resource)
            return grant_views(uow, [revoke_grant(uow, id, self.body["reason"])])[0]

    @endpoint(
        "POST", "/access/grants/<int:id>/end",
        summary={"zh": "调整授权到期时间", "en": "Let a grant end earlier or later; null: without an end."},
        needs=MANAGE,
        body=object_of({"ends_at": WHEN, "reason": REASON}),
        returns={200: GRANT},
        errors=[NotFound, GrantOver, GrantWrong, BeyondOwn, OwnGrant, NoSuchInstant],
    )  # fmt: skip
    def end(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            require_manages(uow, get_grant(uow, id).resource)
            ended = end_grant(uow, id, _when(self.body["ends_at"]), self.body["reason"])
            return grant_views(uow, [ended])[0]

    @endpoint(
        "GET", "/access/subjects",
        summary={"zh": "可授权的对象", "en": "Roles, users, projects and classes of projects by name."},
        needs=VIEW,
        params=query_of({"q": {"type": "string", "maxLength": 100, "default": ""}}),
        returns={200: object_of({"items": list_of(SUBJECT)})},
    )  # fmt: skip
    def subjects(self) -> dict[str, Any]:
        with self.read() as uow:
            found = find_parties(uow, self.params["q"])
        items = [
            {"kind": each.kind, "value": each.value, "duty": "", "label": {"zh": each.zh, "en": each.en}}
            for each in found
        ]
        return {"items": items}


def grant_views(uow: UnitOfWork, grants: Sequence[GrantInfo]) -> list[dict[str, Any]]:
    """Grants as JSON, their subjects by name."""
    named = name_parties(uow, [(each.subject_kind, each.subject_value) for each in grants])
    managed = {resource: _manages(uow, resource) for resource in {each.resource for each in grants}}
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "state": each.state,
            "subject": subject_view(each, named[each.subject_kind, each.subject_value]),
            "resource": each.resource,
            "actions": list(each.actions),
            "own": each.own,
            "where": each.where,
            "classes": dict(each.classes),
            "grade": each.grade,
            "channels": None if each.channels is None else list(each.channels),
            "starts_at": instant(each.starts_at),
            "ends_at": instant(each.ends_at),
            "reason": each.reason,
            "request_id": each.request_id,
            "granted_by": each.granted_by_name,
            "granted_at": instant(each.granted_at),
            "revoked_by": each.revoked_by_name,
            "revoked_at": instant(each.revoked_at),
            "revoke_reason": each.revoke_reason,
            "one_patient": each.patient is not None,
            "may_manage": each.state in ("active", "future", "closed") and managed[each.resource],
        }
        for each in grants
    ]


def subject_view(grant: GrantInfo, party: Any) -> dict[str, Any]:
    label = {"zh": party.zh, "en": party.en}
    return {"kind": party.kind, "value": party.value, "duty": grant.duty, "label": label}


def _manages(uow: UnitOfWork, resource: str) -> bool:
    try:
        require_manages(uow, resource)
    except ZhenshuError:
        return False
    return True


def _new(body: Mapping[str, Any]) -> NewGrant:
    subject = body["subject"]
    return NewGrant(
        subject["kind"],
        subject["value"],
        body["resource"],
        body["actions"],
        subject.get("duty", ""),
        body.get("own", False),
        body.get("where", "").strip(),
        body.get("classes", MASKED),
        body.get("grade", 0),
        body.get("channels"),
        _when(body.get("starts_at")),
        _when(body.get("ends_at")),
        body["reason"],
    )


def _when(text: str | None) -> Any:
    return None if text is None else instant_of(text)


def _beyond_role(new: NewGrant) -> list[dict[str, Any]]:
    """What the role of a grant to a role does not permit."""
    role = BY_NAME.get(new.subject_value) if new.subject_kind == "role" else None
    if role is None:
        return []
    beyond = [each for each in new.actions if (each, kind_of(each)) not in role.permissions]
    return [{"action": each, "roles": [role.name]} for each in beyond]


def _opened(opened: Opened) -> dict[str, Any]:
    return {
        "database": {"code": opened.database.code, "label": label_view(opened.database.label)},
        "record_type": {"code": opened.type.code, "label": label_view(opened.type.label)},
        "rows": opened.rows,
        "total": opened.total,
        "shown": opened.shown,
        "masked": opened.masked,
        "hidden": opened.hidden,
    }
