"""Cohorts: criteria in their order, kept under a name, and how many records each takes in or out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metamodel.api.filters import (
    CHANGING,
    DESCRIPTION,
    MOST_CONDITIONS,
    NAME,
    PROBLEM,
    SAVING,
    SEEN,
    WHERE,
    problem_words,
)
from metamodel.api.records import BASE
from metamodel.api.schemas import CODE, COUNT, FLAG, LABEL, MAYBE_TEXT, VERSION
from metamodel.api.shared import live_type
from metamodel.catalogue import Label, catalogue_of
from metamodel.filters import (
    Criterion,
    CriterionKind,
    CriterionWrong,
    FilterNotYours,
    NewCohort,
    SavedCohort,
    SavedCohorts,
    SavedCriterion,
    Step,
    funnel,
)
from metamodel.queries import QueryNotAllowed, QueryWrong
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, PAGING, TEXT, list_of, object_of, page_of, query_of

COHORTS = "/databases/<code>/cohorts"
ONE = COHORTS + "/<int:id>"

KIND = {"enum": [kind.value for kind in CriterionKind]}
CRITERION = object_of(
    {
        "kind": KIND,
        "where": WHERE,
        "label": object_of({"zh": DESCRIPTION, "en": DESCRIPTION}),
    },
    ["kind", "where"],
)
CRITERIA = list_of(CRITERION) | {"minItems": 1, "maxItems": MOST_CONDITIONS}
COHORT = object_of(
    {
        "id": ID,
        "version": VERSION,
        "name": TEXT,
        "description": TEXT,
        "record_type": TEXT,
        "criteria": list_of(
            object_of(
                {
                    "kind": KIND,
                    "label": LABEL,
                    "where": {**MAYBE_TEXT, "description": "With the names of today; null: can't be used"},
                    "written": TEXT | {"description": "As it was written, where it no longer fits"},
                    "problem": PROBLEM,
                }
            )
        ),
        "shared": FLAG,
        "owner": TEXT,
        "mine": FLAG,
        "may_change": FLAG,
        "updated_at": INSTANT,
        "updated_by": TEXT,
    }
)
FINDS = {**MAYBE_TEXT, "description": "The filter that finds them; null where it would be too long for one"}
FUNNEL = object_of(
    {
        "total": COUNT,
        "steps": list_of(
            object_of(
                {
                    "kind": TEXT,
                    "in": {**COUNT, "description": "Records that stay"},
                    "out": {**COUNT, "description": "Records that leave here"},
                    "unknown": {**COUNT, "description": "Of either, those for which it can't be told"},
                    "where": object_of({"in": FINDS, "out": FINDS, "unknown": FINDS}),
                }
            )
        ),
        "where": FINDS,
    }
)
WRONG = [CriterionWrong if error is QueryWrong else error for error in SAVING]


class Cohorts(Api):
    @endpoint(
        "GET", COHORTS,
        summary={"zh": "入组队列", "en": "Your cohorts and those shared with you."},
        needs=SEEN,
        params=query_of({**PAGING, "record_type": CODE}),
        returns={200: page_of(COHORT)},
        errors=[NotFound],
    )  # fmt: skip
    def list(self, code: str) -> dict[str, Any]:
        params = self.params
        with self.read() as uow:
            found, after = _cohorts(uow, code).page(
                params.get("record_type"), params["after"], params["limit"]
            )
        return {"items": [_view(item) for item in found], "next": after}

    @endpoint(
        "GET", ONE,
        summary={"zh": "一个入组队列", "en": "A cohort with its criteria."},
        needs=SEEN,
        returns={200: COHORT},
        errors=[NotFound],
    )  # fmt: skip
    def get(self, code: str, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return _view(_cohorts(uow, code).get(id))

    @endpoint(
        "POST", COHORTS,
        summary={"zh": "保存入组队列", "en": "Save a cohort under a name, for yourself or for all."},
        needs=SEEN,
        body=object_of(
            {
                "name": NAME,
                "description": DESCRIPTION,
                "record_type": CODE,
                "criteria": CRITERIA,
                "shared": FLAG,
            },
            ["name", "record_type", "criteria"],
        ),
        returns={201: COHORT},
        errors=WRONG,
    )  # fmt: skip
    def add(self, code: str) -> dict[str, Any]:
        given = {**self.body, "criteria": _criteria(self.body["criteria"])}
        with self.write() as uow:
            return _view(_cohorts(uow, code).add(NewCohort(**given)))

    @endpoint(
        "PATCH", ONE,
        summary={"zh": "修改入组队列", "en": "Change the cohort you read as `version`."},
        needs=SEEN,
        body=object_of(
            {
                "version": VERSION,
                "name": NAME,
                "description": DESCRIPTION,
                "criteria": CRITERIA,
                "shared": FLAG,
            },
            ["version"],
        ),
        returns={200: COHORT},
        errors=[*WRONG, *CHANGING[1:]],
    )  # fmt: skip
    def change(self, code: str, id: int) -> dict[str, Any]:
        changes = {name: value for name, value in self.body.items() if name != "version"}
        if "criteria" in changes:
            changes["criteria"] = _criteria(changes["criteria"])
        with self.write() as uow:
            return _view(_cohorts(uow, code).change(id, self.body["version"], changes))

    @endpoint(
        "DELETE", ONE,
        summary={"zh": "移除入组队列", "en": "Remove a cohort; it can be brought back for 30 days."},
        needs=SEEN,
        params=query_of({"version": VERSION}, ["version"]),
        returns={200: object_of({"removed": ID})},
        errors=CHANGING,
    )  # fmt: skip
    def remove(self, code: str, id: int) -> dict[str, Any]:
        with self.write() as uow:
            _cohorts(uow, code).remove(id, self.params["version"])
        return {"removed": id}

    @endpoint(
        "POST", ONE + "/restore",
        summary={"zh": "恢复已移除的入组队列", "en": "Bring a removed cohort back."},
        needs=SEEN,
        returns={200: COHORT},
        errors=[NotFound, FilterNotYours],
    )  # fmt: skip
    def restore(self, code: str, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return _view(_cohorts(uow, code).restore(id))

    @endpoint(
        "POST", BASE + "/cohort",
        summary={"zh": "入组与排除标准逐条统计", "en": "How many records each criterion takes in or out."},
        needs=SEEN,
        body=object_of({"criteria": CRITERIA}),
        returns={200: FUNNEL},
        errors=[NotFound, CriterionWrong, QueryNotAllowed],
        reads=True,
    )  # fmt: skip
    def funnel(self, code: str, record_type: str) -> dict[str, Any]:
        """In their order, each over the records that the ones before it left."""
        criteria = _criteria(self.body["criteria"])
        with self.read() as uow:
            found = funnel(uow, live_type(uow, code, record_type), criteria)
        steps = [_step(item, step) for item, step in zip(criteria, found.steps, strict=True)]
        return {"total": found.start, "steps": steps, "where": found.where}


def _cohorts(uow: UnitOfWork, code: str) -> SavedCohorts:
    return SavedCohorts(uow, catalogue_of(uow).database(code))


def _criteria(given: Sequence[Any]) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(CriterionKind(item["kind"]), item["where"], Label(**item.get("label", {})))
        for item in given
    )


def _step(item: Criterion, step: Step) -> dict[str, Any]:
    parts = {"in": step.stay, "out": step.leave, "unknown": step.unknown}
    counts: dict[str, Any] = {name: found.count for name, found in parts.items()}
    finds = {name: found.where for name, found in parts.items()}
    return {"kind": item.kind.value, **counts, "where": finds}


def _view(item: SavedCohort) -> dict[str, Any]:
    return {
        "id": item.id,
        "version": item.version,
        "name": item.name,
        "description": item.description,
        "record_type": item.record_type,
        "criteria": [_criterion(each) for each in item.criteria],
        "shared": item.shared,
        "owner": item.owner,
        "mine": item.mine,
        "may_change": item.may_change,
        "updated_at": item.updated_at,
        "updated_by": item.updated_by,
    }


def _criterion(item: SavedCriterion) -> dict[str, Any]:
    return {
        "kind": item.kind.value,
        "label": {"zh": item.label.zh, "en": item.label.en},
        "where": item.reading.where,
        "written": item.reading.written,
        "problem": problem_words(item.reading.problem),
    }
