"""What a form's page gets of the records around: what its reader sees in clear, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import false

from metamodel.records import Access, FormRules
from tests.metamodel.live import MASK, SHOW, Desk, ScopePolicy
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action
from zhenshu.security.subject import Subject

CLERK = Subject(id=1, name="clerk")
AGE_IS_LEFT = {"rule": "calculation", "key": "age"}


@pytest.fixture
def policy(desk: Desk) -> ScopePolicy:
    policy = ScopePolicy(actions={"clerk": {"view", "edit"}}, classes={"clerk": {"plain": SHOW}})
    desk.instance.policy = policy
    return policy


def rules_of(desk: Desk, record: int | None = None, parent: int | None = None) -> dict[str, Any]:
    visit = desk.type("visit")
    with desk.as_(CLERK).reading() as uow:
        return FormRules(uow, visit, Access(uow).view(Action.VIEW, visit)).of(record, parent, {})


def test_a_value_that_is_seen_comes_along_for_a_new_record_and_for_a_stored_one(
    desk: Desk, policy: ScopePolicy
) -> None:
    patient = desk.add("patient", record_id="P1", born="1980-05-01")
    visit = desk.add_record("visit", {"on": "2020-05-01"}, parent=patient.id, event="baseline")

    for rules in (rules_of(desk, parent=patient.id), rules_of(desk, record=visit.id)):
        assert rules["around"] == {"born": "1980-05-01"}
        assert AGE_IS_LEFT not in rules["left"]


def test_a_masked_value_stays_and_so_does_the_rule(desk: Desk, policy: ScopePolicy) -> None:
    patient = desk.add("patient", record_id="P1", born="1980-05-01")
    policy.classes["clerk"] = {"plain": MASK}

    rules = rules_of(desk, parent=patient.id)

    assert rules["around"] == {}
    assert AGE_IS_LEFT in rules["left"]


def test_of_a_record_that_is_not_seen_nothing_comes_along(desk: Desk, policy: ScopePolicy) -> None:
    patient = desk.add("patient", record_id="P1", born="1980-05-01")
    visit = desk.add_record("visit", {"on": "2020-05-01"}, parent=patient.id, event="baseline")
    policy.rows["clerk", "lung.patient"] = lambda table: false()

    for rules in (rules_of(desk, parent=patient.id), rules_of(desk, record=visit.id)):
        assert rules["around"] == {}
        assert AGE_IS_LEFT in rules["left"]

    policy.rows["clerk", "lung.visit"] = lambda table: false()
    with pytest.raises(NotFound):
        rules_of(desk, record=visit.id)
