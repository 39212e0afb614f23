"""The grade of an examination: how sensitive it is. Raising it is an edit, lowering it needs approval."""

from __future__ import annotations

from typing import Any

from metamodel.api.shared import live_type
from metamodel.catalogue import catalogue_of
from metamodel.records import OwnerWrites
from metamodel.records.grading import set_grade
from zhenshu.errors import NotFound
from zhenshu.security.grants.model import GRADES
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import object_of

REASON = {"type": "string", "minLength": 1, "maxLength": 255}


class Grades(Api):
    @endpoint(
        "PUT", "/databases/<code>/records/<record_type>/<int:id>/grade",
        summary={"zh": "设置检查分级", "en": "Set a record's grade; those below it follow."},
        needs=("edit", "records"),
        body=object_of({"grade": {"enum": list(GRADES)}, "reason": REASON}),
        returns={200: object_of({"grade": {"enum": list(GRADES)}, "below": {"type": "integer"}})},
        errors=[NotFound, OwnerWrites],
    )  # fmt: skip
    def set(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        with self.write(self.body["reason"]) as uow:
            kind = live_type(uow, code, record_type)
            database = catalogue_of(uow).database(code)
            grade, below = set_grade(uow, database, kind, id, self.body["grade"])
        return {"grade": grade, "below": below}
