"""Records in and out of files by REST: jobs that a worker runs, files that their owner downloads."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.metamodel.api.office import LUNG, PATIENTS, Office, rows

HEADER = "record_id,sex,height\n"


def test_an_import_tells_what_became_of_every_row(office: Office) -> None:
    admin = office.person()

    job = admin.finish(admin.import_records("patients.csv", HEADER + "1,1,180\n2,9,170\n3,1,tall\n4,1,\n"))

    assert (job["state"], job["result"]["rows"], job["result"]["rejected_rows"]) == ("done", 4, 2)
    assert job["result"]["records"] == {"patient": {"added": 2, "rejected": 2}}
    listed = rows(admin.caller.get(f"/files/{job['result']['rejected_file']}").data)
    assert [(row["row"], row["field"]) for row in listed] == [("3", "sex"), ("4", "height")]
    assert all(row["reason_zh"] and row["reason_en"] for row in listed)
    assert admin.keys() == ["1", "4"]


def test_an_export_has_labels_for_people_or_codes_for_programs(office: Office) -> None:
    admin = office.person()
    admin.add(record_id="1", sex="1", height=180)

    [coded] = rows(admin.export(where="[sex] = '1'"))
    book = openpyxl.load_workbook(io.BytesIO(admin.export(format="xlsx", labels=True, language="zh")))

    assert (coded["record_id"], coded["sex"], coded["height"]) == ("1", "1", "180.0")
    heading, values = list(book.worksheets[0].values)[:2]
    assert dict(zip(heading, values, strict=True))["sex（中）"] == "选项1"
    assert admin.export(where="[sex] = '2'").count(b"\n") == 1


def test_an_export_shows_its_maker_no_more_than_a_page_does(office: Office) -> None:
    office.person().add(record_id="1", name="王五")
    researcher = office.person("researcher")

    assert rows(researcher.export())[0]["name"] == "＊＊＊"
    refusal = office.person("reader").refused(
        "POST", f"{LUNG}/record-exports", {"record_type": "patient", "format": "csv"}
    )
    assert refusal.told == (403, "Denied")


def test_another_persons_file_can_not_be_imported(office: Office) -> None:
    li, wang = office.person(name="li"), office.person("researcher", "wang")
    file_id = li.upload("a.csv", HEADER + "1,1,180\n")

    refusal = wang.refused("POST", f"{LUNG}/record-imports", {"file_id": file_id, "record_type": "patient"})

    assert refusal.told == (404, "NotFound")


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_cell_that_excel_would_run_leaves_as_text_and_comes_back_as_it_was(
    office: Office, format: str
) -> None:
    admin = office.person()
    formula = '=HYPERLINK("http://evil.example";"x")'
    admin.add(record_id=formula)

    exported = admin.export(format=format)
    record = admin.get(PATIENTS)["items"][0]
    admin.ask("PATCH", f"{PATIENTS}/{record['id']}", {"version": 1, "values": {"record_id": "other"}})
    admin.finish(admin.import_records(f"back.{format}", exported))

    if format == "csv":
        assert rows(exported)[0]["record_id"] == "'" + formula
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(exported)).worksheets[0]
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert sorted(admin.keys()) == [formula, "other"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_files_in_the_encodings_of_excel_are_read(office: Office, encoding: str) -> None:
    admin = office.person()

    job = admin.finish(admin.import_records("病人.csv", "record_id,name\n1,王五\n".encode(encoding)))

    assert job["result"]["rejected_rows"] == 0
    assert admin.get(PATIENTS)["items"][0]["values"]["name"] == "王五"
