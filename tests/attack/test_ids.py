"""Ids of what is not one's own: another person's, another database's, what is over or in the trash."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.attack.bodies import MEANT, body_of, query_of
from tests.attack.castle import Castle, address, endpoints, narrow, route_name
from tests.attack.unchanged import unchanged
from tests.attack.ward import CODE, leaks
from tests.metamodel.api.office import Person
from tests.zhenshu.web.test_user_batches import workbook
from zhenshu.web.api import Endpoint

WARD, LUNG = f"/databases/{CODE}", "/databases/lung"
SECRET = "secret-of-the-owner"
END = (datetime.now(UTC) + timedelta(days=30)).isoformat(timespec="seconds")
WITH_ID = [endpoint for endpoint in endpoints() if "<int:" in endpoint.path]

TOKENS = next(endpoint for endpoint in endpoints() if route_name(endpoint) == "POST /tokens")

# Beginnings of paths whose ids are one person's, by who that is: nobody else has any business with them.
OWNED = {
    "/jobs/<int:id>": "researcher",
    "/files/<int:id>": "researcher",
    "/notices/<int:id>": "researcher",
    "/tokens/<int:id>": "researcher",
    "/session/logins/<int:id>": "researcher",
    "/record-imports/<int:id>": "researcher",
    "/access/requests/<int:id>": "researcher",
    "/access/emergencies/<int:id>": "researcher",
    "/databases/<code>/filters/<int:id>": "researcher",
    "/databases/<code>/cohorts/<int:id>": "researcher",
    "/user-batches/results/<int:id>": "hospital_admin",
}
# Those that whoever has the permission for may act on; the data among them by grants.
SHARED = (
    "/audit/",
    "/access/grants/",
    "/access/users/",
    "/account-templates/",
    "/databases/<code>/records/",
    "/databases/<code>/releases/",
    "/imports/",
    "/patients/",
    "/databases/<code>/kept-columns/",
    "/plans/",
    "/projects/",
    "/users/",
)


def owned(endpoint: Endpoint) -> str:
    """The beginning in OWNED that the endpoint is at, or ""."""
    return next((start for start in OWNED if endpoint.path.startswith(start)), "")


def test_every_address_with_an_id_is_owned_or_shared() -> None:
    """A new one fails here until somebody said whose its ids are."""
    unknown = [e.path for e in WITH_ID if not owned(e) and not e.path.startswith(SHARED)]
    assert unknown == []
    assert [start for start in OWNED if not any(owned(e) == start for e in WITH_ID)] == []


def call(person: Person, endpoint: Endpoint, **places: Any) -> TestResponse:
    """The endpoint with whatever it can't do without, and things of `places`."""
    options: dict[str, Any] = {"query_string": query_of(endpoint)}
    if (body := body_of(endpoint)) is not None:
        options["json"] = body
    return person.caller.call(endpoint.method, address(endpoint, **places), **options)


@dataclass
class Owner:
    """Somebody who made one of everything that people own; `ids` by the beginnings in OWNED."""

    person: Person
    ids: Mapping[str, int]


def an_owner(castle: Castle) -> Owner:
    li, clerk = castle.person("researcher", "li"), castle.person("hospital_admin", "clerk")
    kept = {"name": SECRET, "record_type": "patient", "where": "[sex] = '1'"}
    cohort = {"name": SECRET, "record_type": "patient", "criteria": MEANT["criteria"]}
    asked = {"database": CODE, "actions": ["export"], "ends_at": END, "reason": SECRET}
    taken = {
        "database": CODE,
        "scope": "database",
        "minutes": 5,
        "reason": f"{SECRET}: an emergency at night",
    }
    upload = li.upload(f"{SECRET}.csv", "no,sex\nA1,9\n")
    loaded = li.post(f"{WARD}/record-imports", {"file_id": upload, "record_type": "patient"})["job"]
    li.finish(loaded)
    castle.site.browser("li")
    logins = li.get("/session/logins")
    ids = {
        "/jobs/<int:id>": loaded,
        "/files/<int:id>": upload,
        "/tokens/<int:id>": li.post("/tokens", body_of(TOKENS) | {"name": SECRET})["token"]["id"],
        "/session/logins/<int:id>": (logins["items"] if isinstance(logins, dict) else logins)[0]["id"],
        "/record-imports/<int:id>": loaded,
        "/access/requests/<int:id>": li.post("/access/requests", asked)["id"],
        "/access/emergencies/<int:id>": li.post("/access/emergencies", taken)["id"],
        "/databases/<code>/filters/<int:id>": li.post(f"{WARD}/filters", kept)["id"],
        "/databases/<code>/cohorts/<int:id>": li.post(f"{WARD}/cohorts", cohort)["id"],
        "/notices/<int:id>": a_notice(castle, li),
        "/user-batches/results/<int:id>": a_batch(clerk),
    }
    return Owner(li, ids)


def a_notice(castle: Castle, person: Person) -> int:
    """Of an import that failed."""
    bad = person.upload("bad.csv", "no,no\n1,2\n")
    job = person.post(f"{WARD}/record-imports", {"file_id": bad, "record_type": "patient"})["job"]
    with pytest.raises(Exception, match="twice"):
        person.finish(job)
    return int(person.get("/notices")["items"][0]["id"])


def a_batch(clerk: Person) -> int:
    """Sealed passwords of users that a workbook named."""
    sent = {"file": (io.BytesIO(workbook([["newcomer", "新人", "", "reader", "", "", ""]])), "users.xlsx")}
    job = clerk.finish(clerk.ask("POST", "/user-batches", data=sent)["job_id"])
    return int(job["result"]["result"])


@pytest.fixture
def owner(castle: Castle) -> Owner:
    return an_owner(castle)


def test_what_people_own_is_not_there_for_others_of_the_same_role(castle: Castle, owner: Owner) -> None:
    """404 or 403 before anything is changed, and nothing that they wrote."""
    others = {role: castle.person(role, f"other.{role}") for role in set(OWNED.values())}
    with unchanged(castle):
        for endpoint in WITH_ID:
            if start := owned(endpoint):
                response = call(others[OWNED[start]], endpoint, id=owner.ids[start])
                assert response.status_code in (403, 404), (route_name(endpoint), response.text)
                assert SECRET.encode() not in response.data, route_name(endpoint)


def test_lists_of_what_people_own_name_nothing_of_another(castle: Castle, owner: Owner) -> None:
    other = castle.person("researcher", "other").caller
    for endpoint in endpoints():
        if endpoint.is_safe and "<int:" not in endpoint.path:
            response = other.call("GET", address(endpoint), query_string=query_of(endpoint))
            assert SECRET.encode() not in response.data, route_name(endpoint)


def test_the_owner_does_reach_all_that(castle: Castle, owner: Owner) -> None:
    """So that the refusals above mean something."""
    people = {"researcher": owner.person, "hospital_admin": castle.person("hospital_admin", "clerk")}
    for endpoint in sorted(WITH_ID, key=lambda each: (each.method != "GET", each.path)):
        start = "" if endpoint.path.endswith("/restore") else owned(endpoint)
        if start and (endpoint.needs is None or "databases" in start):
            response = call(people[OWNED[start]], endpoint, id=owner.ids[start])
            assert response.status_code not in (403, 404), (route_name(endpoint), response.text)


# What may be read of a database without a grant on it: that its definition exists, and what it says. It holds
# no data. By the roles that may view definitions.
DEFINITIONS = re.compile(
    r"/databases/<code>/(definition|draft|draft/.*|releases.*|imports)$|/definitions/.*|/imports/<int:id>.*"
    r"|/masking/types/<code>/uses"
)


# What may answer since it holds only what the caller's grants reach: here nothing.
NOTHING: Mapping[str, Any] = {
    "GET /databases/<code>/cohorts": {"items": [], "next": None},
    "GET /databases/<code>/filters": {"items": [], "next": None},
    "GET /databases/<code>/quality": {"items": [], "next": None},
    "GET /databases/<code>/quality/run": {"job": None, "may_run": False, "at": None, "release": None},
}


@pytest.mark.parametrize("role", ["research_admin", "researcher", "reader"])
def test_no_id_or_code_leads_into_a_database_without_a_grant(castle: Castle, role: str) -> None:
    designer = castle.person("research_admin", "designer")
    designer.edit(
        CODE, {"edit": "set_field", "record_type": "patient", "field": "note", "set": {"unit": "u"}}
    )
    plan = designer.post(f"{WARD}/plans")["id"]
    shared = {"name": SECRET, "record_type": "patient", "shared": True}
    designer.post(f"{WARD}/filters", {**shared, "where": "[sex] = '1'"})
    designer.post(f"{WARD}/cohorts", {**shared, "criteria": MEANT["criteria"]})
    designer.finish(designer.post(f"{WARD}/quality/run", {})["job"])
    person = narrow(castle, role, "lung")
    assert person.caller.get(f"{LUNG}/records/patient").status_code == 200

    with unchanged(castle):
        assert list(open_routes(person, plan)) == []


def open_routes(person: Person, plan: int) -> Iterator[tuple[str, int, str]]:
    """Addresses of data that answer with more than a refusal."""
    for endpoint in endpoints():
        data = endpoint.path.startswith(("/databases/<code>", "/plans/", "/patients/"))
        if data and not (endpoint.is_safe and DEFINITIONS.match(endpoint.path)):
            response = call(person, endpoint, id=plan if "/plans/" in endpoint.path else 1)
            assert leaks(response.data) == [] and SECRET.encode() not in response.data, route_name(endpoint)
            told = route_name(endpoint), response.status_code, response.text
            if response.status_code not in (403, 404) and response.get_json() != NOTHING.get(told[0]):
                yield told


def test_ids_of_one_database_lead_nowhere_in_another(castle: Castle, owner: Owner) -> None:
    """The path says the database, the id what is in it: both have to fit."""
    admin, li = castle.person("research_admin"), owner.person
    assert admin.caller.get(f"{WARD}/records/patient/1").status_code == 200
    for person in (admin, li):
        with unchanged(castle):
            for endpoint in WITH_ID:
                if endpoint.path.startswith("/databases/<code>/"):
                    id_ = owner.ids.get(owned(endpoint), 1)
                    response = call(person, endpoint, code="lung", id=id_, number=7)
                    assert response.status_code in (403, 404), (route_name(endpoint), response.text)


def test_a_member_of_one_project_is_not_reached_through_another(castle: Castle) -> None:
    guard, reader = castle.person("security_admin"), castle.person("reader")
    label = {"zh": "课题", "en": "Study"}
    one, two = (
        guard.post("/projects", {"code": code, "label": label, "class": "trial", "databases": [CODE]})["id"]
        for code in ("P-1", "P-2")
    )
    member = {"user_id": reader.caller.user_id, "duty": "reader"}
    inside = guard.post(f"/projects/{one}/members", member)["members"][0]["id"]

    with unchanged(castle):
        assert guard.caller.post(f"/projects/{two}/members/{inside}/leave").status_code == 404


AFTERWARDS: Mapping[str, Callable[[Castle, Person], object]] = {
    "revoked": lambda castle, person: narrow(castle, "reader", "lung"),
    "trashed": lambda castle, person: castle.person("research_admin").ask(
        "DELETE", f"{WARD}/records/patient/1", query_string={"version": 3}
    ),
}


@pytest.mark.parametrize("how", AFTERWARDS)
def test_what_is_over_is_closed_at_the_next_request(castle: Castle, how: str) -> None:
    researcher = castle.person("researcher")
    there = {"patient": 1, "exam": 2}
    for record_type, id_ in there.items():
        assert researcher.caller.get(f"{WARD}/records/{record_type}/{id_}").status_code == 200

    AFTERWARDS[how](castle, researcher)

    for endpoint in WITH_ID:
        if "/records/" in endpoint.path and endpoint.method != "DELETE" and "revisions" not in endpoint.path:
            for record_type, id_ in there.items():
                response = call(researcher, endpoint, record_type=record_type, id=id_)
                where = (how, route_name(endpoint), record_type, response.text)
                assert response.status_code in (403, 404, 409), where
                assert response.status_code != 409 or endpoint.method != "GET", where
                assert leaks(response.data) == [], where
