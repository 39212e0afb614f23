"""Whatever is sent: a clear message in Chinese and in English, nothing broken, nothing half stored."""

from __future__ import annotations

from typing import Any

import pytest

from metamodel.exchange.errors import ExchangeError
from tests.builders import a_database
from tests.metamodel.api.office import LUNG, PATIENTS, Office, has_chinese
from tests.metamodel.exchange.redcap_files import dictionary, variable
from zhenshu.jobs import get_job, run_now
from zhenshu.security import SYSTEM, Channel

SQL = "x'; DROP TABLE definition; --"


def problems_of(office: Office, document: dict[str, Any]) -> list[dict[str, str]]:
    """What a draft of `document` is told; it must not be publishable."""
    admin = office.person()
    code = admin.post("/databases", {"document": document})["code"]
    refusal = admin.refused("POST", f"/databases/{code}/plans")
    assert (refusal.told, refusal.is_bilingual) == ((422, "DefinitionInvalid"), True)
    found: list[dict[str, str]] = admin.get(f"/databases/{code}/draft")["problems"]
    assert all(has_chinese(item["zh"]) and item["en"] for item in found)
    return found


def test_a_circular_calculation_is_named_with_its_circle(office: Office) -> None:
    circular = (
        a_database("circle")
        .with_field("a", "calculated", calculation="[b] + 1")
        .with_field("b", "calculated", calculation="[a] + 1")
    )

    [problem, *_] = problems_of(office, circular.document)

    assert "a" in problem["en"] and "b" in problem["en"]


def test_an_unknown_function_is_named_with_a_suggestion(office: Office) -> None:
    wrong = (
        a_database("wrong").with_field("x", "float").with_field("y", "calculated", calculation="rond([x])")
    )

    [problem] = problems_of(office, wrong.document)

    assert "rond" in problem["en"] and "round" in problem["en"] + problem["suggestion"]


def test_a_rule_is_checked_with_line_column_and_caret(office: Office) -> None:
    admin = office.person()
    ask = {"database": "lung", "record_type": "patient"}

    right = admin.post("/rules/check", ask | {"expression": "[height] > 150"})
    wrong = admin.post("/rules/check", ask | {"expression": "[heigt] > 150"})

    assert right == {"ok": True, "type": "boolean"}
    error = wrong["error"]
    assert (error["line"], error["column"], "height" in error["suggestion"]) == (1, 1, True)
    assert "^" in error["caret"] and has_chinese(error["zh"]) and error["en"]


@pytest.mark.parametrize("where", ["[height] >", "frobnicate([height])", "[nothing] = 1", "(" * 3000])
def test_a_filter_that_is_no_rule_is_refused(office: Office, where: str) -> None:
    refusal = office.person().refused("GET", PATIENTS, query_string={"where": where})

    assert (refusal.told, refusal.is_bilingual) == ((422, "QueryWrong"), True)


def test_names_of_200_characters_are_shortened_by_an_import_and_refused_from_elsewhere(
    office: Office,
) -> None:
    admin = office.person()
    long = "v" * 200

    made = admin.import_definition(
        ("long.csv", dictionary(variable(long), variable(long + "w")).content), code="long"
    )
    refusal = admin.refused("POST", "/databases", {"document": a_database("other").with_field(long).document})

    assert made["problems"] == []
    assert (refusal.told, refusal.is_bilingual) == ((422, "DefinitionInvalid"), True)
    assert admin.publish("long") == 1


def test_sql_in_a_name_or_a_value_stays_text(office: Office) -> None:
    admin = office.person()

    refusal = admin.refused("POST", "/databases", {"document": a_database("sql").with_field(SQL).document})
    admin.import_definition(
        ("sql.csv", dictionary(variable(SQL), variable("note", label=SQL)).content), code="sql"
    )
    admin.publish("sql")
    admin.add(record_id=SQL)

    assert (refusal.told, refusal.is_bilingual) == ((422, "DefinitionInvalid"), True)
    assert admin.keys(where='[record_id] = "x\'; DROP TABLE definition; --"') == [SQL]
    label = admin.get("/databases/sql")["record_types"][0]["fields"][-1]["label"]
    assert SQL in label.values()
    assert admin.refused("GET", PATIENTS, query_string={"order": SQL}).status == 404
    assert admin.refused("GET", f"{LUNG}/records/patient%27%3B--").status == 404


@pytest.mark.slow
def test_ten_thousand_choices_are_published_and_used(office: Office) -> None:
    admin = office.person()
    codes = [str(number) for number in range(10_000)]
    document = a_database("big").with_field("icd", "choice", choices=codes).document

    admin.post("/databases", {"document": document})
    admin.publish("big")
    here = "/databases/big/records/patient"
    stored = admin.add(here, icd="9999")["values"]["icd"]
    refusal = admin.refused("POST", here, {"values": {"icd": "10000"}})

    assert stored == "9999"
    assert (refusal.told, refusal.is_bilingual) == ((422, "RecordInvalid"), True)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"\xff\xfe\x00", b"a,b\n1,2\n", b""])
def test_a_file_that_is_no_definition_is_refused(office: Office, content: bytes) -> None:
    admin = office.person()
    file_id = admin.upload("what.csv", content)

    refusal = admin.refused("POST", "/definitions/imports", {"file_ids": [file_id], "code": "what"})

    assert refusal.status in (413, 422) and refusal.is_bilingual
    assert "Nothing was imported" in refusal.en
    assert admin.refused("GET", "/databases/what/draft").status == 404


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'record_id,sex\n1,1\n2,"1\n', "MalformedCsv"),
        (b"record_id,sex\n1,\xff\xfe\xfa\n", "UnknownEncoding"),
        (b"record_id,record_id\n1,1\n", "HeaderWrong"),
        (b"", "HeaderWrong"),
    ],
)
def test_a_broken_file_fails_its_job_with_the_reason(office: Office, content: bytes, code: str) -> None:
    admin = office.person()
    job_id = admin.import_records("broken.csv", content)

    with pytest.raises(ExchangeError):
        run_now(office.instance, job_id)

    job = admin.get(f"/jobs/{job_id}")
    assert (job["state"], job["error"]["code"]) == ("failed", code)
    assert has_chinese(job["error"]["zh"]) and not has_chinese(job["error"]["en"].replace("broken.csv", ""))
    with office.instance.read(SYSTEM, Channel.API) as uow:
        assert get_job(uow, job_id).attempts == 1
