"""Records from files: what fits is stored once, what does not is listed with its reason."""

import io
import json
import tracemalloc
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from metamodel.exchange.errors import HeaderWrong, MalformedCsv, UnknownEncoding, UnknownFormat
from metamodel.exchange.records import importing
from metamodel.exchange.records.rows import open_rows
from metamodel.exchange.records.storing import BatchStore
from tests.builders import a_database
from tests.metamodel.exchange.moving import Mover
from tests.subjects import a_subject
from zhenshu.errors import Invalid, NotFound
from zhenshu.jobs import get_job, retry_job, run_now
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

LUNG = (
    a_database("lung")
    .with_field("record_id", required=True)
    .with_field("name", identifying=True, label={"zh": "姓名", "en": "Name"})
    .with_field("age", "integer", minimum=0, maximum=150)
    .with_field("sex", "choice", choices=("1", "2"))
    .with_key("record_id")
    .with_event("base")
    .with_event("year1")
    .with_record_type("visit", repeats=False, events=["base", "year1"])
    .with_field("size", "decimal", on="visit", options={"scale": 1})
    .with_record_type("drug")
    .with_field("dose", "integer", on="drug")
    .with_field("dose2", "calculated", on="drug", calculation="[dose] * 2")
).document  # fmt: skip


@pytest.fixture
def lung(mover: Mover) -> Mover:
    mover.publish(LUNG)
    return mover


def result(job):
    return job.result["records"], job.result["rejected_rows"]


def test_rows_are_added_once_and_changed_when_they_come_again(lung: Mover) -> None:
    first = lung.load("record_id,age\n1,60\n2,70\n", "patient")
    second = lung.load("record_id,age\n2,71\n1,60\n3,\n", "patient")

    assert result(first) == ({"patient": {"added": 2}}, 0)
    assert result(second) == ({"patient": {"added": 1, "changed": 1, "unchanged": 1}}, 0)
    assert [(item["record_id"], item["age"]) for item in lung.records()] == [
        ("1", 60),
        ("2", 71),
        ("3", None),
    ]


def test_a_blank_cell_changes_nothing(lung: Mover) -> None:
    lung.load("record_id,age,sex\n1,60,1\n", "patient")
    lung.load("record_id,age,sex\n1,,2\n", "patient")

    (record,) = lung.records()
    assert (record["age"], record["sex"]) == (60, "2")


def test_every_rejected_row_is_listed_with_field_and_reason_and_the_others_stay(lung: Mover) -> None:
    job = lung.load("record_id,age,sex\n1,old,1\n2,70,1\n3,151,7\n,5,\n", "patient")

    assert result(job) == ({"patient": {"added": 1, "rejected": 3}}, 3)
    listed = [(item["row"], item["field"], item["code"], item["value"]) for item in lung.rejected(job)]
    assert sorted(listed) == [
        ("2", "age", "not_a_number", "old"),
        ("4", "age", "maximum", "151"),
        ("4", "sex", "unknown_choice", "7"),
        ("5", "record_id", "required", ""),
    ]
    assert all(item["reason_zh"] and item["reason_en"] for item in lung.rejected(job))


def test_an_identifying_value_is_never_in_the_list(lung: Mover) -> None:
    job = lung.load(f"record_id,name\n1,{'王' * 600}\n", "patient")

    ((row),) = lung.rejected(job)
    assert (row["field"], row["code"], row["value"]) == ("name", "too_long", "")


def test_columns_may_be_named_by_a_unique_label(lung: Mover) -> None:
    lung.load("record_id,姓名\n1,王芳\n", "patient")

    assert lung.records()[0]["name"] == "王芳"


def test_a_field_named_twice_is_refused(lung: Mover) -> None:
    with pytest.raises(HeaderWrong, match="two columns each, by code and by label: name"):
        lung.load("record_id,name,姓名\n1,a,b\n", "patient")


def test_an_unknown_column_stops_the_import_at_once(lung: Mover) -> None:
    with pytest.raises(HeaderWrong, match="no field for these columns: agee"):
        lung.load("record_id,agee\n1,5\n", "patient")

    assert lung.records() == []


def test_children_are_found_by_parent_event_and_repeat_key(lung: Mover) -> None:
    lung.load("patient.record_id,event,size\n1,base,3.5\n1,year1,4.0\n2,base,1.0\n", "visit")
    again = lung.load("patient.record_id,event,size\n1,year1,4.5\n1,later,4.5\n,base,1\n", "visit")
    drugs = lung.load("patient.record_id,repeat_key,dose\n1,1,10\n1,3,30\n1,,40\n1,1,11\n", "drug")

    assert [item["record_id"] for item in lung.records()] == ["1", "2"]
    assert result(again) == ({"visit": {"changed": 1, "rejected": 1}}, 2)
    assert {item["code"] for item in lung.rejected(again)} == {"unknown_event", "parent_missing"}
    visits = [(item["event"], item["size"]) for item in lung.records("visit")]
    assert visits == [("base", Decimal("3.5")), ("year1", Decimal("4.5")), ("base", Decimal("1.0"))]
    assert result(drugs)[0] == {"drug": {"added": 3, "changed": 1}}
    assert [(item["repeat_key"], item["dose"], item["dose2"]) for item in lung.records("drug")] == [
        (1, 11, 22.0), (3, 30, 60.0), (4, 40, 80.0),
    ]  # fmt: skip


def test_a_row_whose_parent_is_rejected_says_so(lung: Mover) -> None:
    lung.publish(
        a_database("strict")
        .with_field("key")
        .with_field("consent", "boolean", required=True)
        .with_key("key")
        .with_record_type("exam")
        .with_field("size", "integer", on="exam")
        .document
    )

    job = lung.load("patient.key,size\n1,5\n", "exam", database="strict")

    (row,) = lung.rejected(job)
    assert (row["row"], row["code"]) == ("2", "parent_rejected")
    assert "consent" in row["reason_en"]


def test_a_row_with_too_many_cells_or_a_nul_is_rejected_alone(lung: Mover) -> None:
    job = lung.load("record_id,name\n1,a\n2,b,c\n3\n4,d\0e\n5,f\n", "patient", format="csv")

    assert result(job)[1] == 3
    assert [(item["row"], item["code"]) for item in lung.rejected(job)] == [
        ("3", "cells"), ("4", "cells"), ("5", "bad_character"),
    ]  # fmt: skip
    assert [item["record_id"] for item in lung.records()] == ["1", "5"]


def test_a_malformed_file_keeps_the_batches_before_it(lung: Mover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    file_id = lung.upload("data.csv", b'record_id,age\n1,5\n2,x\n3,6\n4,"7\n')
    args = {"database": "lung", "record_type": "patient", "file_id": file_id, "format": "csv", "options": {}}
    job_id = lung.submit("records.import", args)

    with pytest.raises(MalformedCsv) as caught:
        run_now(lung.instance, job_id)

    assert caught.value.values["line"] == 5
    assert [item["record_id"] for item in lung.records()] == ["1"]
    with lung.instance.read(SYSTEM, Channel.API) as uow:
        (line,) = get_job(uow, job_id).log
    assert "2 rows done, 1 of them rejected (list: file" in line.en


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        ("record_id,name\n1,café été\n".encode("latin-1"), "data.csv", UnknownEncoding),
        (b"", "data.csv", HeaderWrong),
        (b"record_id,record_id\n", "data.csv", HeaderWrong),
        (b"record_id\n1\n", "data.pdf", UnknownFormat),
        (b"record_id\n1\n", "data.xlsx", Exception),
    ],
)
def test_a_file_that_can_not_be_read_is_refused(lung: Mover, content: bytes, name: str, error: type) -> None:
    with pytest.raises(error):
        lung.load(content, "patient", name=name)

    assert lung.records() == []


def test_the_record_type_must_be_named_where_there_are_several(lung: Mover) -> None:
    with pytest.raises(Invalid, match="patient, visit, drug"):
        lung.load("record_id\n1\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_does_not_matter(lung: Mover, encoding: str) -> None:
    lung.load("record_id,name\n1,王芳\n2,李雷\n".encode(encoding), "patient")

    assert [item["name"] for item in lung.records()] == ["王芳", "李雷"]


def test_json_lines_keep_types_and_empty_by_null(lung: Mover) -> None:
    lines = [
        {"record_id": "1", "age": 60, "sex": "1"},
        {"record_id": "1", "sex": None},
        {"record_id": "2", "agee": 1},
    ]
    text = "\n".join(map(json.dumps, lines)) + "\n[1]\n"

    job = lung.load(text, "patient", name="data.jsonl")

    assert [(item["row"], item["code"]) for item in lung.rejected(job)] == [
        ("3", "unknown_field"),
        ("4", "json"),
    ]
    (record,) = lung.records()
    assert (record["age"], record["sex"]) == (60, None)


def test_a_workbook_is_read_with_its_own_types(lung: Mover) -> None:
    lung.publish(a_database("typed").with_field("day", "date").with_field("n", "float").document)
    book = openpyxl.Workbook()
    book.active.append(["day", "n", None])
    book.active.append([date(2026, 3, 5), 1.5])
    book.active.append([None, None])
    book.active.append(["2026-03-06", "2", None])
    out = io.BytesIO()
    book.save(out)

    lung.load(out.getvalue(), name="data.xlsx", database="typed")

    assert [(item["day"], item["n"]) for item in lung.records(database="typed")] == [
        (date(2026, 3, 5), 1.5), (None, None), (date(2026, 3, 6), 2.0),
    ]  # fmt: skip


def test_a_killed_import_goes_on_and_does_each_row_once(lung: Mover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    rows = "".join(f"{n},{n if n % 3 else 'x'}\n" for n in range(1, 10))
    file_id = lung.upload("data.csv", f"record_id,age\n{rows}".encode())
    args = {"database": "lung", "record_type": "patient", "file_id": file_id, "format": "csv", "options": {}}
    job_id = lung.submit("records.import", args)
    store, calls = BatchStore.store, []

    def dying(self, targets):
        calls.append(len(targets))
        outcomes = store(self, targets)
        if len(calls) == 3:
            raise KeyboardInterrupt  # the batch's transaction is rolled back
        return outcomes

    with monkeypatch.context() as patch:
        patch.setattr(BatchStore, "store", dying)
        with pytest.raises(KeyboardInterrupt):
            run_now(lung.instance, job_id)
    assert len(lung.records()) == 3

    with lung.instance.write(SYSTEM, Channel.API) as uow:
        retry_job(uow, job_id)
    job = run_now(lung.instance, job_id)

    assert result(job) == ({"patient": {"added": 6, "rejected": 3}}, 3)
    assert [item["row"] for item in lung.rejected(job)] == ["4", "7", "10"]
    assert len(lung.records()) == 6


def test_nobody_imports_another_ones_upload(lung: Mover) -> None:
    file_id = lung.upload("data.csv", b"record_id\n1\n")
    other = a_subject(7, "li", {("add", "records"), ("view", "records")})
    args = {"database": "lung", "record_type": "patient", "file_id": file_id, "format": "csv", "options": {}}

    with pytest.raises(NotFound):
        run_now(lung.instance, lung.submit("records.import", args, other))


def test_a_large_file_is_never_held_in_memory(tmp_path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("record_id,note\n")
        file.writelines(f"{n},{'x' * 500}\n" for n in range(40_000))  # 20 MB
    tracemalloc.start()
    with path.open("rb") as stream:
        count = sum(1 for _ in open_rows(stream, "large.csv", "csv").rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 40_000
    assert peak < 6_000_000


@pytest.mark.parametrize(
    ("format", "content"),
    [("csv", b"a,b\r\n1,2\r\n3,4"), ("csv", b"a,b\n1,2\n3,4\n"), ("jsonl", b'{"a": 1}\n{"a": 2}\n')],
)
def test_a_file_tells_how_many_rows_to_expect(format: str, content: bytes) -> None:
    source = open_rows(io.BytesIO(content), f"data.{format}", format)

    assert source.about == len(list(source.rows)) == 2
