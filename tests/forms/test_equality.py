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
from tests.forms.typists import Json, Typist, in_order, page_shows, tally
from tests.metamodel.live import Desk
from tests.metamodel.templates import Template
from zhenshu.security.policy import Action

LUNG_NODULE = Path(__file__).parents[2] / "seed_configs/databases/lung_nodule.yaml"
ENROLLED: dict[str, Any] = {"sex": "1", "enrolled_on": "2024-05-01", "consent": True}


def served(folder: Path, document: Mapping[str, Any]) -> Iterator[Desk]:
    with Template(folder / "template", "", document).copied(folder / "home") as desk:
        yield desk


@pytest.fixture(scope="module")
def lung_nodule(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    document = read_definition(source_files([LUNG_NODULE])).document
    yield from served(tmp_path_factory.mktemp("lung_nodule"), document)


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
