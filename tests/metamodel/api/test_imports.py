"""Definitions from files by REST: jobs, reports that are kept, comparisons."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.metamodel.api.office import Office, Person
from zhenshu.jobs import cancel_job
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

HEADER = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,Choices,Field Note,"
    '"Text Validation Type OR Show Slider Number",Text Validation Min,Text Validation Max,Identifier?,'
    '"Branching Logic (Show field only if...)",Required Field?\n'
)
ID = "record_id,base,,text,Record,,,,,,,,\n"
AGE = 'age,base,,text,Age,,,integer,0,,,"[nowhere] = 1",\n'
SCAN = "scan,base,,file,=HYPERLINK(1),,,,,,,,\n"


def dictionary(*lines: str) -> str:
    return HEADER + ID + "".join(lines)


def imported(admin: Person, text: str, **more: Any) -> dict[str, Any]:
    """The result of the job that imports a dictionary."""
    body = {"file_ids": [admin.upload("d.csv", text)], "code": "heart"} | more
    job = admin.finish(admin.post("/definitions/import-jobs", body)["job"])
    assert job["state"] == "done"
    result: dict[str, Any] = job["result"]
    return result


def test_a_job_imports_and_its_report_keeps_an_address(office: Office) -> None:
    admin = office.person()

    result = imported(admin, dictionary(AGE, SCAN), label="心脏")

    assert (result["code"], result["draft_version"], result["not_carried"]) == ("heart", 1, 2)
    found = admin.get(f"/imports/{result['import']}")
    assert (found["code"], found["files"][0]["name"], found["problems"]) == ("heart", "d.csv", [])
    assert [item["id"] for item in admin.get("/databases/heart/imports")["items"]] == [result["import"]]


def test_each_line_of_a_report_names_the_field_that_it_is_about(office: Office) -> None:
    admin = office.person()

    report = admin.get(f"/imports/{imported(admin, dictionary(AGE, SCAN))['import']}")["report"]

    fields = {item["where"].split()[-1]: item["field"] for item in report["not_carried"]}
    assert fields == {"age": "patient.age", "scan": ""}


def test_the_report_is_downloaded_in_the_readers_language_and_runs_nothing(office: Office) -> None:
    admin = office.person()
    number = imported(admin, dictionary(SCAN))["import"]

    response = admin.caller.get(f"/imports/{number}/report", headers={"Accept-Language": "zh"})
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))

    assert [(row["类别"], row["原因"], row["原文"]) for row in rows if row["类别"] == "未带入"] == [
        ("未带入", "没有文件字段", "'=HYPERLINK(1)")
    ]


def test_files_of_a_folder_keep_their_places(office: Office) -> None:
    admin = office.person()
    arc = "Form,Section,Variable,Type,Question,Answer Options,List,Skip Logic\n"
    arc += "base,,subjid,text,Number,,,\nbase,,drug,user_list,Which?,,drugs_Antiviral,\n"
    files = {"ARC/ARC.csv": arc, "ARC/Lists/drugs/Antiviral.csv": "Drug,Value\nRemdesivir,1\n"}
    ids = [admin.upload(name.rpartition("/")[2], text) for name, text in files.items()]

    body = {"file_ids": ids, "names": list(files), "code": "arc"}
    result = admin.finish(admin.post("/definitions/import-jobs", body)["job"])["result"]

    found = admin.get(f"/imports/{result['import']}")
    assert found["report"]["counts"]["value lists"] == 1
    assert [item["name"] for item in found["files"]] == list(files)


def test_as_many_names_as_files_are_needed(office: Office) -> None:
    admin = office.person()
    body = {"file_ids": [admin.upload("d.csv", dictionary())], "names": ["a.csv", "b.csv"]}

    assert admin.refused("POST", "/definitions/import-jobs", body).told == (422, "Invalid")


def test_of_two_imports_into_one_new_database_the_second_is_told_of_the_first(office: Office) -> None:
    admin = office.person()
    jobs = [
        admin.post(
            "/definitions/import-jobs",
            {"file_ids": [admin.upload("d.csv", dictionary(line))], "code": "heart", "expected_version": 0},
        )["job"]
        for line in (AGE, SCAN)
    ]
    admin.finish(jobs[0])

    with pytest.raises(Exception, match="changed the draft"):
        admin.finish(jobs[1])

    assert admin.get(f"/jobs/{jobs[1]}")["error"]["code"] == "DraftChanged"
    assert len(admin.get("/databases/heart/imports")["items"]) == 1


def test_a_cancelled_import_leaves_nothing(office: Office) -> None:
    admin = office.person()
    body = {"file_ids": [admin.upload("d.csv", dictionary())], "code": "heart"}
    job = admin.post("/definitions/import-jobs", body)["job"]
    with office.instance.write(SYSTEM, Channel.API) as uow:
        cancel_job(uow, job)

    assert admin.get(f"/jobs/{job}")["state"] == "cancelled"
    assert admin.refused("GET", "/databases/heart/imports").told == (404, "NotFound")


def test_what_is_wrong_in_a_yaml_stands_in_the_jobs_log(office: Office) -> None:
    admin = office.person()
    yaml = "kind: database\ncode: heart\nrecord_types:\n- code: P\n  fields: [{code: a, type: magic}]\n"
    body = {"file_ids": [admin.upload("d.yaml", yaml)]}
    job = admin.post("/definitions/import-jobs", body)["job"]

    with pytest.raises(Exception, match="problems"):
        admin.finish(job)

    lines = [line["message"] for line in admin.get(f"/jobs/{job}")["log"] if line["level"] == "error"]
    assert len(lines) > 1
    assert any("/record_types/0/code" in line for line in lines)


def test_another_persons_upload_can_not_become_a_definition(office: Office) -> None:
    li, wang = office.person(name="li"), office.person(name="wang")
    body = {"file_ids": [li.upload("d.csv", dictionary())], "code": "heart"}

    for path in ("/definitions/imports", "/definitions/import-jobs"):
        assert wang.refused("POST", path, body).told == (404, "NotFound")


def test_a_target_tells_what_an_import_would_replace(office: Office) -> None:
    admin = office.person()
    imported(admin, dictionary(AGE))

    fresh, draft, live = (
        admin.get(f"/definitions/import-targets/{code}") for code in ("new", "heart", "lung")
    )

    assert (fresh["exists"], fresh["version"]) == (False, 0)
    assert (draft["version"], draft["draft"]["fields"], draft["release"]) == (1, 2, None)
    assert live["release"]["number"] == 1
    assert live["release"]["record_types"] >= 1


def test_two_imports_of_one_definition_are_compared(office: Office) -> None:
    admin = office.person()
    first = imported(admin, dictionary(SCAN))["import"]
    second = imported(admin, dictionary(AGE, SCAN))["import"]

    found = admin.get(f"/imports/{second}/changes", since=first)

    assert [(item["change"], item["field"]) for item in found["fields"]] == [("added", "patient.age")]
    assert [item["field"] for item in found["newly_not_carried"]] == ["patient.age"]
    assert (found["before"]["id"], found["after"]["id"]) == (first, second)


def test_imports_of_two_definitions_are_not_compared(office: Office) -> None:
    admin = office.person()
    first = imported(admin, dictionary(SCAN))["import"]
    other = imported(admin, dictionary(SCAN), code="liver")["import"]

    refusal = admin.refused("GET", f"/imports/{other}/changes", query_string={"since": first})

    assert refusal.told == (409, "NotComparable")
    assert refusal.is_bilingual


def test_who_may_not_design_sees_no_report(office: Office) -> None:
    number = imported(office.person(), dictionary(SCAN))["import"]

    assert office.person("reader").refused("GET", f"/imports/{number}").told == (403, "Denied")
