"""Grades of examinations by REST: set on one record or on many, looked at, and who is cleared for which."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person
from tests.metamodel.api.test_access_requests import closed
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants import NewGrant, add_grant

__all__ = ["closed"]  # a fixture

VISITS = f"{LUNG}/records/visit"
WHY = "涉及公众人物"


@dataclass
class Ward:
    """Three patients; who may edit and approve all of them, and who may edit ordinary ones alone."""

    keeper: Person
    editor: Person
    ids: list[int]

    def path(self, place: int, rest: str = "") -> str:
        return f"{PATIENTS}/{self.ids[place]}/grade{rest}"

    def grade(self, place: int, grade: int, by: Person | None = None) -> None:
        (by or self.keeper).ask("PUT", self.path(place), {"grade": grade, "reason": WHY})


def granted(office: Office, person: Person, grade: int, *actions: str) -> None:
    with office.instance.write(SYSTEM, Channel.API) as uow:
        mine = str(person.caller.user_id)
        add_grant(uow, NewGrant("user", mine, "lung", actions, grade=grade, reason="test"))


@pytest.fixture
def ward(closed: Office) -> Ward:
    keeper, editor = closed.person("research_admin", "chen"), closed.person("researcher", "wang")
    granted(closed, editor, 0, "view", "edit")
    ids = [keeper.add(record_id=name)["id"] for name in ("G1", "G2", "G3")]
    return Ward(keeper, editor, ids)


def test_a_record_tells_its_grade_and_what_one_may_do_about_it(ward: Ward) -> None:
    assert ward.editor.get(ward.path(0)) == {
        "grade": 0, "own": 0, "from": None, "may_raise": True, "may_lower": False,
    }  # fmt: skip

    ward.grade(0, 1, ward.editor)

    assert ward.editor.refused("GET", ward.path(0)).told == (404, "NotFound")
    seen = ward.keeper.get(ward.path(0))
    assert (seen["grade"], seen["may_raise"], seen["may_lower"]) == (1, True, True)


def test_what_lies_below_names_the_record_that_its_grade_comes_from(ward: Ward) -> None:
    below = ward.keeper.post(
        VISITS, {"values": {"on": "2026-01-01"}, "parent": ward.ids[0], "event": "baseline"}
    )["record"]["id"]
    ward.grade(0, 2)

    seen = ward.keeper.get(f"{VISITS}/{below}/grade")

    assert (seen["grade"], seen["own"]) == (2, 0)
    assert seen["from"] == {"record_type": "patient", "id": ward.ids[0]}


def test_the_history_is_told_page_by_page_to_who_may_grade_the_record(closed: Office, ward: Ward) -> None:
    reader = closed.person("reader", "zhao")
    granted(closed, reader, 2, "view")
    ward.grade(0, 1)
    ward.grade(1, 2)
    ward.grade(0, 0)

    first = ward.keeper.get(ward.path(0, "/history"), limit=1)
    rest = ward.keeper.get(ward.path(0, "/history"), after=first["next"])

    assert (first["total"], first["next"], rest["next"]) == (2, 1, None)
    acts = [*first["items"], *rest["items"]]
    assert [(each["before"], each["grade"], each["by"]) for each in acts] == [(1, 0, "chen"), (0, 1, "chen")]
    assert {each["reason"] for each in acts} == {WHY}
    assert reader.get(ward.path(0))["grade"] == 0
    assert reader.refused("GET", ward.path(0, "/history")).told == (404, "NotFound")


def test_several_records_are_graded_at_once_and_those_out_of_reach_are_counted(
    closed: Office, ward: Ward
) -> None:
    ward.grade(2, 1)
    everything = {"ids": [*ward.ids, 9_999], "grade": 1, "reason": WHY}

    by_editor = ward.editor.post(f"{PATIENTS}/grades", everything)
    again = ward.keeper.post(f"{PATIENTS}/grades", everything)

    assert by_editor == {
        "changed": 2,
        "same": 0,
        "below": 0,
        "left": {"gone": 2, "raising": 0, "lowering": 0},
    }
    assert again == {"changed": 0, "same": 3, "below": 0, "left": {"gone": 1, "raising": 0, "lowering": 0}}
    assert [each["together"] for each in ward.keeper.get(ward.path(0, "/history"))["items"]] == [2]
    hidden = ward.editor.post(f"{PATIENTS}/grades", everything | {"grade": 0})
    assert hidden["left"] == {"gone": 4, "raising": 0, "lowering": 0}  # as if there were none
    granted(closed, ward.editor, 2, "view", "edit")
    lowered = ward.editor.post(f"{PATIENTS}/grades", everything | {"grade": 0})
    assert (lowered["changed"], lowered["left"]) == (0, {"gone": 1, "raising": 0, "lowering": 3})
    assert ward.keeper.get(ward.path(0))["grade"] == 1


def test_it_is_told_who_is_cleared_for_which_grade(closed: Office, ward: Ward) -> None:
    security = closed.person("security_admin")
    for place in (0, 1):
        ward.grade(place, 1)

    mine = ward.keeper.get("/access/grades", database="lung")
    theirs = security.get("/access/grades", database="lung")
    cleared = security.get("/access", database="lung", grade=1)

    assert [each["people"] for each in mine["grades"]] == [2, 1, 1]
    assert {each["code"]: each["records"] for each in mine["record_types"]}["patient"] == [1, 2, 0]
    assert theirs["record_types"][0]["records"] == [None, None, None]  # too few to be told to who sees none
    assert [row["user"]["name"] for row in cleared["items"]] == ["chen"]
