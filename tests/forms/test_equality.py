"""The page's rules and the server's say the same to whatever is typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from forms.making import skip_rules
from metamodel.exchange import read_definition, source_files
from metamodel.records import Access, FormRules, RecordChecker, RecordStore, as_json
from metamodel.room import SEEDS
from metamodel.shipped import Shipped
from tests.forms.typists import Json, Typist, in_order, page_shows, tally
from tests.metamodel.live import Desk, a_document, a_field, a_type
from tests.metamodel.templates import Template
from zhenshu.security.policy import Action

ENROLLED: dict[str, Any] = {"sex": "1", "enrolled_on": "2024-05-01", "consent": True}


def served(folder: Path, document: Mapping[str, Any]) -> Iterator[Desk]:
    with Template(folder / "template", "", document).copied(folder / "home") as desk:
        yield desk


@pytest.fixture(scope="module")
def lung_nodule(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    document = Shipped(SEEDS).whole(SEEDS / "databases/lung_nodule.yaml")
    yield from served(tmp_path_factory.mktemp("lung_nodule"), document)


CLINIC = a_document(
    "clinic",
    a_type(
        "patient",
        a_field("number"),
        a_field("a", "decimal", options={"scale": 3}, minimum="-50", maximum=900, missing_codes=["refused"]),
        a_field("b", "float", maximum=500, missing_codes=["refused", "not_done"]),
        a_field("c", "integer", options={"thousands": ","}, minimum=1),
        a_field("on", "date", options={"text_format": "dmy"}, maximum="today"),
        a_field("at", "datetime", minimum="1950-01-01T00:00:00", maximum="now"),
        a_field("clock", "time", minimum="06:00:00", maximum="22:00:00"),
        a_field("sure", "boolean"),
        a_field("kind", "choice", value_set="kinds"),
        a_field("kinds", "multi_choice", value_set="kinds"),
        a_field("half", "decimal", options={"scale": 0}, calculation="[a] / 2"),
        a_field("product", "decimal", options={"scale": 2}, calculation="[half] * [b] / 7"),
        a_field("whole", "integer", calculation="round([b] / 3, 0) + [c]"),
        a_field("day", "date", calculation="[at]"),
        a_field("upper", "calculated", calculation="upper([note])", options={"result": "text"}),
        a_field("late", "calculated", calculation="[day] > [on]", options={"result": "boolean"}),
        a_field("note", options={"max_length": 12, "pattern": "[A-Za-z0-9. ]+"}, required=True),
        a_field(
            "why", "long_text", shown_if="not [sure]",
            required_if="[late] or missing_reason([a]) = 'refused'",
        ),
        a_field("more", shown_if="[kinds] has 'x' or [kind] = 'y'", required_if="[product] > 10"),
        a_field("last", "integer", shown_if="[clock] < '12:00:00' or [upper] = 'RIGHT'", checks=[
            {"expression": "[last] <= [whole]", "message": {"zh": "多", "en": "Many"}, "severity": "warning"},
            {"expression": "[on] < today() - 1 year", "message": {"zh": "近", "en": "Recent"}},
        ]),
        key="number",
    ),
    value_sets={"kinds": {"label": {}, "choices": [
        {"code": code, "label": {"zh": code, "en": code}, "active": code != "old"}
        for code in ("x", "y", "z", "old")
    ]}},
)  # fmt: skip


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from served(tmp_path_factory.mktemp("clinic"), CLINIC)


@pytest.fixture(scope="module")
def arc(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Iterator[Desk]:
    files = source_files([real_data / "16-registry-forms" / "isaric-arc"])
    yield from served(tmp_path_factory.mktemp("arc"), read_definition(files).document)


class Both:
    """One form as the page and as the server run it."""

    def __init__(self, desk: Desk, code: str, record: int | None = None, parent: int | None = None) -> None:
        self.desk = desk
        self.type = desk.type(code)
        self.skips = skip_rules(desk.database.document, code)
        self.record = record
        self.parent = parent

    def compare(self, typed: list[Json], stored: Json | None = None) -> tuple[Json, list[Json]]:
        """The rules that were sent, and what both said: the same."""
        with self.desk.reading() as uow:
            view = Access(uow).view(Action.VIEW, self.type)
            rules = FormRules(uow, self.type, view).of(self.record, self.parent, self.skips)
            checker = RecordChecker(uow, self.type)
            outlooks = [self._server(checker, each) for each in typed]
        looks = page_shows(rules, stored, list(zip(typed, outlooks, strict=True)))
        for each, look, outlook in zip(typed, looks, outlooks, strict=True):
            assert in_order(look) == in_order(outlook), each
        return rules, looks

    def _server(self, checker: RecordChecker, typed: Json) -> Json:
        outlook = checker.check(typed["values"], typed["missing"], self.record, self.parent, self.skips)
        return {
            "hidden": sorted(outlook.hidden),
            "required": sorted(outlook.required),
            "computed": dict(outlook.computed),
            "problems": [problem.as_json() for problem in outlook.problems],
        }


def filled(both: Both, times: int) -> list[Json]:
    typist = Typist(both.type.code)
    shares = [0.2, 0.5, 0.9]
    return [
        dict(zip(("values", "missing"), typist.fill(both.type, shares[turn % 3]), strict=True))
        for turn in range(times)
    ]


def test_every_type_of_field_is_read_computed_and_checked_alike(clinic: Desk) -> None:
    both = Both(clinic, "patient")

    rules, looks = both.compare(filled(both, 200))

    assert rules["left"] == []
    for name in ("half", "product", "whole", "day", "upper", "late"):
        assert sum(look["computed"][name] is not None for look in looks) > 10, name
    said = Counter((problem["field"], problem["code"]) for look in looks for problem in look["problems"])
    assert {code for _, code in said} >= {"required", "minimum", "maximum", "check", "not_shown", "pattern"}


@pytest.mark.parametrize("code", ["patient", "visit", "ct_exam", "report", "nodule", "pathology"])
def test_new_records_of_the_lung_database(lung_nodule: Desk, code: str) -> None:
    both = Both(lung_nodule, code)

    rules, looks = both.compare(filled(both, 80))

    assert tally(looks, "problems") > 20
    if code == "patient":
        assert [item["field"] for item in rules["calculations"]] == ["bmi", "pack_years", "enrolment_age"]
        assert rules["left"] == []
        assert 20 < sum("cigarettes_per_day" in look["hidden"] for look in looks) < 80


def test_changes_of_stored_records_of_the_lung_database(lung_nodule: Desk) -> None:
    new = Both(lung_nodule, "patient")
    for number, typed in enumerate(filled(new, 25)):
        values = readable(new, typed["values"]) | ENROLLED | {"patient_no": f"S{number}"}
        saved = lung_nodule.add_record("patient", values)
        with lung_nodule.writing() as uow:
            record = as_json(new.type, RecordStore(uow).get(new.type, saved.id))
        stored = Both(lung_nodule, "patient", record=saved.id)
        stored.compare(filled(stored, 8), {"values": record, "missing": record["missing"] or {}})


def readable(both: Both, values: Json) -> Json:
    """Those that the server can read and finds nothing wrong with."""
    with both.desk.reading() as uow:
        outlook = RecordChecker(uow, both.type).check(values, {}, None, None)
    wrong = {problem.field for problem in outlook.problems}
    return {code: value for code, value in values.items() if code not in wrong}


def test_values_of_ancestors_are_sent_and_used(lung_nodule: Desk) -> None:
    patient = lung_nodule.add("patient", **ENROLLED, patient_no="A1")
    exam = lung_nodule.add("ct_exam", patient.id, modality="CT", exam_date="2024-06-01")
    both = Both(lung_nodule, "report", parent=exam.id)

    rules, looks = both.compare(filled(both, 40))

    assert rules["around"] == {"exam_date": "2024-06-01"}
    assert sum(look["computed"]["report_delay"] is not None for look in looks) > 5


@pytest.mark.realdata
def test_every_form_of_arc(arc: Desk) -> None:
    sent: Counter[str] = Counter()
    looks: list[Json] = []
    for kind in arc.database.record_types:
        both = Both(arc, kind.code)
        rules, found = both.compare(filled(both, 40))
        looks += found
        sent.update({name: len(rules[name]) for name in ("skips", "calculations", "required_if", "checks")})
        sent["left"] += len(rules["left"])
    assert len(looks) >= 200
    assert sent["skips"] > 1000
