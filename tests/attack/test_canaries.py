"""Identities planted in a database are in no answer for those who may not see them, nor in a log."""

from __future__ import annotations

import io
import logging

import pytest

from tests.attack.castle import Castle, address, endpoints, route_name
from tests.attack.ward import CODE, FORMS, PATIENT, leaks
from zhenshu import logs

SEES_ALL = "research_admin"
OTHERS = ("reader", "researcher", "hospital_admin", "security_admin", "audit_admin")
READS = [endpoint for endpoint in endpoints() if endpoint.is_safe]
RECORDS = f"/databases/{CODE}/records/patient"
PROBES = {  # questions that a masked value must answer neither by what they find nor by how they fail
    "equality": "[name] = '何某'",
    "order": "[born] < '1960-01-01'",
    "pattern": "matches([phone], '^139')",
    "presence": "[id_card] is not missing",
    "type error": "[name] + 1 > 2",
    "unknown field": "[nmae] = 'x'",
    "syntax": "[name] = ",
    "through a relation": "count([exam], [reader] is not missing) > 0",
}


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    logs.configure(logging.DEBUG, stream)
    return stream


def test_the_scanner_finds_what_is_there(castle: Castle) -> None:
    """Who sees identities in clear gets them, so that finding none elsewhere means something."""
    text = castle.person(SEES_ALL).caller.get(f"{RECORDS}/1").text

    found = {leak.canary for leak in leaks(text)}
    assert {str(value) for value in PATIENT.values()} <= found


@pytest.mark.parametrize("form", ["text", "UTF-16", "hex", "base64", "URL", "JSON", "GB 18030"])
def test_the_scanner_reads_every_form(form: str) -> None:
    raw = next(raw for canary, kind, raw in FORMS if kind == form and canary == PATIENT["name"])
    assert PATIENT["name"] in {leak.canary for leak in leaks(b"before " + raw + b" after")}


@pytest.mark.parametrize("role", OTHERS)
def test_no_route_that_reads_gives_a_canary(castle: Castle, log: io.StringIO, role: str) -> None:
    person, seen = castle.person(role).caller, 0
    for endpoint in READS:
        for record_type in ("patient", "exam"):
            for id_ in (1, 2):
                response = person.call("GET", address(endpoint, record_type=record_type, id=id_))
                assert response.status_code < 500, route_name(endpoint)
                assert leaks(response.data + str(response.headers).encode()) == [], route_name(endpoint)
                seen += response.status_code == 200
    assert seen > 10  # it read something, and was not merely refused
    assert log.getvalue() and leaks(log.getvalue()) == []


@pytest.mark.parametrize("role", ["reader", "researcher"])
@pytest.mark.parametrize("probe", PROBES)
def test_no_question_about_a_masked_value_is_answered(
    castle: Castle, log: io.StringIO, role: str, probe: str
) -> None:
    person, where = castle.person(role).caller, PROBES[probe]
    answers = [
        person.get(RECORDS, query_string={"where": where}),
        person.get(f"{RECORDS}/count", query_string={"where": where}),
        person.post(f"{RECORDS}/search", json={"where": where}),
        person.post(f"{RECORDS}/cohort", json={"criteria": [{"kind": "include", "where": where}]}),
        person.post(
            f"/databases/{CODE}/cohorts",
            json={"name": "x", "record_type": "patient", "criteria": [{"kind": "exclude", "where": where}]},
        ),
        person.get(RECORDS, query_string={"order": "name"}),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500, answer.text
        assert leaks(answer.data) == []
    assert leaks(log.getvalue()) == []
