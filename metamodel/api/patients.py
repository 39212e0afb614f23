"""Forgetting a patient by REST: what it would do, and doing it."""

from __future__ import annotations

from typing import Any

from metamodel.api.shared import APPROVE
from metamodel.records.forgetting import NotConfirmed, ReasonNeeded, forget, look
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, TEXT, object_of

FORGETTING = object_of(
    {
        "patient": ID,
        "forgotten": {"type": "boolean"},
        "identifiers": {"type": "integer"},
        "values": {"type": "integer"},
        "phrase": TEXT,
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


class Patients(Api):
    @endpoint(
        "GET", "/patients/<int:id>/forgetting",
        summary={"zh": "遗忘该患者的后果", "en": "What forgetting the patient would do. Nothing is changed."},
        needs=APPROVE,
        returns={200: FORGETTING},
        errors=[NotFound],
    )  # fmt: skip
    def look(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return look(uow, id).to_json()

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
            return forget(uow, id, self.body["reason"], self.body["confirm"]).to_json()
