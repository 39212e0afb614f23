"""Records in and out of files by REST: jobs that a worker runs, files that their owner downloads."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest

from tests.metamodel.api.office import LUNG, PATIENTS, Office, rows
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants import GrantFilter, NewGrant, add_grant, list_grants, revoke_grant
from zhenshu.security.grants.model import CLEAR

HEADER = "record_id,sex,height\n"
EXPORTS = f"{LUNG}/record-exports"
BODY = {"record_type": "patient", "format": "csv", "labels": False}


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


def test_an_export_goes_to_a_statistics_package_with_its_codebook(office: Office) -> None:
    admin = office.person()
    admin.add(record_id="1", sex="1", height=180)

    archive = zipfile.ZipFile(io.BytesIO(admin.export(format="dta", package=True)))

    assert {"lung-patient.dta", "codebook.csv", "codebook.md", "import.do"} <= set(archive.namelist())


def test_an_export_shows_its_maker_no_more_than_a_page_does(office: Office) -> None:
    office.person().add(record_id="1", name="王五")
    researcher = office.person("researcher")

    assert rows(researcher.export())[0]["name"] == "＊＊＊"
    refusal = office.person("reader").refused(
        "POST", f"{LUNG}/record-exports", {"record_type": "patient", "format": "csv"}
    )
    assert refusal.told == (403, "Denied")


def test_an_exported_file_asks_for_todays_grants(office: Office) -> None:
    """Its maker fetches it while they still reach what is in it: the rows, and identities in clear."""
    admin, researcher = office.person(), office.person("researcher")
    admin.add(record_id="1", name="王五", sex="1")
    clear = f"/files/{admin.finish(admin.post(EXPORTS, BODY)['job'])['result']['file_id']}"
    masked = f"/files/{researcher.finish(researcher.post(EXPORTS, BODY)['job'])['result']['file_id']}"
    assert "王五" in admin.caller.get(clear).data.decode()
    assert researcher.caller.get(masked).status_code == 200

    with office.instance.write(SYSTEM, Channel.API) as uow:
        for grant in list_grants(uow, GrantFilter(state="active")):
            revoke_grant(uow, grant.id, "test")
        narrow = NewGrant(
            "user", str(researcher.caller.user_id), "lung", ("export",), where="[patient.sex] = '1'"
        )
        add_grant(uow, narrow)
        add_grant(uow, NewGrant("user", str(admin.caller.user_id), "lung", ("export",)))

    assert researcher.caller.get(masked).status_code == 404  # it has every row
    assert admin.caller.get(clear).status_code == 404  # it has identities in clear
    fresh = researcher.finish(researcher.post(EXPORTS, BODY)["job"])["result"]["file_id"]
    assert researcher.caller.get(f"/files/{fresh}").status_code == 200


def test_anothers_file_is_fetched_by_who_may_download_all_that_is_in_it(office: Office) -> None:
    """Ids swapped between people and databases open nothing."""
    maker, other, clerk = office.person(name="li"), office.person(name="wang"), office.person("researcher")
    maker.add(record_id="1", name="王五")
    job = maker.finish(maker.import_records("patients.csv", HEADER + "3,1,tall\n"))
    exported = maker.finish(maker.post(EXPORTS, BODY)["job"])["result"]["file_id"]
    sent, rejected = maker.upload("a.csv", HEADER), job["result"]["rejected_file"]
    files = [f"/files/{each}" for each in (exported, rejected, sent)]
    assert [other.caller.get(each).status_code for each in files] == [200, 200, 404]
    assert [clerk.caller.get(each).status_code for each in files] == [404] * 3

    with office.instance.write(SYSTEM, Channel.API) as uow:
        for grant in list_grants(uow, GrantFilter(state="active")):
            revoke_grant(uow, grant.id, "test")
        whole = {"actions": ("view", "download", "export"), "classes": CLEAR, "grade": 2}
        add_grant(uow, NewGrant("user", str(other.caller.user_id), "lung.visit", **whole))

    assert [other.caller.get(each).status_code for each in files] == [404] * 3
    assert other.refused("GET", f"/record-imports/{job['id']}/rejected").told == (404, "NotFound")
    assert maker.refused("GET", f"/record-imports/{job['id']}/rejected").told == (404, "NotFound")


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


def test_a_dry_run_tells_what_an_import_would_do_and_does_nothing(office: Office) -> None:
    admin = office.person()
    admin.add(record_id="1", sex="1")
    text = HEADER + "1,1,180\n2,1,170\n3,9,150\n"

    job = admin.finish(admin.import_records("patients.csv", text, dry_run=True))

    assert job["result"]["dry_run"] is True
    assert job["result"]["records"] == {"patient": {"changed": 1, "added": 1, "rejected": 1}}
    assert admin.keys() == ["1"]
    assert admin.get(PATIENTS)["items"][0]["values"]["height"] is None
    [rejected] = admin.get(f"/record-imports/{job['id']}/rejected")["items"]
    assert (rejected["row"], rejected["field"], rejected["value"]) == ("4", "sex", "9")


def test_a_dry_run_counts_a_record_of_many_rows_once(office: Office) -> None:
    admin = office.person()
    text = "record_id,height\n" + "".join(f"{n % 1000},{150 + n // 1000}\n" for n in range(1, 1501))

    trial = admin.finish(admin.import_records("p.csv", text, dry_run=True))["result"]
    real = admin.finish(admin.import_records("p.csv", text))["result"]

    assert trial["records"] == real["records"] == {"patient": {"added": 1000, "changed": 500}}


def test_what_was_imported_before_is_not_stored_twice(office: Office) -> None:
    admin = office.person()
    text = HEADER + "1,1,180\n2,1,170\n"
    admin.finish(admin.import_records("patients.csv", text))

    again = admin.finish(admin.import_records("patients.csv", text))["result"]

    assert again["records"] == {"patient": {"unchanged": 2}}
    assert again["unidentified"] == 0
    assert admin.keys() == ["1", "2"]


def test_columns_are_said_to_go_to_their_fields(office: Office) -> None:
    admin = office.person()
    job = admin.import_records("patients.csv", "record_id,sex（中）\n1,1\n", dry_run=True)

    assert admin.finish(job)["result"]["columns"] == [
        {"column": "record_id", "goes_to": "record_id"},
        {"column": "sex（中）", "goes_to": "sex"},
    ]


def test_a_column_without_a_field_is_left_out_only_when_asked_for(office: Office) -> None:
    admin = office.person()
    text = "record_id,shoe_size\n1,43\n"

    with pytest.raises(Exception, match="shoe_size"):
        admin.finish(admin.import_records("p.csv", text))
    job = admin.finish(admin.import_records("p.csv", text, options={"ignore_unknown": True}))

    assert [item["column"] for item in job["result"]["ignored_columns"]] == ["shoe_size"]
    assert admin.keys() == ["1"]


def test_rejected_rows_come_in_pages_and_to_their_importer_only(office: Office) -> None:
    admin = office.person()
    rows_ = "".join(f"{n},9,\n" for n in range(1, 6))
    job = admin.finish(admin.import_records("patients.csv", HEADER + rows_))

    first = admin.get(f"/record-imports/{job['id']}/rejected", limit=3)
    second = admin.get(f"/record-imports/{job['id']}/rejected", limit=3, after=first["next"])

    assert [item["row"] for item in first["items"] + second["items"]] == ["2", "3", "4", "5", "6"]
    assert second["next"] is None
    other = office.person(name="wang")
    assert other.refused("GET", f"/record-imports/{job['id']}/rejected").told == (404, "NotFound")


@pytest.mark.parametrize("headings", ["codes", "labels"])
def test_a_filled_template_is_imported_without_a_question(office: Office, headings: str) -> None:
    admin = office.person()
    path = f"{LUNG}/record-templates/patient"
    template = admin.caller.get(path, query_string={"format": "csv", "headings": headings}).data
    columns = next(csv.reader(io.StringIO(template.decode("utf-8-sig"))))
    assert len(template.splitlines()) == 1
    assert [column.endswith(" *") for column in columns[:3]] == [True, False, False]

    filled = template + ("7" + "," * (len(columns) - 1) + "\r\n").encode()
    job = admin.finish(admin.import_records("filled.csv", filled))

    assert job["result"]["rejected_rows"] == 0
    assert admin.keys() == ["7"]


def test_a_template_in_excel_tells_what_its_columns_mean(office: Office) -> None:
    admin = office.person()

    found = openpyxl.load_workbook(io.BytesIO(admin.caller.get(f"{LUNG}/record-templates/patient").data))

    assert found.worksheets[0]["A1"].value == "record_id *"
    assert [cell.value for cell in found["codebook"][1]][:2] == ["code", "label_zh"]
    assert office.person("reader").refused("GET", f"{LUNG}/record-templates/patient").told == (403, "Denied")
