"""Forgetting a patient by REST: what it would do, and doing it."""

from __future__ import annotations

from typing import Any

from metamodel.api.schemas import CODE, COUNT
from metamodel.api.shared import APPROVE
from metamodel.catalogue import catalogue_of
from metamodel.definitions.access import require
from metamodel.records.forgetting import NotConfirmed, ReasonNeeded, forget, look
from metamodel.records.people import find_patient, patient_of
from zhenshu.audit import record as audit
from zhenshu.errors import NotFound
from zhenshu.security import Action
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, MAYBE_INSTANT, TEXT, object_of

FORGETTING = object_of(
    {
        "patient": ID,
        "forgotten": {"type": "boolean"},
        "destroyed_at": MAYBE_INSTANT | {"description": "When the patient's key was destroyed"},
        "identifiers": {"type": "integer"},
        "values": {"type": "integer"},
        "phrase": TEXT,
        "traces": {
            "type": "object",
            "additionalProperties": COUNT,
            "description": "Texts elsewhere that name the patient: filters, notices, reasons, jobs, files",
        },
        "affected": {
            "type": "array",
            "items": object_of(
                {
                    "database": TEXT,
                    "record_type": TEXT,
                    "records": {"type": "integer"},
                    "values": {"type": "integer"},
                }
            ),
        },
        "files": {"type": "array", "items": object_of({"id": ID, "name": TEXT, "created_by": TEXT})},
    }
)
CONFIRMED = object_of(
    {
        "reason": {"type": "string", "minLength": 1, "maxLength": 500},
        "confirm": {"type": "string", "maxLength": 100},
    },
    required=["reason", "confirm"],
)


WHO = object_of(
    {
        "database": CODE,
        "identifier": {"type": "string", "minLength": 1, "maxLength": 255},
        "record_type": CODE,
        "record": ID,
    },
    required=["database"],
)
FOUND = object_of({"patient": ID, "record_type": TEXT, "record": ID})


class Patients(Api):
    @endpoint(
        "POST", "/patients/find",
        summary={"zh": "查找患者", "en": "A patient by the identifier in a database, or by a record of it."},
        needs=APPROVE,
        body=WHO,
        returns={200: FOUND},
        errors=[NotFound],
    )  # fmt: skip
    def find(self) -> dict[str, Any]:
        """For who may forget patients. The look is in the trail, whether somebody was found or not."""
        body = self.body
        with self.write() as uow:
            require(uow, Action.APPROVE, "")
            audit(uow, "patient_look", "patients", body["database"])
        with self.read() as uow:
            database = catalogue_of(uow).database(body["database"])
            if "identifier" in body:
                patient, record = find_patient(uow, database, body["identifier"])
                return {"patient": patient, "record_type": database.root.code, "record": record}
            kind, record = database.record_type(body.get("record_type", "")), body.get("record", 0)
            return {"patient": patient_of(uow, kind, record), "record_type": kind.code, "record": record}

    @endpoint(
        "GET", "/patients/<int:id>/forgetting",
        summary={"zh": "遗忘该患者的后果", "en": "What forgetting the patient would do. Nothing is changed."},
        needs=APPROVE,
        returns={200: FORGETTING},
        errors=[NotFound],
    )  # fmt: skip
    def look(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return look(uow, id).to_json(self.language)

    @endpoint(
        "POST", "/patients/<int:id>/forgetting",
        summary={"zh": "遗忘该患者", "en": "Forget the patient for good, confirmed by the phrase."},
        needs=APPROVE,
        body=CONFIRMED,
        returns={200: FORGETTING},
        errors=[NotFound, NotConfirmed, ReasonNeeded],
    )  # fmt: skip
    def forget(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return forget(uow, id, self.body["reason"], self.body["confirm"]).to_json(self.language)
