"""Records as people use them by REST: written, changed, thrown away, brought back, found, masked."""

from __future__ import annotations

import pytest

from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person
from tests.site import Site


def test_a_record_lives_changes_goes_to_the_trash_and_comes_back(office: Office) -> None:
    admin = office.person(name="li")
    made = admin.add(record_id="1", name="王五", sex="1", height=180, weight=81)
    here = f"{PATIENTS}/{made['id']}"

    changed = admin.ask("PATCH", here, {"version": 1, "values": {"weight": 90}})["record"]
    trashed = admin.ask("DELETE", here, query_string={"version": 2})
    gone = admin.refused("GET", here)
    admin.post(f"{here}/restore")

    assert (made["values"]["bmi"], changed["values"]["bmi"]) == (25.0, 27.8)
    assert trashed == {"trashed": [{"type": "lung.patient", "id": made["id"], "version": 3}]}
    assert gone.told == (404, "NotFound")
    steps = admin.get(f"{here}/revisions")["items"]
    assert [(step["action"], step["by"]) for step in steps] == [
        ("add", "li"), ("change", "li"), ("trash", "li"), ("restore", "li"),
    ]  # fmt: skip
    assert {"field": "weight", "old": 81.0, "new": 90.0} in steps[1]["changes"]
    assert admin.get(here, as_of=made["created_at"])["values"]["weight"] == made["values"]["weight"]
    assert admin.get(here)["values"]["weight"] == changed["values"]["weight"]


def test_the_second_of_two_editors_learns_what_changed_and_overwrites_nothing(office: Office) -> None:
    li, wang = office.person(name="li"), office.person("researcher", "wang")
    made = li.add(record_id="1", height=180)
    here = f"{PATIENTS}/{made['id']}"

    li.ask("PATCH", here, {"version": 1, "values": {"height": 181}})
    refusal = wang.refused("PATCH", here, {"version": 1, "values": {"height": 179}})

    assert (refusal.told, refusal.is_bilingual) == ((409, "RecordChanged"), True)
    assert refusal.details["version"] == 2
    [change] = refusal.details["changes"]
    assert (change["by"], change["fields"]) == ("li", ["height"])
    assert float(li.get(here)["values"]["height"]) == 181


def test_every_problem_of_a_record_is_told_in_both_languages(office: Office) -> None:
    admin = office.person()

    refusal = admin.refused(
        "POST", PATIENTS, {"values": {"sex": "9", "height": 1000, "bmi": 3, "colour": "red"}}
    )

    assert (refusal.told, refusal.is_bilingual) == ((422, "RecordInvalid"), True)
    problems = {item["field"]: item for item in refusal.details["problems"]}
    assert {"record_id", "sex", "height", "colour"} <= set(problems)
    assert all(item["zh"] and item["en"] for item in problems.values())
    assert admin.keys() == []


def test_bulk_stores_the_good_rows_and_explains_the_bad_ones(office: Office) -> None:
    admin = office.person()
    rows = [{"record_id": "1"}, {"record_id": "2", "sex": "9"}, {"record_id": "1"}, {"record_id": "3"}]

    result = admin.post(f"{PATIENTS}/bulk", {"records": [{"values": row} for row in rows]})

    assert [id is not None for id in result["ids"]] == [True, False, False, True]
    assert [(row["row"], row["problems"][0]["field"]) for row in result["rejected"]] == [
        (1, "sex"), (2, "record_id"),
    ]  # fmt: skip
    assert all(item["zh"] and item["en"] for row in result["rejected"] for item in row["problems"])
    assert admin.keys() == ["1", "3"]


@pytest.fixture
def cohort(office: Office) -> Person:
    """A research administrator of a database with ten patients."""
    admin = office.person()
    rows = [
        {"record_id": f"{number:02}", "name": f"王{number}", "sex": "12"[number % 2], "height": 150 + number,
         "pregnant": False if number % 2 else None}
        for number in range(10)
    ]  # fmt: skip
    admin.post(f"{PATIENTS}/bulk", {"records": [{"values": row} for row in rows]})
    return admin


def test_filters_combine_with_and_or_not_in_either_language(cohort: Person) -> None:
    english = cohort.keys(where="([sex] = '1' and [height] > 155) or not [height] >= 151")
    chinese = cohort.keys(where="([sex] = '1' 且 [height] > 155) 或 非 [height] >= 151")

    assert english == chinese == ["00", "06", "08"]


def test_pages_follow_one_another_to_the_end(cohort: Person) -> None:
    assert cohort.keys(order="-height", limit=3) == [f"{number:02}" for number in range(9, -1, -1)]
    assert cohort.get(f"{PATIENTS}/count", where="[sex] = '2'") == {"count": 5}
    page = cohort.get(PATIENTS, limit=3)
    refusal = cohort.refused(
        "GET", PATIENTS, query_string={"limit": 3, "order": "height", "after": page["next"]}
    )
    assert refusal.is_bilingual and refusal.code == "CursorWrong"


def test_a_reader_sees_names_masked_and_can_not_find_people_by_them(office: Office, cohort: Person) -> None:
    reader, researcher = office.person("reader"), office.person("researcher")

    assert cohort.get(PATIENTS, limit=1)["items"][0]["values"]["name"] == "王0"
    assert reader.get(PATIENTS, limit=1)["items"][0]["values"]["name"] == "＊＊＊"
    assert reader.refused("POST", PATIENTS, {"values": {"record_id": "99"}}).told == (403, "Denied")
    for asked in ({"order": "name"}, {"where": "[name] = '王1'"}):
        refusal = researcher.refused("GET", PATIENTS, query_string=asked)
        assert (refusal.code, refusal.is_bilingual) == ("QueryNotAllowed", True)


def test_a_child_is_placed_under_its_parent_and_checked(office: Office) -> None:
    admin = office.person()
    patient = admin.add(record_id="1", born="1960-05-01")
    visits = f"{LUNG}/records/visit"

    visit = admin.post(visits, {"values": {"on": "2026-03-05"}, "parent": patient["id"], "event": "baseline"})
    lesion = admin.post(f"{LUNG}/records/lesion", {"values": {"size": 400}, "parent": visit["record"]["id"]})
    refusal = admin.refused("POST", visits, {"values": {"on": "2026-03-05"}, "event": "baseline"})

    assert visit["record"]["values"]["age"] == 65
    assert [item["severity"] for item in lesion["warnings"]] == ["warning"]
    assert (refusal.status, refusal.is_bilingual) == (422, True)


def test_a_schema_describes_the_values(office: Office) -> None:
    schema = office.person().get(f"{PATIENTS}/schema")

    assert set(schema["properties"]) >= {"record_id", "sex", "height"}
    assert schema["additionalProperties"] is False


def test_by_cookie_a_change_needs_the_csrf_token_and_a_token_does_not(office: Office) -> None:
    site: Site = office.site
    site.user("research_admin", "li")
    browser = site.browser("li")

    with_token = browser.post(PATIENTS, json={"values": {"record_id": "1"}})
    del browser.headers["X-CSRF-Token"]
    without = browser.post(PATIENTS, json={"values": {"record_id": "2"}})

    assert (with_token.status_code, without.status_code) == (201, 403)
    assert without.get_json()["code"] == "CsrfFailed"


def test_the_records_below_one_are_listed_and_counted(office: Office) -> None:
    admin = office.person()
    parents = [admin.add(record_id=code)["id"] for code in ("1", "2")]
    visits = f"{LUNG}/records/visit"
    for parent, event in ((parents[0], "baseline"), (parents[0], "followup"), (parents[1], "baseline")):
        admin.post(visits, {"values": {"on": "2026-01-05"}, "parent": parent, "event": event})

    found = admin.get(visits, parent=parents[0], order="-created_at")["items"]

    assert [item["event"] for item in found] == ["followup", "baseline"]
    assert admin.get(f"{visits}/count", parent=parents[1]) == {"count": 1}
    assert admin.refused("GET", visits, query_string={"parent": "x"}).told == (422, "NotValid")
