"""Records into files of statistics packages, read back with each format's own reader."""

import csv
import io
import runpy
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyreadr
import pyreadstat
import pytest

from metamodel.catalogue import catalogue_of
from metamodel.records import NewRecord, RecordStore
from tests.builders import a_database
from tests.metamodel.exchange.moving import Mover
from tests.subjects import a_subject
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

LONG = "右肺上叶结节。" * 400  # 8,400 bytes: more than a Stata text of fixed width
EVERYTHING = (
    a_database("lung")
    .with_field("record_id", required=True)
    .with_field("name", identifying=True)
    .with_field("note", "long_text", label={"zh": "所见", "en": "Findings"})
    .with_field("count", "integer")
    .with_field("crea", "decimal", options={"scale": 1}, unit="µmol/L", missing_codes=["not_done", "refused"])
    .with_field("fine", "decimal", options={"scale": 12})
    .with_field("ratio", "float")
    .with_field("smoker", "boolean", label={"zh": "吸烟", "en": "Smoker"})
    .with_field("born", "date")
    .with_field("seen", "datetime")
    .with_field("woken", "time")
    .with_field("grade", "choice", choices=("1", "2", "-9"), missing_codes=["refused"])
    .with_field("side", "choice", choices=("left", "right"), label={"zh": "侧别", "en": "Side"})
    .with_field("signs", "multi_choice", choices=("a", "b"))
    .with_field("nothing", "date")
    .with_field("a_name_of_more_than_thirty_two_characters_one")
    .with_field("a_name_of_more_than_thirty_two_characters_two")
    .with_key("record_id")
    .with_record_type("exam", repeats=True)
    .with_field("size", "decimal", on="exam", options={"scale": 1})
).document  # fmt: skip
NUMERIC_MISSING = {"crea": "refused", "grade": "refused"}
RECORDS: list[dict[str, Any]] = [
    {
        "record_id": "1", "name": "张三",
        "note": "中文\n“引号” \"q\" 😀", "count": -5, "crea": Decimal("88.4"),
        "fine": Decimal("0.000000000001"), "ratio": 0.1, "smoker": True, "born": date(1904, 2, 29),
        "seen": datetime(2024, 2, 29, 14, 20, 1), "woken": time(6, 30), "grade": "-9", "side": "right",
        "signs": ["a", "b"],
    },
    {
        "record_id": "2", "note": LONG, "count": 2**40, "crea": Decimal("-9.0"), "smoker": False,
        "born": date(2026, 12, 31), "seen": datetime(1959, 12, 31, 23, 59, 59), "woken": time(0, 0),
        "grade": "2", "signs": ["b"],
    },
    {"record_id": "3", "fine": Decimal("123456.5")},
]  # fmt: skip


def fill(mover: Mover, records: list[dict[str, Any]]) -> Mover:
    mover.publish(EVERYTHING)
    with mover.instance.write(SYSTEM, Channel.API) as uow:
        database, store = catalogue_of(uow).database("lung"), RecordStore(uow)
        rows = [
            NewRecord(values, missing=NUMERIC_MISSING if values["record_id"] == "3" else {})
            for values in records
        ]
        added = store.add_many(database.root, rows)
        assert added.rejected == []
        exams = [NewRecord({"size": "1.5"}, added.ids[0]), NewRecord({"size": "2.5"}, added.ids[0])]
        assert store.add_many(database.record_type("exam"), exams).rejected == []
    return mover


@pytest.fixture
def lung(mover: Mover) -> Mover:
    return fill(mover, RECORDS)


@pytest.fixture
def saved(lung: Mover, tmp_path: Path) -> Any:
    """Export to a file in the format; give its path."""

    def save(format: str, **more: Any) -> Path:
        path = tmp_path / f"file.{format}"
        path.write_bytes(lung.export(more.pop("record_type", "patient"), format=format, labels=True, **more))
        return path

    return save


def test_spss_has_values_labels_and_user_missing_values(saved: Any) -> None:
    path = saved("sav")
    data, meta = pyreadstat.read_sav(path)
    raw, _ = pyreadstat.read_sav(path, user_missing=True)

    assert list(data["note"]) == [RECORDS[0]["note"], LONG, ""]
    assert list(data["count"][:2]) == [-5, 2**40]
    assert list(data["crea"][:2]) == [88.4, -9.0] and data["crea"].isna()[2]
    assert list(data["born"][:2]) == [date(1904, 2, 29), date(2026, 12, 31)]
    assert list(data["seen"][:2]) == [datetime(2024, 2, 29, 14, 20, 1), datetime(1959, 12, 31, 23, 59, 59)]
    assert list(data["woken"][:2]) == [time(6, 30), time(0, 0)]
    assert list(data["smoker"][:2]) == [1, 0]
    assert (list(data["signs_a"][:2]), list(data["signs_b"][:2])) == ([1, 0], [1, 1])
    assert data["nothing"].isna().all() and meta.original_variable_types["nothing"] == "SDATE10"
    assert list(data["grade"][:2]) == [-9, 2]
    assert meta.column_names_to_labels["note"] == "所见"
    assert meta.variable_value_labels["smoker"] == {0: "否", 1: "是"}
    assert meta.variable_value_labels["side"] == {"left": "left", "right": "right"}
    # -9 is a value of both, so the reasons for missing values are other numbers.
    assert raw["crea"][2] == -98 and meta.variable_value_labels["crea"][-98] == "拒绝回答"
    assert raw["grade"][2] == -99 and meta.variable_value_labels["grade"][-99] == "拒绝回答"
    assert meta.original_variable_types["crea"] == "F20.1"


def test_stata_has_long_texts_and_extended_missing_values(saved: Any) -> None:
    path = saved("dta", language="en")
    data, meta = pyreadstat.read_dta(path)
    raw, _ = pyreadstat.read_dta(path, user_missing=True)

    assert list(data["note"]) == [RECORDS[0]["note"], LONG, ""]
    assert list(data["crea"][:2]) == [88.4, -9.0] and data["crea"].isna()[2]
    assert list(data["born"][:2]) == [date(1904, 2, 29), date(2026, 12, 31)]
    assert list(data["seen"][:2]) == [datetime(2024, 2, 29, 14, 20, 1), datetime(1959, 12, 31, 23, 59, 59)]
    assert meta.variable_value_labels["side"] == {1: "left", 2: "right"} and data["side"][0] == 2
    assert raw["crea"][2] == "b" and meta.variable_value_labels["crea"]["b"] == "Refused"
    assert raw["grade"][2] == "a" and data["grade"][0] == -9
    assert meta.column_names_to_labels["note"] == "Findings"
    assert all(len(name) <= 32 for name in meta.column_names)
    assert b"<release>118</release>" in path.read_bytes()[:60]


def test_sas_transport_has_names_labels_and_formats(saved: Any) -> None:
    data, meta = pyreadstat.read_xport(saved("xpt"))

    assert list(data["note"]) == [RECORDS[0]["note"], LONG, ""]
    assert list(data["crea"][:2]) == [88.4, -9.0] and data["crea"].isna()[2]
    assert list(data["crea_missing"]) == ["", "", "refused"]
    assert list(data["born"][:2]) == [date(1904, 2, 29), date(2026, 12, 31)]
    assert list(data["seen"][:2]) == [datetime(2024, 2, 29, 14, 20, 1), datetime(1959, 12, 31, 23, 59, 59)]
    assert list(data["side"]) == ["right", "", ""]
    assert meta.column_names_to_labels["smoker"] == "吸烟"
    assert meta.table_name == "PATIENT"
    assert [name for name in meta.column_names if name.startswith("a_name")] == [
        "a_name_of_more_than_thirty_two_c",
        "a_name_of_more_than_thirty_two_2",
    ]


def test_r_has_factors_dates_and_missing_values(saved: Any) -> None:
    data = pyreadr.read_r(saved("rdata"))["patient"]

    assert list(data["note"][:2]) == [RECORDS[0]["note"], LONG] and data["note"].isna()[2]
    assert list(data["crea"][:2]) == [88.4, -9.0] and data["crea"].isna()[2]
    assert list(data["born"][:2]) == [date(1904, 2, 29), date(2026, 12, 31)]
    assert list(data["seen"][:2]) == [datetime(2024, 2, 29, 14, 20, 1), datetime(1959, 12, 31, 23, 59, 59)]
    assert list(data["side"].cat.categories) == ["left", "right"] and data["side"][0] == "right"
    assert list(data["smoker"][:2]) == [True, False] and data["smoker"].isna()[2]
    assert list(data["crea_missing"])[2] == "拒绝回答"
    assert data["nothing"].isna().all() and len(data) == 3


def test_parquet_keeps_exact_numbers_and_types(saved: Any) -> None:
    table = pq.read_table(saved("parquet"))
    data = table.to_pydict()

    assert data["note"] == [RECORDS[0]["note"], LONG, None]
    assert data["fine"] == [Decimal("0.000000000001"), None, Decimal("123456.500000000000")]
    assert data["born"] == [date(1904, 2, 29), date(2026, 12, 31), None]
    assert data["seen"][1] == datetime(1959, 12, 31, 23, 59, 59)
    assert data["side"] == ["right", None, None]
    assert data["signs.a"] == [True, False, None]
    assert data["crea.missing"][2] == "拒绝回答"
    assert table.schema.field("crea").metadata[b"unit"] == "µmol/L".encode()


def test_what_a_double_or_a_calendar_can_not_hold_is_text_and_told(mover: Mover) -> None:
    fill(mover, [*RECORDS, {"record_id": "4", "count": 2**62, "born": date(1200, 1, 1)}])
    content = mover.export(format="sav", package=True, language="en")
    archive = zipfile.ZipFile(io.BytesIO(content))
    told = {
        line["variable"]: line
        for line in csv.DictReader(io.StringIO(archive.read("codebook.csv").decode("utf-8-sig")))
    }

    assert told["count"]["type"] == "text" and "double" in told["count"]["note"]
    assert told["born"]["type"] == "text" and "calendar" in told["born"]["note"]
    assert told["crea"]["missing"].endswith("(refused)") and told["crea"]["type"] == "decimal"


def test_a_text_longer_than_the_format_holds_goes_on_in_further_columns(mover: Mover, tmp_path: Path) -> None:
    long = "肺" * 11_000 + " 完"  # 33,004 bytes; SPSS holds 32,767
    fill(mover, [{"record_id": "1", "note": long}])
    path = tmp_path / "file.sav"
    path.write_bytes(mover.export(format="sav"))

    data, _ = pyreadstat.read_sav(path)

    assert data["note"][0] + data["note_2"][0] == long


def test_ancestors_are_named_and_repeats_numbered(saved: Any) -> None:
    data, _ = pyreadstat.read_sav(saved("sav", record_type="exam", language="en"))

    assert list(data["patient_record_id"]) == ["1", "1"]
    assert list(data["repeat_key"]) == [1, 2]
    assert list(data["size"]) == [1.5, 2.5]


@pytest.mark.parametrize("format", ["sav", "dta", "xpt", "rdata", "parquet"])
def test_masks_hold_in_every_format(lung: Mover, tmp_path: Path, format: str) -> None:
    reader = a_subject(5, "li", (("view", "records"), ("export", "records")))

    content = lung.export(format=format, subject=reader, package=True)
    archive = zipfile.ZipFile(io.BytesIO(content))
    data = next(name for name in archive.namelist() if name.startswith("lung-"))

    assert "张三".encode() not in archive.read(data) or format == "rdata"
    told = csv.DictReader(io.StringIO(archive.read("codebook.csv").decode("utf-8-sig")))
    assert {line["variable"]: line["masking"] for line in told}["name"] == "covered"
    if format == "rdata":
        path = tmp_path / "a.RData"
        path.write_bytes(archive.read(data))
        assert "张三" not in list(pyreadr.read_r(path)["patient"]["name"])


@pytest.mark.parametrize("format", ["csv", "xlsx", "sav", "dta", "xpt", "rdata", "parquet"])
def test_the_same_data_give_the_same_bytes(lung: Mover, monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    first = lung.export(format=format, package=True)
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)

    assert lung.export(format=format, package=True) == first


@pytest.mark.parametrize(
    ("format", "extension"),
    [(name, name) for name in ("csv", "xlsx", "sav", "dta", "xpt", "parquet")] + [("rdata", "RData")],
)  # fmt: skip
def test_the_package_has_codebook_scripts_and_a_python_script_that_runs(
    lung: Mover, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, extension: str
) -> None:
    content = lung.export(format=format, package=True, labels=False)
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert {"codebook.csv", "codebook.md", "import.R", "import.py", f"lung-patient.{extension}"} <= {
        path.name for path in tmp_path.iterdir()
    }
    assert "# 数据字典" in (tmp_path / "codebook.md").read_text()
    found = runpy.run_path("import.py")
    assert len(found["data"]) == 3
    assert found["labels"]["note"] == "所见"
