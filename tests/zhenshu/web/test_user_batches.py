"""Many users from one workbook: every row checked, all made or none, and their passwords fetched once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.site import Caller, Site
from zhenshu.audit import audit_entry
from zhenshu.jobs import bind_jobs, run_now
from zhenshu.jobs.tables import job
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.batch.job import BATCH, BatchNotReady
from zhenshu.security.sealed_results import sweep_sealed
from zhenshu.security.tables import sealed_result

HEADS = ["用户名", "姓名", "账号模板", "角色", "手机号", "有效期至", "界面语言"]
Rows = Sequence[Sequence[Any]]


@pytest.fixture
def any_site(new_site: Callable[..., Site], database_url: str) -> Site:
    made = new_site(database_url)
    bind_jobs(made.instance, [BATCH], wake=lambda queue, job_id: None)
    return made


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    made = new_site()
    bind_jobs(made.instance, [BATCH], wake=lambda queue, job_id: None)
    return made


def workbook(rows: Rows, heads: Sequence[str] = HEADS) -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in [heads, *rows]:
        page.append(list(row))
    for cells in page.iter_rows():
        for cell in cells:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type  # text, as somebody typed it
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(caller: Caller, path: str, content: bytes) -> TestResponse:
    return caller.post(path, data={"file": (io.BytesIO(content), "用户.xlsx")})


def problems(caller: Caller, *rows: Sequence[Any]) -> list[list[str]]:
    answer = send(caller, "/user-batches/check", workbook(rows)).get_json()
    return [[problem["column"] for problem in row["problems"]] for row in answer["rows"]]


def make(site: Site, caller: Caller, rows: Rows) -> dict[str, Any]:
    answer = send(caller, "/user-batches", workbook(rows))
    assert answer.status_code == 202, answer.text
    run_now(site.instance, answer.get_json()["job_id"])
    done: dict[str, Any] = caller.get(f"/jobs/{answer.get_json()['job_id']}").get_json()
    return done


def table(content: bytes) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


GOOD: Rows = [
    ["wang.min", "王敏", "进修医生", "", 13800005678, "", ""],
    ["li.na", "李娜", "", "科研人员", "139-0000-1111", "2099-03-31", "中文"],
    ["zhang", "", "", "reader", "", "", "English"],
]


def test_a_workbook_becomes_users_with_passwords_that_let_them_in(any_site: Site) -> None:
    admin = any_site.script("hospital_admin")
    template = {"name": "进修医生", "role": "researcher", "language": "zh", "valid_days": 90}
    admin.post("/account-templates", json=template)
    assert problems(admin, *GOOD) == [[], [], []]

    done = make(any_site, admin, GOOD)

    assert (done["state"], done["result"]["count"]) == ("done", 3)
    users = {user["name"]: user for user in admin.get("/users").get_json()["items"]}
    assert (users["wang.min"]["roles"], users["wang.min"]["phone"]) == (["researcher"], "138****5678")
    assert users["wang.min"]["expires_at"] is not None and users["zhang"]["expires_at"] is None
    assert users["li.na"]["expires_at"] == "2099-03-31T16:00:00+00:00"
    rows = table(admin.post(f"/user-batches/results/{done['result']['result']}").data)
    assert [row[0] for row in rows[1:]] == ["wang.min", "li.na", "zhang"]
    for name, _, password in rows[1:]:
        assert any_site.browser(name, password).get("/session").get_json()["user"]["must_change_password"]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (["a b", "", "", "reader", "", "", ""], ["name"]),
        (["", "无名", "", "reader", "", "", ""], ["name"]),
        (["hospital_admin", "", "", "reader", "", "", ""], ["name"]),
        (["new", "", "", "", "", "", ""], ["role"]),
        (["new", "", "", "皇帝", "", "", ""], ["role"]),
        (["new", "", "没有的模板", "", "", "", ""], ["template"]),
        (["new", "", "", "reader", "12345", "", ""], ["phone"]),
        (["new", "", "", "reader", "", "2001-01-01", ""], ["until"]),
        (["new", "", "", "reader", "", "明天", ""], ["until"]),
        (["new", "", "", "reader", "", "", "法语"], ["language"]),
        (["?", "", "", "皇帝", "1", "x", "y"], ["name", "role", "language", "phone", "until"]),
    ],
)
def test_what_is_wrong_with_a_row_is_told_by_column(site: Site, row: list[str], wrong: list[str]) -> None:
    admin = site.script("hospital_admin")

    assert problems(admin, row, ["good", "", "", "reader", "", "", ""]) == [wrong, []]


def test_two_rows_of_one_person_are_noticed_whatever_their_spelling(site: Site) -> None:
    admin = site.script("hospital_admin")

    found = problems(
        admin,
        ["Wang", "", "", "reader", "13800005678", "", ""],
        ["ｗａｎｇ", "", "", "reader", "+86 138 0000 5678", "", ""],
    )

    assert found == [["name", "phone"], ["name", "phone"]]


def test_a_check_makes_nobody(site: Site) -> None:
    admin = site.script("hospital_admin")
    problems(admin, GOOD[2])

    assert [user["name"] for user in admin.get("/users").get_json()["items"]] == ["hospital_admin"]


def test_one_wrong_row_and_nobody_is_made(any_site: Site) -> None:
    admin = any_site.script("hospital_admin")

    refused = send(admin, "/user-batches", workbook([GOOD[2], ["a b", "", "", "reader", "", "", ""]]))

    assert (refused.status_code, refused.get_json()["code"]) == (409, "BatchNotReady")
    assert admin.get("/users?search=zhang").get_json()["items"] == []


def test_who_took_a_name_meanwhile_stops_the_whole_batch(any_site: Site) -> None:
    admin = any_site.script("hospital_admin")
    rows = [GOOD[2], ["late", "", "", "reader", "", "", ""]]
    job_id = send(admin, "/user-batches", workbook(rows)).get_json()["job_id"]
    admin.post("/users", json={"name": "late", "roles": ["reader"]})

    with pytest.raises(BatchNotReady):
        run_now(any_site.instance, job_id)

    assert admin.get(f"/jobs/{job_id}").get_json()["error"]["code"] == "BatchNotReady"
    assert admin.get("/users?search=zhang").get_json()["items"] == []


def a_result(site: Site, admin: Caller) -> str:
    return f"/user-batches/results/{make(site, admin, [GOOD[2]])['result']['result']}"


def test_passwords_are_fetched_once(any_site: Site) -> None:
    admin = any_site.script("hospital_admin")
    path = a_result(any_site, admin)

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda _: admin.post(path).status_code, range(4)))

    assert sorted(codes) == [200, 404, 404, 404]


def test_only_the_maker_fetches_them(site: Site) -> None:
    admin, other = site.script("hospital_admin"), site.script("hospital_admin", "other")
    path = a_result(site, admin)

    assert other.post(path).status_code == 404
    assert admin.post(path).status_code == 200


def test_passwords_that_nobody_fetched_are_gone_after_a_day(any_site: Site) -> None:
    admin = any_site.script("hospital_admin")
    path = a_result(any_site, admin)
    with any_site.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(sealed_result).values(expires_at=uow.at - timedelta(seconds=1)))

    assert admin.post(path).status_code == 404
    sweep_sealed(any_site.instance)
    with any_site.instance.read(SYSTEM, Channel.API) as uow:
        assert uow.conn.execute(select(sealed_result)).all() == []


def test_neither_passwords_nor_numbers_are_kept_in_clear(site: Site) -> None:
    admin = site.script("hospital_admin")
    row = ["zhang", "张伟", "", "reader", "13800005678", "", ""]
    send(admin, "/user-batches", workbook([row]))  # waits
    path = a_result(site, admin)
    with site.instance.read(SYSTEM, Channel.API) as uow:
        kept = [uow.conn.execute(select(one)).all() for one in (job, sealed_result, audit_entry)]

    secret = table(admin.post(path).data)[1][2]
    assert secret not in repr(kept) and "13800005678" not in repr(kept) and "张伟" not in repr(kept)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (65 << 20))
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,role\nwang,reader\n",
        workbook([]),
        workbook(GOOD, ["甲"] * 7),
        bomb(),
        workbook([["x"]] * 1002),
    ],
    ids=["empty", "csv", "no rows", "other headings", "bomb", "too many"],
)
def test_what_is_no_such_workbook_is_refused(site: Site, content: bytes) -> None:
    refused = send(site.script("hospital_admin"), "/user-batches/check", content)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "SheetWrong")


def test_a_workbook_with_outside_entities_reads_no_file(site: Site) -> None:
    source = io.BytesIO(workbook([GOOD[2]]))
    stream = io.BytesIO()
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(stream, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            if part.endswith("sheet1.xml"):
                entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                content = entity + content.replace(b"zhang", b"&e;")
            after.writestr(part, content)

    refused = send(site.script("hospital_admin"), "/user-batches/check", stream.getvalue())

    assert refused.status_code == 422
    assert "root:" not in refused.text


def test_a_name_that_begins_like_a_formula_stays_text(site: Site) -> None:
    admin = site.script("hospital_admin")
    done = make(site, admin, [["zhang", "=1+1", "", "reader", "", "", ""]])

    book = openpyxl.load_workbook(
        io.BytesIO(admin.post(f"/user-batches/results/{done['result']['result']}").data)
    )
    cell = book.worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_blank_workbook_takes_what_it_asks_for(site: Site, language: str) -> None:
    admin = site.script("hospital_admin")
    template = {"name": "进修医生", "role": "reader", "language": "", "valid_days": None}
    admin.post("/account-templates", json=template)
    blank = admin.get("/user-batches/blank", headers={"Accept-Language": language}).data
    book = openpyxl.load_workbook(io.BytesIO(blank))
    book.worksheets[0]["A2"], book.worksheets[0]["C2"] = "zhang", "进修医生"
    stream = io.BytesIO()
    book.save(stream)

    answer = send(admin, "/user-batches/check", stream.getvalue()).get_json()

    assert (answer["faulty"], answer["rows"][0]["role"]) == (0, "reader")
    assert "进修医生" in [cell.value for cell in book.worksheets[1]["A"]]


def test_templates_are_managed(any_site: Site) -> None:
    admin, guard = any_site.script("hospital_admin"), any_site.script("security_admin")
    body = {"name": "进修医生", "role": "reader", "language": "", "valid_days": 30}
    made = admin.post("/account-templates", json=body).get_json()
    path = f"/account-templates/{made['id']}"

    assert admin.post("/account-templates", json=body).get_json()["code"] == "TemplateExists"
    assert admin.call("PATCH", path, json={"role": "emperor"}).get_json()["code"] == "NoSuchRole"
    changed = admin.call("PATCH", path, json={"valid_days": None}).get_json()
    assert changed == made | {"valid_days": None}
    assert guard.get("/account-templates").get_json()["items"] == [changed]
    assert guard.call("DELETE", path).status_code == 403
    assert admin.call("DELETE", path).status_code == 204
    assert admin.call("DELETE", path).status_code == 404
