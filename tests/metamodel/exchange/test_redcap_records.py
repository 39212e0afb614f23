"""REDCap's data files: one row is split over the record types it speaks of."""

from decimal import Decimal
from pathlib import Path

import pytest

from metamodel.exchange import read_definition, source_files
from metamodel.exchange.errors import HeaderWrong
from tests.metamodel.exchange.moving import Mover
from tests.metamodel.exchange.redcap_files import dictionary, project, variable


@pytest.fixture
def trial(mover: Mover) -> Mover:
    forms = {"demo": ["record_id", "sex"], "labs": ["crea"], "drug": ["dose"]}
    events = {"base_arm_1": ["demo", "labs", "drug"], "v1_arm_1": ["labs"]}
    files = [project(forms, events, repeating=[("base_arm_1", "drug")])]
    mover.publish(read_definition(files, "lung").document)
    return mover


def columns(job):
    return {item["column"]: item["reason"]["en"] for item in job.result["ignored_columns"]}


PLACE = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance"
HEADER = PLACE + ",sex,crea,dose,labs_complete\n"


def test_a_row_is_split_over_record_types(trial: Mover) -> None:
    job = trial.load(
        HEADER
        + "1,base_arm_1,,,f,88,,2\n"
        + "1,base_arm_1,drug,1,,,10mg,\n"
        + "1,base_arm_1,drug,2,,,20mg,\n"
        + "1,v1_arm_1,,,,90,,\n"
    )

    assert job.result["records"] == {"patient": {"added": 1}, "labs": {"added": 2}, "drug": {"added": 2}}
    assert columns(job) == {"labs_complete": "REDCap's status of an instrument"}
    assert [(item["event"], item["crea"]) for item in trial.records("labs")] == [
        ("base_arm_1", "88"),
        ("v1_arm_1", "90"),
    ]
    assert [(item["repeat_key"], item["dose"]) for item in trial.records("drug")] == [
        (1, "10mg"),
        (2, "20mg"),
    ]


def test_a_record_comes_into_being_though_only_its_instances_are_in_the_file(trial: Mover) -> None:
    job = trial.load(HEADER + "9,base_arm_1,Drug,1,,,10mg,\n")

    assert job.result["records"] == {"patient": {"added": 1}, "drug": {"added": 1}}
    assert [item["record_id"] for item in trial.records()] == ["9"]


def test_rows_that_lead_nowhere_are_rejected_with_their_reason(trial: Mover) -> None:
    job = trial.load(
        HEADER
        + ",base_arm_1,,,f,,,\n"
        + "1,v9_arm_1,,,f,,,\n"
        + "1,base_arm_1,labs,1,,88,,\n"
        + "1,base_arm_1,drug,x,,,1,\n"
        + "1,base_arm_1,drug,1,m,,1,\n"
        + "1,v1_arm_1,,,,1,5,\n"
    )

    assert [(item["row"], item["code"]) for item in trial.rejected(job)] == [
        ("2", "required"), ("3", "unknown_event"), ("4", "not_repeating"), ("5", "not_whole"),
        ("6", "misplaced"), ("7", "unknown_event"),
    ]  # fmt: skip


def test_a_definition_from_the_dictionary_alone_refuses_events_and_instances(mover: Mover) -> None:
    mover.publish(read_definition([dictionary(variable("dose", form="drug"))], "lung").document)

    job = mover.load(PLACE + ",dose\n1,,,,10\n1,base_arm_1,,,20\n1,,drug,2,30\n")

    assert [item["reason_en"] for item in mover.rejected(job)] == [
        "The definition has no event base_arm_1; import its project.xml.",
        "Instrument drug does not repeat in the definition; import its project.xml.",
    ]
    assert mover.records()[0]["dose"] == "10"


def test_checkboxes_commas_calculations_and_renamed_variables(mover: Mover) -> None:
    rows = (
        variable("gym", "checkbox", choices="0, Mon | -9, Never | A, Any"),
        variable("height", validation="number_1dp_comma_decimal"),
        variable("double", "calc", choices="[height] * 2"),
        variable("Visit-Date", validation="date_dmy"),
        variable("scan", "file"),
    )
    mover.publish(read_definition([dictionary(*rows)], "lung").document)

    job = mover.load(
        "record_id,gym___0,gym____9,gym___a,height,double,Visit-Date,scan\n"
        '1,1,0,1,"1,5",99,2026-03-05,x.pdf\n'
        "2,0,0,0,,,,\n"
    )

    first, second = mover.records()
    assert (first["gym"], first["height"], first["double"]) == (["0", "A"], Decimal("1.5"), 3.0)
    assert first["visit_date"].isoformat() == "2026-03-05"
    assert second["gym"] is None
    assert columns(job) == {
        "double": "calculated: the platform computes it itself",
        "scan": "the definition has no such field",
    }


def test_unchecking_all_boxes_empties_the_field(mover: Mover) -> None:
    rows = (variable("gym", "checkbox", choices="0, Mon | 1, Tue"), variable("note"))
    mover.publish(read_definition([dictionary(*rows)], "lung").document)

    mover.load("record_id,gym___0,gym___1,note\n1,1,0,a\n")
    mover.load("record_id,gym___0,gym___1,note\n1,0,0,b\n")

    assert mover.records()[0]["gym"] is None


def test_a_file_without_the_record_id_is_refused(trial: Mover) -> None:
    with pytest.raises(HeaderWrong, match="record id column record_id"):
        trial.load("redcap_event_name,sex\nbase_arm_1,f\n")


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("checkboxes-1", {"patient": 4}),
        ("clinical-trial-1", {"patient": 500}),
        ("decimal-comma", {"patient": 4}),
        (
            "longitudinal",
            {
                "patient": 3,
                "demographics": 3,
                "visit_lab_data": 4,
                "patient_morale_questionnaire": 10,
                "visit_observed_behavior": 6,
                "completion_project_questionnaire": 3,
            },
        ),
        ("multilevel-model-1", {"patient": 20, "appointment": 200}),
        ("validation-types-1", {"patient": 1}),
    ],
)
def test_the_data_of_the_real_projects_goes_in_whole_and_once(
    mover: Mover, real_data: Path, name: str, records: dict[str, int]
) -> None:
    folder = real_data / "16-registry-forms" / "redcapr" / name
    mover.publish(read_definition(source_files([folder / "project.xml"]), "lung").document)
    data = (folder / "data.csv").read_bytes()

    first, second = mover.load(data), mover.load(data)

    assert first.result["rejected_rows"] == second.result["rejected_rows"] == 0
    assert {code: states["added"] for code, states in first.result["records"].items()} == records
    assert all(set(states) == {"unchanged"} for states in second.result["records"].values())
    assert {code: len(mover.records(code)) for code in records} == records


@pytest.mark.realdata
def test_body_mass_index_is_computed_as_redcap_did(mover: Mover, real_data: Path) -> None:
    folder = real_data / "16-registry-forms" / "redcapr" / "decimal-comma"
    mover.publish(read_definition(source_files([folder / "project.xml"]), "lung").document)

    mover.load((folder / "data.csv").read_bytes())

    assert [item["bmi"] for item in mover.records()] == [22.1, 27.3, 32.5, 17.7]
