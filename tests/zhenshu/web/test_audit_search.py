"""The trail searched by patient, resource and channel, newest first, page after page."""

from __future__ import annotations

import pytest

from tests.site import Site
from zhenshu.audit import record
from zhenshu.security import SYSTEM, Channel


@pytest.fixture
def seen(any_site: Site) -> Site:
    """Three looks at patient 7, one at patient 8."""
    with any_site.instance.write(SYSTEM, Channel.SCREEN) as uow:
        for name, patient in (("a_1", 7), ("a_2", 8), ("ab3", 7), ("a_4", 7)):
            record(uow, "read", "records", name, patients=[patient])
    return any_site


@pytest.mark.parametrize(
    ("query", "resources"),
    [
        ("patient=7", ["a_1", "ab3", "a_4"]),
        ("patient=7&order=newest", ["a_4", "ab3", "a_1"]),
        ("patient=9", []),
        ("kind=records&resource=a_", ["a_1", "a_2", "a_4"]),
        ("kind=records&channel=export", []),
    ],
)
def test_the_trail_is_searched(seen: Site, query: str, resources: list[str]) -> None:
    found = seen.script("audit_admin").get(f"/audit?{query}").get_json()["items"]

    assert [entry["resource"] for entry in found] == resources


def test_newest_first_goes_on_where_a_page_ended(seen: Site) -> None:
    auditor = seen.script("audit_admin")
    first = auditor.get("/audit?kind=records&order=newest&limit=3").get_json()

    rest = auditor.get(f"/audit?kind=records&order=newest&limit=3&after={first['next']}").get_json()

    assert [entry["resource"] for entry in first["items"] + rest["items"]] == ["a_4", "ab3", "a_2", "a_1"]
    assert rest["next"] is None


def test_asking_for_a_patient_is_itself_about_the_patient(seen: Site) -> None:
    auditor = seen.script("audit_admin")
    auditor.get("/audit?patient=7")

    found = auditor.get("/audit?patient=7&kind=audit").get_json()["items"]

    assert [(entry["action"], entry["patients"]) for entry in found] == [("view", [7])]
