"""Access in an emergency: taken with a reason, seen by all who answer for it, reviewed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metamodel.api.access_shapes import EMERGENCY, EMERGENCY_USES, emergency_view, known, label_of, use_view
from metamodel.api.shared import record_scope
from metamodel.catalogue import catalogue_of
from metamodel.records.people import find_patient, patient_of
from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security import Denied
from zhenshu.security.requests import (
    SHORTEST_REASON,
    AskWrong,
    EmergencyOver,
    NotForYou,
    NotInEmergency,
    Place,
    ReviewRefused,
    end_emergency,
    get_emergency,
    list_emergencies,
    longest_minutes,
    review,
    running,
    take,
    uses_of,
)
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, PAGING, TEXT, list_of, object_of, page, page_of, query_of

CODE = TEXT | {"maxLength": 64}
TAKE = object_of(
    {
        "database": CODE,
        "scope": {"enum": ["patient", "database"], "description": "Whose identities: one patient's, or all"},
        "record_type": CODE | {"description": "Of all: empty or left out for the whole database"},
        "record": ID | {"description": "The record it is taken at: of the patient, or for the review"},
        "identifier": {
            "type": "string",
            "minLength": 1,
            "maxLength": 255,
            "description": "What the database knows the patient by, in place of a record",
        },
        "minutes": {"type": "integer", "minimum": 1, "maximum": 1440},
        "reason": {"type": "string", "minLength": SHORTEST_REASON, "maxLength": 1000},
    },
    required=["database", "scope", "minutes", "reason"],
)
RUNNING = object_of({"items": list_of(EMERGENCY), "longest_minutes": {"type": "integer"}})


class AccessEmergencies(Api):
    @endpoint(
        "GET", "/access/emergencies",
        summary={"zh": "紧急查看", "en": "Emergencies, newest first: one's own, or all."},
        needs=None,
        params=query_of({**PAGING, "state": {"enum": ["running", "waiting", "reviewed"]}}),
        returns={200: page_of(EMERGENCY)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        """`after` is the id below which to go on."""
        limit = self.params["limit"]
        with self.read() as uow:
            found = list_emergencies(uow, self.params.get("state", ""), self.params["after"], limit)
            return page([emergency_view(uow, each) for each in found], limit)

    @endpoint(
        "POST", "/access/emergencies",
        summary={"zh": "使用紧急查看", "en": "See identities in clear for some minutes, with a reason."},
        needs=("emergency", "records"),
        body=TAKE,
        returns={201: EMERGENCY},
        errors=[NotFound, Denied, NotInEmergency, AskWrong],
    )  # fmt: skip
    def take(self) -> dict[str, Any]:
        """The security administrators are told at once. A look for a patient is in the trail."""
        body = self.body
        if body["scope"] == "patient" and "identifier" in body:
            with self.write() as uow:
                known(uow, body["database"], "")
                record(uow, "emergency_look", "records", body["database"])
        with self.write() as uow:
            label = known(uow, body["database"], body.get("record_type", ""))
            taken = take(uow, _place(uow, body), body["minutes"], body["reason"].strip(), label)
            return emergency_view(uow, taken)

    @endpoint(
        "GET", "/access/emergencies/running",
        summary={"zh": "我正在进行的紧急查看", "en": "One's own emergencies that hold now."},
        needs=None,
        returns={200: RUNNING},
        in_background=True,
    )  # fmt: skip
    def running(self) -> dict[str, Any]:
        with self.read() as uow:
            items = [emergency_view(uow, each) for each in running(uow)]
            return {"items": items, "longest_minutes": longest_minutes(uow)}

    @endpoint(
        "GET", "/access/emergencies/<int:id>",
        summary={"zh": "一次紧急查看", "en": "An emergency, and what it was used for."},
        needs=None,
        returns={200: EMERGENCY_USES},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            found = get_emergency(uow, id)
            uses = [use_view(use) for use in uses_of(uow, found.grant_id)]
            return {"emergency": emergency_view(uow, found), "uses": uses}

    @endpoint(
        "POST", "/access/emergencies/<int:id>/end",
        summary={"zh": "结束紧急查看", "en": "End one's own emergency before its time."},
        needs=None,
        returns={200: EMERGENCY},
        errors=[NotFound, EmergencyOver],
    )  # fmt: skip
    def end(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return emergency_view(uow, end_emergency(uow, id))

    @endpoint(
        "POST", "/access/emergencies/<int:id>/review",
        summary={"zh": "复核紧急查看", "en": "Take note of an emergency that is over, with a remark."},
        needs=("manage", "grants"),
        body=object_of({"remark": {"type": "string", "minLength": 1, "maxLength": 1000}}),
        returns={200: EMERGENCY},
        errors=[NotFound, NotForYou, ReviewRefused],
    )  # fmt: skip
    def review(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            label = label_of(uow, get_emergency(uow, id).database)
            return emergency_view(uow, review(uow, id, self.body["remark"], label))


def _place(uow: UnitOfWork, body: Mapping[str, Any]) -> Place:
    """
    Raises:
        NotFound: when there is no such patient.
        AskWrong: when none is named.
    """
    code, kind, record_id = body["database"], body.get("record_type", ""), body.get("record")
    if body["scope"] == "database":
        return Place(code, kind, record_id)
    database = catalogue_of(uow).database(code)
    record_scope(uow, database.root)
    if "identifier" in body:
        patient, record_id = find_patient(uow, database, body["identifier"])
        return Place(code, database.root.code, record_id, patient)
    if record_id is None or not kind:
        raise AskWrong(reason="name the patient.", reason_zh="请指定患者。")
    return Place(code, kind, record_id, patient_of(uow, database.record_type(kind), record_id))
