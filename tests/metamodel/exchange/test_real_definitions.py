"""The real registries: what is counted here was counted in the files themselves."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from metamodel.definitions import errors_of, validate_document
from metamodel.exchange import Imported, SourceFile, read_definition, source_files, write_definition
from metamodel.exchange.redcap.dictionary import COLUMNS

pytestmark = pytest.mark.realdata

PROJECTS = (
    "checkboxes-1",
    "clinical-trial-1",
    "decimal-comma",
    "longitudinal",
    "multilevel-model-1",
    "validation-types-1",
)


@pytest.fixture(scope="module")
def forms(real_data: Path) -> Path:
    return real_data / "16-registry-forms"


@pytest.fixture(scope="module")
def arc(forms: Path) -> Imported:
    return read_definition(source_files([forms / "isaric-arc"]))


def dictionary_of(folder: Path) -> Path:
    return next(folder.glob("dictiona*.csv"))  # one project spells it dictionay.csv


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def reasons(result: Imported, what: str) -> Counter[str]:
    return Counter(
        item["reason"]["en"] for item in result.report["not_carried"] if item["what"]["en"] == what
    )


def test_arc_is_understood_variable_by_variable(forms: Path, arc: Imported) -> None:
    rows = rows_of(forms / "isaric-arc" / "ARC.csv")
    kinds = Counter(row["Type"] for row in rows)
    counts = arc.report["counts"]

    assert counts["variables"] == len(rows) == 1757
    assert counts["descriptive (not a field)"] == kinds["descriptive"] == 86
    assert counts["file (not a field)"] == kinds["file"] == 1
    assert counts["variables with a value list"] == sum(bool(row["List"]) for row in rows) == 41
    assert counts["fields"] == 1757 - 86 - 1 + kinds["list"]
    assert errors_of(validate_document(arc.document)) == []


def test_arc_rules_are_translated_but_for_one_variable_and_one_event_its_files_lack(arc: Imported) -> None:
    counts, refused = arc.report["counts"], reasons(arc, "branching logic")

    assert counts["branching rules"] == 1236
    assert counts["branching rules translated"] == 1236 - refused.total()
    on_texts = [item for form in arc.document["forms"] for item in form["items"] if item.get("shown_if")]
    assert len(on_texts) == 41  # of 43; the other two name that variable or event
    assert all("initial_assessment_arm_1" in reason or "medi_medtype_otherl2" in reason for reason in refused)
    unknown = [
        item
        for item in arc.report["not_carried"]
        if item["what"]["en"] == "branching logic"
        and ("initial_assessment_arm_1" in item["text"] or "medi_medtype_otherl2" in item["text"])
    ]
    assert len(unknown) == 49
    assert counts["calculations"] == counts["calculations translated"] == 8


def test_arc_forms_repeat_as_its_own_files_tell(arc: Imported) -> None:
    repeats = {item["code"]: item["repeats"] for item in arc.document["record_types"]}
    shown = {form["code"]: form["record_type"] for form in arc.document["forms"]}

    assert shown["presentation"] == shown["outcome"] == "patient"
    assert repeats["patient"] is False
    assert all(repeats[code] for code in ("daily", "medication", "pathogen_testing", "follow_up"))


def test_arc_value_lists_give_the_choices(forms: Path, arc: Imported) -> None:
    countries = rows_of(forms / "isaric-arc" / "Lists" / "demographics" / "Country.csv")

    choices = arc.document["value_sets"]["demographics_country"]["choices"]

    assert [item["label"]["en"] for item in choices] == [row["Country"] for row in countries]


def test_arc_as_an_archive_is_the_same(forms: Path, arc: Imported, tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "arc"), "zip", forms, "isaric-arc")

    assert read_definition(source_files([Path(packed)])).document == arc.document


def test_genomics_thailand_is_one_record_type_with_six_forms(forms: Path) -> None:
    result = read_definition(source_files([forms / "genomics-thailand" / "genomics_thailand_general.csv"]))

    assert result.report["counts"]["variables"] == result.report["counts"]["fields"] == 97
    assert len(result.document["record_types"]) == 1
    assert len(result.document["forms"]) == 6
    assert result.report["counts"]["calculations translated"] == 11
    # [germline_cancer(1)] asks for a box of what is a radio button.
    assert reasons(result, "branching logic") == {
        "The REDCap logic can't be carried over: germline_cancer is no checkbox.": 2
    }
    assert errors_of(validate_document(result.document)) == []


@pytest.mark.parametrize("name", PROJECTS)
def test_dictionary_and_project_tell_the_same_fields(forms: Path, name: str) -> None:
    folder = forms / "redcapr" / name
    from_csv = read_definition(source_files([dictionary_of(folder)]))
    from_xml = read_definition(source_files([folder / "project.xml"]))
    both = read_definition(source_files([dictionary_of(folder), folder / "project.xml"]))

    def fields(result: Imported) -> dict[str, object]:
        return {
            item["code"]: {key: value for key, value in item.items() if key not in {"label", "value_set"}}
            for record_type in result.document["record_types"]
            for item in record_type["fields"]
        }

    assert from_csv.report["counts"]["variables"] == len(rows_of(dictionary_of(folder)))
    if name == "validation-types-1":  # project.xml does not tell the slider's own bounds
        assert fields(from_csv).pop("f_slider") != fields(from_xml).pop("f_slider")
    else:
        assert fields(from_csv) == fields(from_xml)
    assert both.document == from_xml.document
    for result in (from_csv, from_xml):
        assert errors_of(validate_document(result.document)) == []
        yaml = write_definition(result.document, "yaml").content
        assert read_definition([SourceFile("a.yaml", yaml)]).document == result.document


def test_the_longitudinal_project_becomes_its_repeating_units(forms: Path) -> None:
    document = read_definition(source_files([forms / "redcapr" / "longitudinal" / "project.xml"])).document

    assert [event["code"] for event in document["events"]] == [
        row["unique_event_name"] for row in rows_of(forms / "redcapr" / "longitudinal" / "event.csv")
    ]
    types = document["record_types"]
    assert [(item["code"], len(item["fields"]), len(item.get("events", ()))) for item in types] == [
        ("patient", 13, 0),
        ("demographics", 30, 2),
        ("contact_info", 6, 4),
        ("visit_lab_data", 14, 2),
        ("patient_morale_questionnaire", 4, 6),
        ("visit_observed_behavior", 14, 4),
        ("completion_project_questionnaire", 13, 2),
    ]  # fmt: skip


def test_the_multilevel_project_repeats_its_appointments(forms: Path) -> None:
    document = read_definition(
        source_files([forms / "redcapr" / "multilevel-model-1" / "project.xml"])
    ).document

    assert [(item["code"], item["repeats"]) for item in document["record_types"]] == [
        ("patient", False),
        ("appointment", True),
    ]


@pytest.mark.parametrize("name", PROJECTS)
def test_a_written_dictionary_says_what_the_read_one_said(forms: Path, name: str) -> None:
    original = dictionary_of(forms / "redcapr" / name)
    first = read_definition(source_files([original])).document

    written = write_definition(first, "redcap")
    again = read_definition([SourceFile(original.name, written.content)], first["code"]).document

    assert again["record_types"] == first["record_types"]
    assert again["value_sets"] == first["value_sets"]
    assert [form["code"] for form in again["forms"]] == [form["code"] for form in first["forms"]]
    assert next(csv.reader(written.content.decode("utf-8-sig").splitlines())) == list(COLUMNS)
