"""Releases, plans and what they changed, as pages and scripts ask for it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.metamodel.api.office import LUNG, Office, Person

NOTE = {
    "edit": "add_field",
    "record_type": "patient",
    "field": {"code": "note", "label": {"zh": "备注", "en": "Note"}, "type": "string"},
}


@pytest.fixture
def admin(office: Office) -> Person:
    return office.person(name="li")


def words(page: dict[str, Any]) -> list[str]:
    return [item["text"]["zh"] for item in page["items"] if item["thing"] == "field"]


def test_a_change_is_told_of_the_draft_the_plan_and_the_release(admin: Person) -> None:
    nothing = admin.get(f"{LUNG}/draft/changes")
    admin.edit("lung", NOTE)
    draft = admin.get(f"{LUNG}/draft/changes")
    plan = admin.post(f"{LUNG}/plans")
    planned = admin.get(f"/plans/{plan['id']}/changes")
    admin.post(f"/plans/{plan['id']}/publish", {"note": " 新增备注 "})

    assert nothing["total"] == 0
    assert words(draft) == words(planned) == ["新增字段 patient（中） · 备注（文本）"]
    assert words(admin.get(f"{LUNG}/releases/2/changes")) == words(draft)
    assert words(admin.get(f"{LUNG}/releases/1/changes", against=2)) == [
        "移除字段 patient（中） · 备注（文本）"
    ]
    newest = admin.get(f"{LUNG}/releases", limit=1)["items"][0]
    assert (newest["number"], newest["note"], newest["changes"]) == (2, "新增备注", draft["counts"])
    assert draft["total"] == sum(draft["counts"].values())


def test_many_changes_come_page_by_page(admin: Person) -> None:
    whole = admin.get(f"{LUNG}/releases/1/changes")
    items, after = [], 0
    while after is not None:
        page = admin.get(f"{LUNG}/releases/1/changes", after=after, limit=3)
        items += page["items"]
        after = page["next"]

    assert items == whole["items"]
    assert len(items) == page["total"] == whole["total"]


def test_a_plan_says_whether_it_still_counts_and_what_became_of_it(admin: Person, office: Office) -> None:
    admin.edit("lung", NOTE)
    first = admin.post(f"{LUNG}/plans")
    fresh = {key: first[key] for key in ("source", "from_release", "release", "begun", "running", "outdated")}
    admin.edit("lung", {"edit": "hide_field", "record_type": "patient", "field": "height"})
    stale = admin.get(f"/plans/{first['id']}")["outdated"]
    admin.publish("lung")
    way_back = office.person(name="wang").post(f"{LUNG}/undo")
    newest, older = admin.get(f"{LUNG}/plans", limit=2)["items"]
    rest = admin.get(f"{LUNG}/plans", after=older["id"])["items"]

    assert fresh == {
        "source": "draft",
        "from_release": 1,
        "release": None,
        "begun": False,
        "running": False,
        "outdated": None,
    }
    assert (stale["reason"], stale["who"]) == ("draft", "li")
    assert (newest["id"], newest["source"], newest["from_release"]) == (way_back["id"], "undo", 2)
    assert (older["state"], older["release"], older["outdated"]) == ("swapped", 2, None)
    assert first["id"] in [plan["id"] for plan in rest]


def test_the_definition_of_an_old_release_can_be_downloaded(admin: Person) -> None:
    admin.edit("lung", NOTE)
    admin.publish("lung")

    files = [admin.caller.get(f"{LUNG}/releases/{number}/definition") for number in (1, 2)]

    assert ["备注" in str(yaml.safe_load(file.data)) for file in files] == [False, True]
    assert "lung-1.yaml" in files[0].headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("format", "name", "inside"),
    [
        ("yaml", "lung-draft.yaml", "备注"),
        ("redcap", "lung-draft.csv", "Form Name"),
        ("odm", "lung-draft.xml", 'ODMVersion="1.3.2"'),
        ("odm2", "lung-draft.xml", 'ODMVersion="2.0"'),
        ("jsonschema", "lung-draft.schema.json", '"$schema"'),
    ],
)
def test_the_draft_can_be_downloaded_in_each_format(
    admin: Person, format: str, name: str, inside: str
) -> None:
    admin.edit("lung", NOTE)

    file = admin.caller.get(f"{LUNG}/draft/definition?format={format}")

    assert name in file.headers["Content-Disposition"]
    text = (
        yaml.dump(yaml.safe_load(file.data), allow_unicode=True) if format == "yaml" else file.data.decode()
    )
    assert inside in text


def test_who_may_not_read_the_whole_definition_downloads_none(office: Office) -> None:
    refusal = office.person("hospital_admin").refused("GET", f"{LUNG}/draft/definition")

    assert refusal.status in (403, 404)


def test_a_note_that_is_too_long_publishes_nothing(admin: Person) -> None:
    admin.edit("lung", NOTE)
    plan = admin.post(f"{LUNG}/plans")["id"]

    refusal = admin.refused("POST", f"/plans/{plan}/publish", {"note": "长" * 1001})

    assert refusal.status == 422
    assert admin.get(f"/plans/{plan}")["begun"] is False
    assert admin.post(f"/plans/{plan}/publish", {"note": "长" * 1000})["release"] == 2


def test_unknown_releases_and_other_peoples_plans_are_refused(admin: Person, office: Office) -> None:
    reader = office.person("reader")
    plan = admin.edit("lung", NOTE) and admin.post(f"{LUNG}/plans")["id"]

    assert words(reader.get(f"{LUNG}/draft/changes"))
    assert reader.refused("GET", f"/plans/{plan}/changes").status == 403
    for path in ("releases/9/changes", "releases/1/changes?against=9", "releases/9/definition"):
        assert reader.refused("GET", f"{LUNG}/{path}").told == (404, "NotFound")
