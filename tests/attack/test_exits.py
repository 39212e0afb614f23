"""Planted identities leave by no exit: files, reports, jobs, plans, conflicts, other eyes, logs."""

from __future__ import annotations

import io
import itertools
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select

from tests.attack.bodies import query_of
from tests.attack.castle import Castle, address, endpoints, narrow, route_name
from tests.attack.ward import CODE, EXAM, PATIENT, leaks
from tests.metamodel.api.office import Person
from zhenshu import logs
from zhenshu.instance import Instance

WARD = f"/databases/{CODE}"
PATIENTS = f"{WARD}/records/patient"
OTHERS = ("reader", "researcher", "hospital_admin", "security_admin", "audit_admin")
READS = [endpoint for endpoint in endpoints() if endpoint.is_safe]
NAME = str(PATIENT["name"])


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """What is logged, which never holds a canary."""
    stream = io.StringIO()
    logs.configure(logging.DEBUG, stream)
    yield stream
    assert leaks(stream.getvalue()) == []


@pytest.fixture(autouse=True)
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files, which is empty in the end."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert [path.name for path in folder.rglob("*")] == []


def reads(person: Person, **headers: str) -> Iterator[tuple[str, int, bytes]]:
    """(route, status, bytes and headers) of every route that reads, for either record of the canaries."""
    for endpoint, (record_type, id_) in itertools.product(READS, (("patient", 1), ("exam", 2))):
        path = address(endpoint, record_type=record_type, id=id_)
        response = person.caller.call("GET", path, query_string=query_of(endpoint), headers=headers)
        yield route_name(endpoint), response.status_code, response.data + str(response.headers).encode()


def in_tables(instance: Instance, but: frozenset[str] = frozenset()) -> list[str]:
    """The tables with a canary in clear."""
    with instance.engine.connect() as conn:
        found = MetaData()
        found.reflect(conn)
        return [
            table.name
            for table in found.tables.values()
            if table.name not in but and leaks("\n".join(map(repr, conn.execute(select(table)))))
        ]


@pytest.mark.parametrize("record_type", ["patient", "exam"])
@pytest.mark.parametrize(
    ("format", "labels"), [("csv", False), ("csv", True), ("xlsx", False), ("xlsx", True)]
)
def test_no_export_has_one(castle: Castle, record_type: str, format: str, labels: bool) -> None:
    researcher = castle.person("researcher")
    body = {"record_type": record_type, "format": format, "labels": labels}
    job = researcher.finish(researcher.post(f"{WARD}/record-exports", body)["job"])
    file = researcher.caller.get(f"/files/{job['result']['file_id']}")

    assert file.status_code == 200 and job["result"]["records"] > 0
    assert leaks(file.data + str(file.headers).encode()) == []
    assert leaks(repr(job)) == []


@pytest.mark.parametrize("where", [f"[name] = '{NAME}'", "[born] < '1960-01-01'"])
def test_no_export_is_chosen_by_a_masked_value(castle: Castle, where: str) -> None:
    researcher = castle.person("researcher").caller
    body = {"record_type": "patient", "format": "csv", "where": where}

    response = researcher.post(f"{WARD}/record-exports", json=body)

    assert response.status_code == 403 and leaks(response.data) == []


NUMBER, CARD, PHONE, BORN = (str(PATIENT[code]) for code in ("no", "id_card", "phone", "born"))
FILES: dict[str, str | bytes] = {
    "rejected": f"no,name,id_card,phone,born,sex\n{NUMBER}9,{NAME},{CARD},{PHONE},no date,9\n"
    f"{NUMBER}8,{NAME},{CARD},{PHONE},{BORN}x,1\n",
    "without a heading": f"{NUMBER},{NAME},{CARD}\nA,B,C\n",
    "the same column twice": f"{NAME},{NAME}\n1,2\n",
    "broken off": f'no,name\n1,"{NAME}\n',
    "no text": f"no,name\n1,{NAME}\n".encode() + b"\xff\xfe\xfa\n",
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_can_not_be_imported_is_told_about_to_its_sender_alone(castle: Castle, what: str) -> None:
    sender = castle.person("research_admin", "sender")
    job = load(sender, FILES[what])
    result = sender.get(f"/jobs/{job}")
    assert result["state"] == ("done" if what == "rejected" else "failed")

    if what == "rejected":
        listed = sender.caller.get(f"/files/{result['result']['rejected_file']}")
        rows = sender.caller.get(f"/record-imports/{job}/rejected")
        assert listed.data.count(b"\n") > 2 and leaks(listed.data + rows.data) == []
    else:
        assert NAME in result["error"]["zh"] + result["error"]["en"]  # the sender knows it, and needs it
    for role in (*OTHERS, "research_admin"):
        person = castle.person(role, f"other.{role}")
        shown = person.caller.get(f"/jobs/{job}").data + person.caller.get("/jobs").data
        assert leaks(shown + person.caller.get("/notices").data + person.caller.get("/me/waiting").data) == []
    assert leaks(sender.caller.get("/notices").data) == []
    # A file's name is kept to find it by, as whoever sent it called it.
    assert in_tables(castle.instance, but=frozenset({"file_object"})) == []


def load(sender: Person, content: str | bytes) -> int:
    """An import of a file that is called by a patient's name, to its end; the job's id."""
    file = sender.upload(f"{NAME}.csv", content)
    job = int(sender.post(f"{WARD}/record-imports", {"file_id": file, "record_type": "patient"})["job"])
    try:
        sender.finish(job)
    except Exception as error:
        assert not isinstance(error, AssertionError)
    return job


def test_who_designs_without_seeing_identities_finds_none_in_plans_and_reports(castle: Castle) -> None:
    designer = narrow(castle, "research_admin", CODE, identifying="mask")
    narrower = {"options": {"max_length": 4}}
    designer.edit(
        CODE,
        {"edit": "set_field", "record_type": "patient", "field": "note", "set": narrower},
        {"edit": "remove_field", "record_type": "patient", "field": "remark"},
    )
    plan = designer.caller.post(f"{WARD}/plans", json={})
    designer.finish(designer.post(f"{WARD}/quality/run", {})["job"])

    assert plan.status_code == 201 and leaks(plan.data) == []
    seen = list(reads(designer))
    assert [route for route, _, data in seen if leaks(data)] == []
    assert sum(status == 200 for _, status, _ in seen) > 40


@pytest.mark.parametrize("role", ["reader", "researcher"])
def test_a_question_too_long_for_an_address_is_answered_without_one(castle: Castle, role: str) -> None:
    person = castle.person(role)
    over = {"database": CODE, "record_type": "patient"}
    record = person.get(f"{PATIENTS}/1")
    check = {"values": {"sex": "1", "weight": "9000"}}
    rule = "length([id_card]) = 18 and count([exam], [reader] is not missing) > 0 and [weight] > 1"
    asked = [
        person.caller.post("/rules/explain", json={**over, "expression": rule, "record": 1}),
        person.caller.post("/rules/explain", json={**over, "expression": "[name]", "record": 1}),
        person.caller.post(f"{WARD}/forms/patient/check", json=check | {"record": 1}),
        person.caller.post(f"{PATIENTS}/search", json={"where": "[weight] > 50"}),
        person.caller.post(f"{WARD}/quality/run", json={}),
        person.caller.call("PATCH", f"{PATIENTS}/1", json={"version": 1, "values": {"weight": "57"}}),
        person.caller.post(PATIENTS, json={"values": {"no": PATIENT["no"], "sex": "1"}}),
        person.caller.post(
            f"{WARD}/records/exam", json={"values": {"accession": EXAM["accession"]}, "parent": 1}
        ),
    ]

    assert leaks(repr(record)) == []
    for answer in asked:
        assert answer.status_code < 500, answer.text
        assert leaks(answer.data) == [], answer.text
    refused = [answer for answer in asked if answer.status_code == 403]
    assert len(refused) == (4 if role == "reader" else 0)


def test_other_eyes_see_no_more_than_both(castle: Castle) -> None:
    admin, reader = castle.person("research_admin"), castle.person("reader")

    seen = list(reads(admin, **{"X-View-As": str(reader.caller.user_id)}))

    assert [route for route, _, data in seen if leaks(data)] == []
    assert sum(status == 200 for _, status, _ in seen) > 20


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("named", ["1", "self", "0", "-1", "１", "1 OR 1=1", "9" * 40, "reader"])
def test_nobody_borrows_the_eyes_of_who_sees_more(castle: Castle, role: str, named: str) -> None:
    admin, person = castle.person("research_admin"), castle.person(role)
    ids = {"1": admin.caller.user_id, "self": person.caller.user_id}
    headers = {"X-View-As": str(ids.get(named, named))}

    answers = [
        person.caller.get(path, headers=headers) for path in (f"{PATIENTS}/1", PATIENTS, "/audit", "/jobs")
    ]

    assert [answer.status_code for answer in answers if answer.status_code not in (403, 404)] in ([], [200])
    assert leaks(b"".join(answer.data for answer in answers)) == []


def test_no_table_holds_one_in_clear(castle: Castle) -> None:
    assert in_tables(castle.instance) == []


def test_the_search_through_tables_finds_what_is_there(castle: Castle) -> None:
    """So that finding nothing means something."""
    castle.person("research_admin").ask("PATCH", f"{PATIENTS}/3", {"version": 1, "values": {"note": NAME}})

    assert in_tables(castle.instance) != []
