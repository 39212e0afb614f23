"""Requests for access and emergencies as JSON."""

from __future__ import annotations

from typing import Any, Final

from metamodel.api.shared import instant
from metamodel.api.views import label_view
from metamodel.catalogue import catalogue_of
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.requests import ASKABLE, STATES, Emergency, Request, Step, Use, Wanted, may_decide
from zhenshu.web.schemas import ID, INSTANT, MAYBE_INSTANT, TEXT, Schema, list_of, object_of

LABEL: Final = object_of({"zh": TEXT, "en": TEXT})
NAMED: Final = object_of({"code": TEXT, "label": LABEL})
MAYBE_NAMED: Final[Schema] = {"anyOf": [NAMED, {"type": "null"}], "description": "null: the whole database"}
PERSON: Final = object_of({"id": ID, "name": TEXT, "display_name": TEXT})
MAYBE_ID: Final[Schema] = {"type": ["integer", "null"]}
ACTIONS: Final[dict[str, Any]] = {"type": "array", "items": {"enum": list(ASKABLE)}, "uniqueItems": True}
GRADE: Final[Schema] = {"enum": [0, 1, 2], "description": "The highest grade of examinations reached"}
YES_NO: Final[Schema] = {"type": "boolean"}
REASON: Final[dict[str, Any]] = {"type": "string", "maxLength": 1000}

REQUEST: Final = object_of(
    {
        "id": ID,
        "state": {"enum": list(STATES)},
        "subject": PERSON,
        "database": NAMED,
        "record_type": MAYBE_NAMED,
        "actions": ACTIONS,
        "identifying": YES_NO,
        "grade": GRADE,
        "ends_at": INSTANT | {"description": "The first instant at which it no longer holds"},
        "project": TEXT | {"description": "The code of the project it is for, or empty"},
        "reason": TEXT,
        "asked_at": INSTANT,
        "grant_id": MAYBE_ID,
        "may_decide": YES_NO,
    }
)
STEP: Final = object_of(
    {
        "at": INSTANT,
        "by": TEXT,
        "step": {"enum": ["ask", "grant", "refuse", "withdraw", "revoke", "end"]},
        "reason": TEXT,
        "given": {"type": ["object", "null"], "description": "What a grant gave; null for other steps"},
    }
)
USE: Final = object_of(
    {
        "resource": TEXT,
        "action": TEXT,
        "channel": TEXT,
        "day": TEXT | {"description": "In UTC"},
        "count": {"type": "integer"},
        "last_at": INSTANT,
    }
)
PROCESS: Final = object_of({"request": REQUEST, "steps": list_of(STEP), "uses": list_of(USE)})
EMERGENCY: Final = object_of(
    {
        "id": ID,
        "subject": PERSON,
        "database": NAMED,
        "record_type": MAYBE_NAMED,
        "scope": {"enum": ["patient", "database"], "description": "Whose identities: one patient's, or all"},
        "record": MAYBE_ID,
        "reason": TEXT,
        "started_at": INSTANT,
        "ends_at": INSTANT,
        "ended_at": MAYBE_INSTANT | {"description": "Set where it ended before its time"},
        "running": YES_NO,
        "reviewed_by": {"type": ["string", "null"]},
        "reviewed_at": MAYBE_INSTANT,
        "remark": TEXT,
    }
)
EMERGENCY_USES: Final = object_of({"emergency": EMERGENCY, "uses": list_of(USE)})


def label_of(uow: UnitOfWork, code: str, record_type: str = "") -> dict[str, str]:
    """The name of a live database or of one of its record types; the code where there is none any more."""
    database = catalogue_of(uow).databases.get(code)
    if database is None:
        return {"zh": record_type or code, "en": record_type or code}
    if not record_type:
        return label_view(database.label)
    found = [each for each in database.record_types if each.code == record_type]
    return label_view(found[0].label) if found else {"zh": record_type, "en": record_type}


def known(uow: UnitOfWork, code: str, record_type: str) -> dict[str, str]:
    """The database's name.

    Raises:
        NotFound: when it is not published, or has no such record type.
    """
    database = catalogue_of(uow).database(code)
    if record_type:
        database.record_type(record_type)
    return label_view(database.label)


def request_view(uow: UnitOfWork, request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "state": request.state,
        "subject": _person(request),
        **_where(uow, request.database, request.wanted.record_type),
        **_wanted(request.wanted),
        "project": request.project,
        "reason": request.reason,
        "asked_at": instant(request.asked_at),
        "grant_id": request.grant_id,
        "may_decide": request.subject_id != uow.subject.id and may_decide(uow, uow.subject, request.database),
    }


def step_view(step: Step) -> dict[str, Any]:
    given = step.detail if step.step == "grant" else None
    return {
        "at": instant(step.at),
        "by": step.by_name,
        "step": step.step,
        "reason": step.reason,
        "given": given,
    }


def use_view(use: Use) -> dict[str, Any]:
    return {
        "resource": use.resource,
        "action": use.action,
        "channel": use.channel,
        "day": use.day,
        "count": use.count,
        "last_at": instant(use.last_at),
    }


def emergency_view(uow: UnitOfWork, emergency: Emergency) -> dict[str, Any]:
    return {
        "id": emergency.id,
        "subject": _person(emergency),
        **_where(uow, emergency.database, emergency.record_type),
        "scope": "database" if emergency.patient_id is None else "patient",
        "record": emergency.record_id,
        "reason": emergency.reason,
        "started_at": instant(emergency.started_at),
        "ends_at": instant(emergency.ends_at),
        "ended_at": instant(emergency.ended_at),
        "running": emergency.holds(uow.at),
        "reviewed_by": emergency.reviewed_by,
        "reviewed_at": instant(emergency.reviewed_at),
        "remark": emergency.remark,
    }


def _person(of: Request | Emergency) -> dict[str, Any]:
    return {"id": of.subject_id, "name": of.subject_name, "display_name": of.display_name}


def _where(uow: UnitOfWork, code: str, record_type: str) -> dict[str, Any]:
    named = {"code": record_type, "label": label_of(uow, code, record_type)} if record_type else None
    return {"database": {"code": code, "label": label_of(uow, code)}, "record_type": named}


def _wanted(wanted: Wanted) -> dict[str, Any]:
    return {
        "actions": list(wanted.actions),
        "identifying": wanted.identifying,
        "grade": wanted.grade,
        "ends_at": instant(wanted.ends_at),
    }
