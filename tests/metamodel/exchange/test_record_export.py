"""Records into files, and back again without loss."""

import csv
import io
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from metamodel.catalogue import catalogue_of
from metamodel.exchange.records import exporting
from metamodel.exchange.records.rows import open_rows
from metamodel.exchange.records.tables_out import ExcelTable, TooLargeForExcel
from metamodel.masking import MASK
from metamodel.records import NewRecord, RecordStore
from tests.builders import a_database
from tests.metamodel.exchange.moving import Mover
from tests.subjects import a_subject
from zhenshu.audit.trail import audit_entry, audit_patient
from zhenshu.cells import harmless, restored
from zhenshu.security.policy import Channel, Denied
from zhenshu.security.subject import SYSTEM, Subject

SEX = {"zh": "性别", "en": "Sex"}
EVERYTHING = (
    a_database("lung")
    .with_field("record_id", required=True)
    .with_field("name", identifying=True)
    .with_field("note", "long_text")
    .with_field("count", "integer")
    .with_field("crea", "decimal", options={"scale": 12, "decimal_mark": ","}, unit="µmol/L")
    .with_field("ratio", "float", options={"decimal_mark": ","})
    .with_field("smoker", "boolean")
    .with_field("born", "date", options={"text_format": "dmy"})
    .with_field("seen", "datetime")
    .with_field("woken", "time")
    .with_field("sex", "choice", choices=("-9", "2"), label=SEX, missing_codes=["refused"])
    .with_field("signs", "multi_choice", choices=("-9", "b", "=c"))
    .with_key("record_id")
    .with_event("base")
    .with_record_type("exam", events=["base"])
    .with_field("size", "decimal", on="exam", options={"scale": 1})
).document  # fmt: skip

RECORDS = [
    {
        "record_id": "1", "name": "=cmd|' /C calc'!A1", "note": "+1\t2\r\n'=x", "count": -5,
        "crea": Decimal("88.4"), "ratio": 0.1, "smoker": True, "born": date(1960, 3, 5),
        "seen": datetime(2026, 3, 5, 14, 20, 1), "woken": time(6, 30), "sex": "-9", "signs": ["-9", "=c"],
    },
    {
        "record_id": "-2", "name": "'@x", "note": 'a,"b"\n\n\tc ', "count": 2**62,
        "crea": Decimal("-123456.123456789012"), "ratio": -1.7976931348623157e308, "smoker": False,
        "born": date(1850, 1, 1), "seen": datetime(1, 1, 1), "woken": time(0, 0), "sex": "2", "signs": ["b"],
    },
    {
        "record_id": "３", "name": "＝1+1", "note": "中文 😀", "count": 0, "crea": Decimal("0"),
        "ratio": 1e-300,
    },
]  # fmt: skip


@pytest.fixture
def lung(mover: Mover) -> Mover:
    mover.publish(EVERYTHING)
    with mover.instance.write(SYSTEM, Channel.API) as uow:
        database, store = catalogue_of(uow).database("lung"), RecordStore(uow)
        rows = [NewRecord(values) for values in RECORDS[:2]] + [
            NewRecord(RECORDS[2], missing={"sex": "refused"})
        ]
        added = store.add_many(database.root, rows)
        assert added.rejected == []
        exams = [NewRecord({"size": size}, added.ids[0], "base") for size in ("1.5", "2.5")]
        assert store.add_many(database.record_type("exam"), exams).rejected == []
    return mover


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_export_read_into_an_empty_database_gives_equal_data(lung: Mover, format: str) -> None:
    lung.publish(EVERYTHING | {"code": "copy"})
    for code in ("patient", "exam"):
        content = lung.export(code, format=format)

        job = lung.load(content, code, name=f"a.{format}", database="copy")
        again = lung.load(content, code, name=f"a.{format}", database="lung")

        assert lung.rejected(job) == []
        assert lung.records(code, "copy") == lung.records(code)
        assert set(again.result["records"][code]) == {"unchanged"}


def test_formulas_are_harmless_and_numbers_untouched(lung: Mover) -> None:
    header, first, second, third = rows(lung.export())

    cell = dict(zip(header, first, strict=True))
    assert cell["name"] == "'=cmd|' /C calc'!A1"
    assert cell["note"] == "'+1\t2\r\n'=x"
    assert (cell["count"], cell["sex"], cell["signs"]) == ("-5", "-9", "-9;=c".replace("-9;", "'-9;"))
    assert dict(zip(header, second, strict=True))["name"] == "''@x"
    assert dict(zip(header, second, strict=True))["crea"] == "-123456.123456789012"
    assert dict(zip(header, third, strict=True))["name"] == "'＝1+1"


@given(st.text(st.sampled_from("'=+-@\t\r\nax1＝"), max_size=6))
def test_a_cell_made_harmless_is_restored_exactly(text: str) -> None:
    assert restored(harmless(text)) == text
    assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝"} or text == ""


def test_labels_replace_codes_where_asked(lung: Mover) -> None:
    header, _, second, _ = rows(lung.export(labels=True, language="zh"))

    assert header[10] == "性别"
    assert second[6] == "否"


def test_columns_toldand_byte_order_mark_are_chosen(lung: Mover) -> None:
    content = lung.export(select=["record_id", "count"], where="[count] > 0", bom=True)

    assert content == "\ufeffrecord_id,count\r\n'-2,4611686018427387904\r\n".encode()


def test_the_workbook_has_the_codebook_on_its_second_sheet(lung: Mover) -> None:
    book = openpyxl.load_workbook(io.BytesIO(lung.export(format="xlsx")))

    assert book.sheetnames == ["patient", "codebook"]
    sheet = book["patient"]
    assert [sheet[cell].value for cell in ("A2", "B2", "D2", "E2")] == [
        "1", "=cmd|' /C calc'!A1", -5, 88.4,
    ]  # fmt: skip
    assert sheet["B2"].data_type == "s"
    codebook = {row[0]: row for row in book["codebook"].iter_rows(values_only=True)}
    assert codebook["crea"][3:5] == ("decimal", "µmol/L")
    assert codebook["sex"] == ("sex", "性别", "Sex", "choice", None, "-9, -9 | 2, 2")


@settings(deadline=None)  # the first workbook of a process takes long
@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12), min_size=1))
def test_every_text_survives_a_workbook(texts: list[str]) -> None:
    file = io.BytesIO()
    table = ExcelTable(file, "patient", [], 1)
    for text in ["text", *texts]:
        table.write([text])
    table.close()
    file.seek(0)

    assert [row.cells["text"] for row in open_rows(file, "a.xlsx", "xlsx").rows] == texts


def test_a_text_that_excel_can_not_hold_is_refused_not_cut(tmp_path) -> None:
    with (tmp_path / "a.xlsx").open("wb") as file:
        table = ExcelTable(file, "patient", [], 1)
        with pytest.raises(TooLargeForExcel, match="choose CSV"):
            table.write(["x" * 32_768])


def reader(*actions: str) -> Subject:
    return a_subject(5, "li", ((action, "records") for action in ("view", *actions)))


def test_who_may_not_identify_gets_masked_cells(lung: Mover) -> None:
    header, first, _, _ = rows(lung.export(subject=reader("export")))

    assert dict(zip(header, first, strict=True))["name"] == MASK


def test_who_may_not_export_gets_nothing(lung: Mover) -> None:
    with pytest.raises(Denied):
        lung.export(subject=reader())


def test_an_export_is_audited(lung: Mover) -> None:
    lung.export("exam", subject=reader("export"))

    with lung.instance.read(SYSTEM, Channel.API) as uow:
        row = uow.conn.execute(select(audit_entry).where(audit_entry.c.action == "export")).one()
    assert (row.resource, row.channel, row.detail["records"]) == ("lung.exam", "export", 2)
    with lung.instance.read(SYSTEM, Channel.API) as uow:
        pair = audit_patient.c
        named = set(uow.conn.scalars(select(pair.patient_id).where(pair.entry_id == row.id)))
    assert named == set(row.patients) != set()


def test_of_very_many_patients_each_stands_in_one_of_its_entries(
    lung: Mover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "IN_ENTRY", 1)
    with lung.instance.read(SYSTEM, Channel.API) as uow:
        before = set(uow.conn.scalars(select(audit_entry.c.id)))
    lung.export(subject=reader("export"))

    with lung.instance.read(SYSTEM, Channel.API) as uow:
        query = select(audit_entry).where(audit_entry.c.action == "export", audit_entry.c.id.not_in(before))
        told = uow.conn.execute(query.order_by(audit_entry.c.id)).all()
    assert [row.detail["part"] for row in told] == list(range(1, len(told) + 1))
    assert told[0].detail["parts"] == len(told) > 1
    assert len({patient for row in told for patient in row.patients}) == len(told)
