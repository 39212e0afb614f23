"""Saved filters: private or shared, changed by their owners, followed through renames, never in clear."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from metamodel.filters.tables import saved_filter
from tests.metamodel.api.office import LUNG, Office, Person, has_chinese
from zhenshu.audit.trail import audit_entry
from zhenshu.security import SYSTEM, Channel

FILTERS = f"{LUNG}/filters"
TALL = {"name": "高个子", "record_type": "patient", "where": "[height] > 180"}


def save(person: Person, **more: Any) -> dict[str, Any]:
    return person.post(FILTERS, TALL | more)


def names(person: Person, **params: Any) -> list[str]:
    return [item["name"] for item in person.get(FILTERS, **params)["items"]]


def test_what_one_saves_one_finds_again_and_others_do_not(office: Office) -> None:
    li, wang = office.person("researcher", "li"), office.person("researcher", "wang")

    made = save(li, description="体检")

    [found] = li.get(FILTERS, record_type="patient")["items"]
    assert found == made
    assert (made["where"], made["mine"], made["owner"], made["version"]) == ("[height] > 180", True, "li", 1)
    assert names(wang) == [] and names(li, record_type="visit") == []


def test_a_shared_one_is_seen_by_all_who_may_view_the_records(office: Office) -> None:
    li, reader = office.person("researcher", "li"), office.person("reader")
    save(li, shared=True)

    [found] = reader.get(FILTERS)["items"]

    assert (found["mine"], found["may_change"], found["where"]) == (False, False, "[height] > 180")
    assert office.person("hospital_admin").refused("GET", FILTERS).told == (403, "Denied")


def test_only_its_owner_or_a_research_admin_changes_or_removes_it(office: Office) -> None:
    li, wang = office.person("researcher", "li"), office.person("researcher", "wang")
    made = save(li, shared=True)
    here = f"{FILTERS}/{made['id']}"

    by_wang = wang.refused("PATCH", here, {"version": 1, "name": "mine now"})
    removed_by_wang = wang.refused("DELETE", here, query_string={"version": 1})
    renamed = li.ask("PATCH", here, {"version": 1, "name": "很高"})
    by_admin = office.person().ask("PATCH", here, {"version": 2, "shared": False})

    assert (by_wang.told, by_wang.is_bilingual) == ((403, "FilterNotYours"), True)
    assert removed_by_wang.code == "FilterNotYours"
    assert (renamed["name"], renamed["where"]) == ("很高", "[height] > 180")
    assert (by_admin["shared"], by_admin["owner"], names(li), names(wang)) == (False, "li", ["很高"], [])
    assert wang.refused("PATCH", here, {"version": 3, "name": "x"}).told == (404, "NotFound")


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(office: Office) -> None:
    li = office.person("researcher", "li")
    here = f"{FILTERS}/{save(li)['id']}"
    li.ask("PATCH", here, {"version": 1, "name": "first"})

    refusal = li.refused("PATCH", here, {"version": 1, "name": "second"})

    assert (refusal.told, refusal.is_bilingual, refusal.details) == (
        (409, "FilterChanged"),
        True,
        {"version": 2},
    )
    assert names(li) == ["first"]


def test_a_removed_one_comes_back(office: Office) -> None:
    li = office.person("researcher", "li")
    here = f"{FILTERS}/{save(li)['id']}"

    li.ask("DELETE", here, query_string={"version": 1})
    gone = names(li)
    back = li.post(f"{here}/restore")

    assert (gone, back["name"], names(li)) == ([], "高个子", ["高个子"])
    assert li.refused("POST", f"{here}/restore").told == (404, "NotFound")


def test_one_that_names_persons_stays_private_and_is_not_for_who_sees_them_masked(office: Office) -> None:
    admin, reader = office.person(), office.person("reader")
    about = {"where": "[name] = '王五'"}

    shared = admin.refused("POST", FILTERS, TALL | about | {"shared": True})
    private = save(admin, **about)
    masked = reader.refused("POST", FILTERS, TALL | about)

    assert (shared.told, shared.is_bilingual) == ((422, "SharedFilterIdentifies"), True)
    assert private["where"] == "[name] = '王五'"
    assert masked.told == (403, "QueryNotAllowed")


@pytest.mark.parametrize("where", ["[height] >", "[height]", "[nothing] = 1", "   ", "x" * 20_001])
def test_what_is_no_filter_is_not_saved(office: Office, where: str) -> None:
    admin = office.person()

    refusal = admin.refused("POST", FILTERS, TALL | {"where": where})

    assert refusal.status == 422 and refusal.is_bilingual
    assert names(admin) == []


def test_neither_the_table_nor_the_trail_holds_in_clear_what_was_typed(office: Office) -> None:
    admin = office.person()
    save(admin, name="随访王五", where="[name] = '王五' or [height] > 180")

    with office.instance.read(SYSTEM, Channel.API) as uow:
        stored = uow.conn.execute(select(saved_filter)).mappings().one()
        [noted] = uow.conn.execute(
            select(audit_entry).where(audit_entry.c.resource_kind == "saved_filter")
        ).mappings()

    assert "王五".encode() not in stored["document"] and "王五" not in str({**stored, "document": ""})
    assert (noted["action"], noted["fields"]) == ("save_filter", ["height", "name"])
    assert noted["detail"] == {"record_type": "patient", "shared": False, "version": 1}
    assert "王五" not in str(dict(noted))


def test_a_field_that_was_renamed_is_followed(office: Office) -> None:
    admin = office.person()
    save(admin, where="[height] > 180 and any([lesion], [size] > 8)")
    save(admin, name="visits", record_type="visit", where="[patient.height] > 180 or [height（中）] < 9")

    rename(admin, "patient", "height", "body_height")
    rename(admin, "lesion", "size", "diameter")
    admin.publish("lung")

    patients, visits = admin.get(FILTERS)["items"]
    assert patients["where"] == "[body_height] > 180 and any([lesion], [diameter] > 8)"
    assert visits["where"] == "[patient.body_height] > 180 or [新body_height] < 9"
    assert (patients["problem"], visits["problem"]) == (None, None)


def test_a_new_field_under_the_old_code_is_not_taken_for_the_old_one(office: Office) -> None:
    admin = office.person()
    save(admin, where="[weight] > 90")
    rename(admin, "patient", "weight", "body_weight")
    field = {"code": "weight", "type": "decimal", "label": {"zh": "出生体重", "en": "Weight at birth"}}
    admin.edit("lung", {"edit": "add_field", "record_type": "patient", "field": field})
    admin.publish("lung")

    [found] = admin.get(FILTERS)["items"]

    assert found["where"] == "[body_weight] > 90"


def test_a_record_type_that_was_renamed_is_followed(office: Office) -> None:
    admin = office.person()
    save(admin, where="any([lesion], [size] > [height]) and count([lesion.size]) > 1 or [height] > 9")
    label = {"zh": "结节", "en": "Nodule"}
    admin.edit(
        "lung",
        {"edit": "rename_record_type", "record_type": "lesion", "code": "nodule"},
        {"edit": "set_record_type", "record_type": "nodule", "set": {"label": label}},
    )
    rename(admin, "patient", "height", "body_height")
    admin.publish("lung")

    [found] = admin.get(FILTERS)["items"]

    assert (
        found["where"]
        == "any([nodule], [size] > [body_height]) and count([nodule.size]) > 1 or [body_height] > 9"
    )


def test_one_whose_field_is_gone_says_so_and_shows_what_it_was(office: Office) -> None:
    admin = office.person()
    made = save(admin)
    admin.edit("lung", {"edit": "remove_field", "record_type": "patient", "field": "bmi"},
               {"edit": "remove_field", "record_type": "patient", "field": "height"})  # fmt: skip
    admin.publish("lung")

    [found] = admin.get(FILTERS)["items"]
    mended = admin.ask("PATCH", f"{FILTERS}/{made['id']}", {"version": 1, "where": "[weight] > 90"})

    assert (found["where"], found["written"]) == (None, "[height] > 180")
    assert "height" in found["problem"]["en"] and has_chinese(found["problem"]["zh"])
    assert (mended["where"], mended["problem"]) == ("[weight] > 90", None)


def test_they_come_in_pages(office: Office) -> None:
    li = office.person("researcher", "li")
    for number in range(5):
        save(li, name=str(number))

    first = li.get(FILTERS, limit=2)
    second = li.get(FILTERS, limit=2, after=first["next"])
    third = li.get(FILTERS, limit=2, after=second["next"])

    pages = [[item["name"] for item in page["items"]] for page in (first, second, third)]
    assert (pages, third["next"]) == ([["0", "1"], ["2", "3"], ["4"]], None)


def rename(person: Person, record_type: str, field: str, code: str) -> None:
    """Another code and another name, so that nothing of the old ones leads to the field."""
    where = {"record_type": record_type}
    label = {"zh": f"新{code}", "en": f"New {code}"}
    person.edit(
        "lung",
        {"edit": "rename_field", "field": field, "code": code} | where,
        {"edit": "set_field", "field": code, "set": {"label": label}} | where,
    )
