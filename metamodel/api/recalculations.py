"""Calculating all stored records of a database anew, as ages by today's date need it from time to time."""

from __future__ import annotations

from typing import Any

from metamodel.api.shared import DESIGN
from metamodel.catalogue import catalogue_of
from metamodel.definitions.access import require
from metamodel.records.recalculating import all_calculated, submit_recalculation
from metamodel.records.session import Session
from zhenshu.errors import NotFound
from zhenshu.security import Action
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import object_of


class Recalculations(Api):
    @endpoint(
        "POST", "/databases/<code>/recalculations",
        summary={"zh": "重新计算全部记录", "en": "Calculate all stored records anew, by a job."},
        needs=DESIGN,
        returns={200: object_of({"job": {"type": "integer"}})},
        errors=[NotFound],
    )  # fmt: skip
    def run(self, code: str) -> dict[str, Any]:
        """Only records whose values differ are written, each with a revision."""
        with self.write() as uow:
            require(uow, Action.DESIGN, code)
            session, database = Session(uow), catalogue_of(uow).database(code)
            return {"job": submit_recalculation(session, database, all_calculated(session, database), None)}
