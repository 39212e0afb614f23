"""Saved cohorts: apart from filters, private or shared, followed through renames, never in clear."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from metamodel.filters.tables import saved_filter
from tests.metamodel.api.office import LUNG, Office, Person
from tests.metamodel.api.test_saved_filters import FILTERS, TALL, rename
from zhenshu.audit.trail import audit_entry
from zhenshu.security import SYSTEM, Channel

COHORTS = f"{LUNG}/cohorts"
ADULTS = {"kind": "include", "where": "[height] > 160", "label": {"zh": "成人", "en": "Adults"}}
HEAVY = {"kind": "exclude", "where": "[weight] > 90"}


def save(person: Person, *criteria: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"name": "随访组", "record_type": "patient", "criteria": list(criteria) or [ADULTS, HEAVY]}
    return person.post(COHORTS, body | more)


def names(person: Person, **params: Any) -> list[str]:
    return [item["name"] for item in person.get(COHORTS, **params)["items"]]


def rules(cohort: dict[str, Any]) -> list[str | None]:
    return [item["where"] for item in cohort["criteria"]]


def test_what_one_saves_one_finds_again_and_others_do_not(office: Office) -> None:
    li, wang = office.person("researcher", "li"), office.person("researcher", "wang")

    made = save(li, description="2026 年入组")

    assert li.get(f"{COHORTS}/{made['id']}") == made
    assert li.get(COHORTS, record_type="patient")["items"] == [made]
    first, second = made["criteria"]
    assert (first["kind"], first["label"], first["where"]) == ("include", ADULTS["label"], ADULTS["where"])
    assert (second["kind"], second["label"]) == ("exclude", {"zh": "", "en": ""})
    assert names(wang) == [] and names(li, record_type="visit") == []
    assert wang.refused("GET", f"{COHORTS}/{made['id']}").told == (404, "NotFound")


def test_cohorts_and_filters_are_not_taken_for_each_other(office: Office) -> None:
    li = office.person("researcher", "li")
    cohort, kept = save(li), li.post(FILTERS, TALL)

    assert [item["id"] for item in li.get(FILTERS)["items"]] == [kept["id"]]
    assert [item["id"] for item in li.get(COHORTS)["items"]] == [cohort["id"]]
    for method, path in [
        ("GET", f"{COHORTS}/{kept['id']}"),
        ("DELETE", f"{COHORTS}/{kept['id']}?version=1"),
        ("DELETE", f"{FILTERS}/{cohort['id']}?version=1"),
    ]:
        assert li.refused(method, path).told == (404, "NotFound")
    changed = li.refused("PATCH", f"{FILTERS}/{cohort['id']}", {"version": 1, "where": "[height] > 1"})
    assert changed.told == (404, "NotFound")


def test_a_shared_one_is_seen_by_all_and_changed_by_its_owner(office: Office) -> None:
    li, wang = office.person("researcher", "li"), office.person("researcher", "wang")
    here = f"{COHORTS}/{save(li, shared=True)['id']}"

    seen = wang.get(here)
    by_wang = wang.refused("PATCH", here, {"version": 1, "name": "mine now"})
    changed = li.ask("PATCH", here, {"version": 1, "criteria": [HEAVY, ADULTS]})
    late = li.refused("PATCH", here, {"version": 1, "name": "late"})

    assert (seen["mine"], seen["may_change"], seen["owner"]) == (False, False, "li")
    assert (by_wang.told, by_wang.is_bilingual) == ((403, "FilterNotYours"), True)
    assert (rules(changed), changed["name"]) == (["[weight] > 90", "[height] > 160"], "随访组")
    assert late.told == (409, "FilterChanged")


def test_a_removed_one_comes_back(office: Office) -> None:
    li = office.person("researcher", "li")
    here = f"{COHORTS}/{save(li)['id']}"

    li.ask("DELETE", here, query_string={"version": 1})
    gone = names(li)
    back = li.post(f"{here}/restore")

    assert (gone, back["name"], names(li)) == ([], "随访组", ["随访组"])


def test_each_criterion_is_followed_when_a_field_is_renamed(office: Office) -> None:
    admin = office.person()
    here = f"{COHORTS}/{save(admin, ADULTS, HEAVY | {'where': 'any([lesion], [size] > 8)'})['id']}"

    rename(admin, "patient", "height", "body_height")
    rename(admin, "lesion", "size", "diameter")
    admin.publish("lung")

    assert rules(admin.get(here)) == ["[body_height] > 160", "any([lesion], [diameter] > 8)"]
    kept = admin.ask("PATCH", here, {"version": 1, "name": "新名"})
    assert rules(kept) == ["[body_height] > 160", "any([lesion], [diameter] > 8)"]


def test_a_criterion_whose_field_is_gone_says_so_beside_those_that_stand(office: Office) -> None:
    admin = office.person()
    here = f"{COHORTS}/{save(admin)['id']}"
    admin.edit("lung", {"edit": "remove_field", "record_type": "patient", "field": "bmi"},
               {"edit": "remove_field", "record_type": "patient", "field": "height"})  # fmt: skip
    admin.publish("lung")

    broken, standing = admin.get(here)["criteria"]

    assert (broken["where"], broken["written"], standing["problem"]) == (None, "[height] > 160", None)
    assert "height" in broken["problem"]["en"]


def test_the_wrong_criterion_is_named_and_nothing_is_saved(office: Office) -> None:
    li = office.person("researcher", "li")
    wrong = {"name": "x", "record_type": "patient", "criteria": [ADULTS, HEAVY | {"where": "[heigt] > 1"}]}

    refusal = li.refused("POST", COHORTS, wrong)

    assert (refusal.told, refusal.is_bilingual) == ((422, "CriterionWrong"), True)
    assert refusal.details["number"] == 2 and names(li) == []


@pytest.mark.parametrize("criteria", [[], [ADULTS] * 41, [{"kind": "maybe", "where": "[height] > 1"}]])
def test_a_cohort_has_some_criteria_each_of_a_kind(office: Office, criteria: list[dict[str, Any]]) -> None:
    body = {"name": "x", "record_type": "patient", "criteria": criteria}

    assert office.person().refused("POST", COHORTS, body).status == 422


def test_one_that_names_persons_is_not_shared_nor_made_by_who_sees_them_masked(office: Office) -> None:
    admin, reader = office.person(), office.person("reader")
    about = {"kind": "exclude", "where": "[name] = '王五'"}
    body = {"name": "x", "record_type": "patient", "criteria": [ADULTS, about]}

    shared = admin.refused("POST", COHORTS, body | {"shared": True})
    masked = reader.refused("POST", COHORTS, body)
    private = save(admin, ADULTS, about)

    assert (shared.told, shared.is_bilingual) == ((422, "SharedFilterIdentifies"), True)
    assert masked.told == (403, "QueryNotAllowed")
    assert rules(private) == ["[height] > 160", "[name] = '王五'"]


def test_neither_the_table_nor_the_trail_holds_in_clear_what_was_typed(office: Office) -> None:
    admin = office.person()
    save(admin, ADULTS, {"kind": "exclude", "where": "[name] = '王五'"}, name="随访王五")

    with office.instance.read(SYSTEM, Channel.API) as uow:
        stored = uow.conn.execute(select(saved_filter)).mappings().one()
        [noted] = uow.conn.execute(
            select(audit_entry).where(audit_entry.c.resource_kind == "cohort")
        ).mappings()

    assert "王五".encode() not in stored["document"] and "王五" not in str({**stored, "document": ""})
    assert (noted["action"], noted["fields"]) == ("save_cohort", ["height", "name"])
    assert "王五" not in str(dict(noted))
