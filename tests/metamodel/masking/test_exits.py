"""What is masked leaves masked by every exit, the same way by each, and can't be got at otherwise."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from metamodel.definitions import masking_problems, validate_document
from metamodel.masking import MASK, live_documents
from metamodel.queries import QueryNotAllowed, RecordQuery, count, page, stream
from metamodel.records import RecordInvalid, RecordStore, as_json
from metamodel.records.explaining import RecordExplainer
from tests.metamodel.exchange.moving import Mover
from tests.metamodel.live import Desk, codes
from tests.metamodel.masking.clinic import CLERK, Clinic, a_clinic, clinic_document, publish_type
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

ANNA = {
    "no": "P0001", "name": "欧阳安娜", "born": "1960-03-05", "age": 66, "remark": "=HYPERLINK(1)",
    "city": "兰州", "secret": "sssh", "weight": 60,
}  # fmt: skip
BORN = date(1960, 3, 5)
IDENTITIES = ("P0001", "安娜", "1960-03-05", "HYPERLINK", "兰州", "sssh")


@pytest.fixture
def clinic(desk: Desk) -> Clinic:
    return a_clinic(desk.instance)


def values(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ANNA}


def test_each_exit_shows_the_same(clinic: Clinic) -> None:
    saved = clinic.keeper.add("patient", **ANNA)
    clinic.keeper.change("patient", saved.id, 1, weight=61)
    clinic.keeper.change("patient", saved.id, 2, weight=60)
    kind = clinic.clerk.type("patient")

    with clinic.clerk.reading() as uow:
        store = RecordStore(uow)
        record = store.get(kind, saved.id)
        as_it_was = store.as_of(kind, saved.id, uow.at)
        (listed,) = page(uow, RecordQuery(kind)).records
        (streamed,) = next(stream(uow, RecordQuery(kind)))
        first = store.revisions(kind, saved.id)[0]
    text = Mover(clinic.clerk.instance).export(subject=CLERK, database="clinic").decode()
    (row,) = csv.DictReader(io.StringIO(text))

    seen = values(record)
    assert seen["name"] == "欧阳＊＊" and seen["age"] == "60-69" and seen["weight"] == 60
    assert seen["city"] == seen["secret"] == MASK  # no masking type that is published
    assert seen["no"].startswith("P-") and 0 < abs((seen["born"] - BORN).days) <= 180
    assert values(as_it_was) == values(listed) == values(streamed) == seen
    written = {name: value for name, value in as_json(kind, record).items() if name in ANNA}
    assert {name: new for name, (_, new) in first.changes.items()} == written
    assert {name: row[name] for name in ANNA} == {name: str(each) for name, each in written.items()} | {
        "remark": f"'{written['remark']}"  # no spreadsheet takes what a mask left for a formula
    }
    assert not any(identity in f"{written}{row}" for identity in IDENTITIES)


def test_excel_holds_masked_values_as_they_are_shown(clinic: Clinic) -> None:
    clinic.keeper.add("patient", **ANNA)

    content = Mover(clinic.clerk.instance).export(subject=CLERK, database="clinic", format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    heads, row = ([cell.value for cell in line] for line in sheet.iter_rows(max_row=2))
    found = dict(zip(heads, row, strict=True))

    assert (found["name"], found["age"], found["secret"]) == ("欧阳＊＊", "60-69", MASK)
    assert not any(identity in str(found) for identity in IDENTITIES)


def test_dates_of_a_patients_records_move_together(clinic: Clinic) -> None:
    root = clinic.keeper.add("patient", **ANNA)
    for day in ("2026-01-01", "2026-01-31"):
        clinic.keeper.add("exam", parent=root.id, on=day)

    one, other = (record["on"] for record in clinic.clerk.find("exam"))
    born = clinic.clerk.find("patient")[0]["born"]

    assert (other - one).days == 30
    assert one - born == date(2026, 1, 1) - BORN


def test_the_records_above_are_named_by_the_same_codes_in_a_file(clinic: Clinic) -> None:
    root = clinic.keeper.add("patient", **ANNA)
    clinic.keeper.add("exam", parent=root.id, on="2026-01-01")

    text = Mover(clinic.clerk.instance).export("exam", CLERK, "clinic").decode()

    (row,) = csv.DictReader(io.StringIO(text))
    assert row["patient.no"] == clinic.clerk.find("patient")[0]["no"]
    assert "P0001" not in text


def test_codes_of_two_databases_do_not_go_together(clinic: Clinic) -> None:
    other = a_clinic(clinic.keeper.instance, "other")
    here, there = clinic.keeper.add("patient", **ANNA), other.keeper.add("patient", **ANNA)

    one, another = clinic.clerk.get("patient", here.id), other.clerk.get("patient", there.id)

    assert one["name"] == another["name"]  # nothing but the surname, with no key
    assert one["no"] != another["no"]


def test_a_masking_type_that_is_published_again_holds_at_once(clinic: Clinic) -> None:
    saved = clinic.keeper.add("patient", **ANNA)
    assert clinic.clerk.get("patient", saved.id)["name"] == "欧阳＊＊"

    publish_type(clinic.keeper.instance, "name", method="redact")

    assert clinic.clerk.get("patient", saved.id)["name"] == MASK


@pytest.mark.parametrize("name", ["no", "name", "born", "age", "secret"])
def test_nobody_can_ask_about_what_is_masked(clinic: Clinic, name: str) -> None:
    kind, exam = clinic.clerk.type("patient"), clinic.clerk.type("exam")
    for channel in (Channel.SCREEN, Channel.SEARCH, Channel.API, Channel.EXPORT, Channel.PREVIEW):
        with clinic.clerk.instance.read(CLERK, channel) as uow:
            for query in (
                RecordQuery(kind, f"[{name}] is missing"),
                RecordQuery(kind, order=((name, False),)),
                RecordQuery(exam, f"[patient.{name}] is not missing"),
                RecordQuery(exam, f"count([patient], [{name}] is not missing) > 0"),
            ):
                with pytest.raises(QueryNotAllowed):
                    page(uow, query)
                with pytest.raises(QueryNotAllowed):
                    stream(uow, query)
            with pytest.raises(QueryNotAllowed):
                count(uow, kind, f"[{name}] is missing")


def test_what_is_shown_can_not_be_written_back(clinic: Clinic) -> None:
    saved = clinic.keeper.add("patient", **ANNA)
    kind = clinic.clerk.type("patient")
    with clinic.clerk.reading() as uow:
        shown = as_json(kind, RecordStore(uow).get(kind, saved.id))

    for name in ("no", "name", "born", "remark", "secret"):
        with pytest.raises(RecordInvalid) as raised:
            clinic.clerk.change("patient", saved.id, 1, **{name: shown[name]})
        assert codes(raised.value.problems) == [(name, "masked_value")]
    with pytest.raises(RecordInvalid):
        clinic.clerk.change("patient", saved.id, 1, age=shown["age"])  # no number at all
    with pytest.raises(RecordInvalid):
        clinic.clerk.add("patient", no="P2", name="欧阳＊＊")

    clinic.clerk.change("patient", saved.id, 1, name="欧阳安", born="1960-03-06")
    assert values(clinic.keeper.get("patient", saved.id)) == ANNA | {
        "name": "欧阳安",
        "born": date(1960, 3, 6),
    }


def test_a_rule_that_reads_masked_values_is_not_explained_with_them(clinic: Clinic) -> None:
    saved = clinic.keeper.add("patient", **ANNA)
    with clinic.clerk.reading() as uow:
        rule = "[name] = [remark] or [age] > [weight]"
        told = RecordExplainer(uow, clinic.clerk.type("patient"), rule).explain(saved.id, {})
    assert "60" in repr(told)  # the weight, which is told
    assert not any(identity in repr(told) for identity in (*IDENTITIES, "66", "True", "False"))


def test_a_draft_is_told_of_masking_types_that_are_not_there_or_do_not_fit(clinic: Clinic) -> None:
    document = clinic_document("clinic")
    document["record_types"][0]["fields"][3]["masking"] = "shift"  # an age
    document["record_types"][0]["fields"][1]["masking"] = "nam"
    with clinic.keeper.instance.read(SYSTEM, Channel.API) as uow:
        found = masking_problems(uow, document)
        known = live_documents(uow)

    assert [(each.path, each.code, each.severity) for each in found] == [
        ("/record_types/0/fields/1/masking", "unknown_masking_type", "warning"),
        ("/record_types/0/fields/3/masking", "masking_does_not_fit", "warning"),
        ("/record_types/0/fields/5/masking", "unknown_masking_type", "warning"),
    ]
    assert found[0].suggestion == "name" and found[0].zh and found[0].en
    assert set(known) == {"name", "shift", "code", "band", "ends"}


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        ({"method": "nmae"}, "/method", "unknown_method"),
        ({"method": "phone", "parameters": {"first": 9}}, "/parameters/first", "out_of_range"),
        ({"method": "phone", "parameters": {"style": "paint"}}, "/parameters/style", "not_allowed"),
        ({"method": "phone", "parameters": {"lats": 2}}, "/parameters/lats", "unknown_key"),
        ({}, "/method", "missing_key"),
    ],
)
def test_a_masking_type_with_a_wrong_method_or_parameter_is_told_so(
    wrong: dict[str, Any], path: str, code: str
) -> None:
    (problem,) = validate_document({"kind": "masking_type", "code": "mine"} | wrong)
    assert (problem.path, problem.code) == (path, code)
