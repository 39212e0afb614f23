"""The grade of an examination: how sensitive it is. Raising it is an edit, lowering it needs approval."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from metamodel.api.schemas import COUNT
from metamodel.api.shared import instant, live_type
from metamodel.catalogue import catalogue_of
from metamodel.records import OwnerWrites
from metamodel.records.grading import GradeAct, grade_acts, set_grade, set_grades, standing_of
from zhenshu.errors import NotFound
from zhenshu.security.grants.model import GRADES
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, TEXT, list_of, object_of, query_of

REASON: Final = {"type": "string", "minLength": 1, "maxLength": 255}
GRADE: Final = {"enum": list(GRADES)}
LOOK: Final = ("view", "records")
EDIT: Final = ("edit", "records")
BASE: Final = "/databases/<code>/records/<record_type>"
ONE: Final = f"{BASE}/<int:id>/grade"
MOST: Final = 1000
YES_NO: Final = {"type": "boolean"}
STANDING: Final = object_of(
    {
        "grade": GRADE,
        "own": {**GRADE, "description": "As set on the record itself"},
        "from": {
            "anyOf": [object_of({"record_type": TEXT, "id": ID}), {"type": "null"}],
            "description": "The record above whose grade it has",
        },
        "may_raise": YES_NO,
        "may_lower": YES_NO,
    }
)
ACT: Final = object_of(
    {
        "at": INSTANT,
        "by": TEXT,
        "before": GRADE,
        "grade": GRADE,
        "below": COUNT,
        "together": {**COUNT, "description": "Records that were graded at once"},
        "reason": TEXT,
    }
)
ACTS: Final = object_of({"items": list_of(ACT), "next": {"type": ["integer", "null"]}, "total": COUNT})
PAGING: Final = {
    "after": {"type": "integer", "minimum": 0, "default": 0, "description": "How many to leave out"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 20},
}
LEFT: Final = object_of({"gone": COUNT, "raising": COUNT, "lowering": COUNT})


class Grades(Api):
    @endpoint(
        "GET", ONE,
        summary={"zh": "检查分级", "en": "A record's grade, where it comes from, and what one may do."},
        needs=LOOK,
        returns={200: STANDING},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        with self.read() as uow:
            kind = live_type(uow, code, record_type)
            found = standing_of(uow, catalogue_of(uow).database(code), kind, id)
        source = found.source and {"record_type": found.source[0].code, "id": found.source[1]}
        return {
            "grade": found.grade,
            "own": found.own,
            "from": source,
            "may_raise": found.may_raise,
            "may_lower": found.may_lower,
        }

    @endpoint(
        "PUT", ONE,
        summary={"zh": "设置检查分级", "en": "Set a record's grade; those below it follow."},
        needs=EDIT,
        body=object_of({"grade": GRADE, "reason": REASON}),
        returns={200: object_of({"grade": GRADE, "below": COUNT})},
        errors=[NotFound, OwnerWrites],
    )  # fmt: skip
    def set(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        with self.write(self.body["reason"]) as uow:
            kind = live_type(uow, code, record_type)
            database = catalogue_of(uow).database(code)
            grade, below = set_grade(uow, database, kind, id, self.body["grade"])
        return {"grade": grade, "below": below}

    @endpoint(
        "GET", f"{ONE}/history",
        summary={"zh": "分级记录", "en": "Who graded the record and why, newest first."},
        needs=LOOK,
        params=query_of(PAGING),
        returns={200: ACTS},
        errors=[NotFound],
    )  # fmt: skip
    def history(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        after, limit = self.params["after"], self.params["limit"]
        with self.read() as uow:
            kind = live_type(uow, code, record_type)
            standing = standing_of(uow, catalogue_of(uow).database(code), kind, id)
            if not (standing.may_raise or standing.may_lower):  # a reason is for who works on the record
                raise NotFound(kind="record", kind_zh="记录", name=id)
            acts = grade_acts(uow, kind, id)
        page = acts[after : after + limit]
        following = after + limit if len(acts) > after + limit else None
        return {"items": [_act(each) for each in page], "next": following, "total": len(acts)}

    @endpoint(
        "POST", f"{BASE}/grades",
        summary={"zh": "批量设置检查分级", "en": "Set the grade of several records."},
        needs=EDIT,
        body=object_of(
            {
                "ids": list_of(ID) | {"minItems": 1, "maxItems": MOST},
                "grade": GRADE,
                "reason": REASON,
            }
        ),
        returns={200: object_of({"changed": COUNT, "same": COUNT, "below": COUNT, "left": LEFT})},
        errors=[NotFound],
    )  # fmt: skip
    def set_many(self, code: str, record_type: str) -> dict[str, Any]:
        with self.write(self.body["reason"]) as uow:
            kind = live_type(uow, code, record_type)
            database = catalogue_of(uow).database(code)
            done = set_grades(uow, database, kind, self.body["ids"], self.body["grade"])
        left = Counter(done.left.values())
        counted = {name: left[name] for name in ("gone", "raising", "lowering")}
        return {"changed": done.changed, "same": done.same, "below": done.below, "left": counted}


def _act(act: GradeAct) -> dict[str, Any]:
    return {
        "at": instant(act.at),
        "by": act.by,
        "before": act.before,
        "grade": act.grade,
        "below": act.below,
        "together": act.together,
        "reason": act.reason,
    }
