"""The ground's endpoints at work: users, audit, jobs, files, pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.site import Caller, Site
from zhenshu.jobs import JobKind, bind_jobs, run_now, submit
from zhenshu.security import SYSTEM, Channel, Subject
from zhenshu.web.app import create_app


def test_a_new_user_gets_a_one_time_password_once(any_site: Site) -> None:
    admin = any_site.script("hospital_admin")

    made = admin.post("/users", json={"name": "王医生", "roles": ["researcher"]})

    assert made.status_code == 201
    one_time = made.get_json()["one_time_password"]
    assert one_time not in admin.get("/users").text
    assert any_site.browser("王医生", one_time).get("/session").get_json()["user"]["must_change_password"]


def test_lists_come_page_by_page(site: Site) -> None:
    admin = site.script("hospital_admin")
    for number in range(4):
        admin.post("/users", json={"name": f"user{number}", "roles": ["reader"]})

    names, after = [], 0
    while after is not None:
        body = admin.get(f"/users?limit=2&after={after}").get_json()
        names += [user["name"] for user in body["items"]]
        after = body["next"]

    assert names == ["hospital_admin", "user0", "user1", "user2", "user3"]


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ("subject=hospital_admin", ["add"]),
        ("kind=tokens&limit=1", ["add"]),
        ("kind=users&from=2001-01-01&to=2001-01-02", []),
        ("subject=hospital_admin&from=2001-01-01T00:00:00%2B08:00", ["add"]),
    ],
)
def test_the_trail_is_filtered(any_site: Site, query: str, actions: list[str]) -> None:
    auditor, admin = any_site.script("audit_admin"), any_site.script("hospital_admin")
    admin.post("/users", json={"name": "wang", "roles": ["reader"]})

    found = auditor.get(f"/audit?{query}").get_json()["items"]

    assert [entry["action"] for entry in found] == actions


def test_reading_the_trail_is_an_entry(site: Site) -> None:
    auditor = site.script("audit_admin")
    auditor.get("/audit")

    assert auditor.get("/audit?subject=audit_admin&action=view").get_json()["items"] != []


def test_a_day_that_never_was_is_refused(site: Site) -> None:
    assert site.script("audit_admin").get("/audit?from=2026-02-30").status_code == 422


def count_to_three(_run: Any) -> dict[str, int]:
    return {"counted": 3}


@pytest.fixture
def with_jobs(any_site: Site) -> Site:
    kind = JobKind("count", {"zh": "计数", "en": "Count"}, count_to_three)
    bind_jobs(any_site.instance, [kind], wake=lambda queue, job_id: None)
    return any_site


def submit_as(site: Site, caller: Caller) -> int:
    with site.instance.write(Subject(caller.user_id, "somebody"), Channel.API) as uow:
        return submit(uow, "count", {})


def test_a_job_is_polled_by_its_etag(with_jobs: Site) -> None:
    owner = with_jobs.script("researcher")
    job_id = submit_as(with_jobs, owner)

    waiting = owner.get(f"/jobs/{job_id}")
    tag = {"If-None-Match": waiting.headers["ETag"]}
    unchanged = owner.get(f"/jobs/{job_id}", headers=tag)
    run_now(with_jobs.instance, job_id)
    done = owner.get(f"/jobs/{job_id}", headers=tag)

    assert waiting.get_json()["state"] == "queued"
    assert unchanged.status_code == 304
    assert (done.get_json()["state"], done.get_json()["result"]) == ("done", {"counted": 3})


def test_anothers_job_does_not_exist_without_the_permission(with_jobs: Site) -> None:
    owner, reader, admin = (with_jobs.script(role) for role in ("researcher", "reader", "hospital_admin"))
    job_id = submit_as(with_jobs, owner)

    assert reader.get(f"/jobs/{job_id}").status_code == 404
    assert reader.post(f"/jobs/{job_id}/cancel").status_code == 404
    assert reader.get("/jobs").get_json()["items"] == []
    assert admin.get("/jobs").get_json()["items"][0]["id"] == job_id


def test_a_job_is_cancelled_and_tried_again(with_jobs: Site) -> None:
    owner = with_jobs.script("researcher")
    job_id = submit_as(with_jobs, owner)

    assert owner.post(f"/jobs/{job_id}/retry").get_json()["code"] == "JobNotWaiting"
    assert owner.post(f"/jobs/{job_id}/cancel").get_json()["state"] == "cancelled"
    assert owner.post(f"/jobs/{job_id}/retry").get_json()["state"] == "queued"


def send(caller: Caller, content: bytes = b"one,two\n", name: str = "报告.csv") -> Any:
    return caller.post("/files", data={"file": (io.BytesIO(content), name, "text/csv")})


def test_a_file_comes_back_as_it_went(any_site: Site) -> None:
    owner = any_site.script("researcher")
    content = bytes(range(256)) * 4096  # more than one block, with every byte

    kept = send(owner, content).get_json()
    fetched = owner.get(f"/files/{kept['id']}")

    assert (kept["name"], kept["size"], kept["media_type"]) == ("报告.csv", len(content), "text/csv")
    assert fetched.data == content
    assert fetched.headers["Content-Type"] == "application/octet-stream"
    assert fetched.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\报告.csv", 'a"; x="', "a;b=c"])
def test_a_file_name_is_harmless(site: Site, name: str) -> None:
    owner = site.script("researcher")

    kept = send(owner, name=name).get_json()
    header = owner.get(f"/files/{kept['id']}").headers["Content-Disposition"]

    assert "/" not in kept["name"] and "\\" not in kept["name"]
    assert header.startswith("attachment; filename") and "\n" not in header
    header.encode("latin-1")


def test_what_another_sent_does_not_exist(site: Site) -> None:
    """Nobody knows yet whose data it holds, so no permission reaches it."""
    owner, reader, admin = (site.script(role) for role in ("researcher", "reader", "research_admin"))
    kept = send(owner).get_json()

    assert reader.get(f"/files/{kept['id']}").status_code == 404
    assert admin.get(f"/files/{kept['id']}").status_code == 404
    assert owner.get(f"/files/{kept['id']}").status_code == 200


def test_a_file_over_the_limit_is_refused(new_site: Callable[..., Site]) -> None:
    site = new_site(upload_megabytes=1)

    response = send(site.script("researcher"), b"x" * (3 << 20))

    assert (response.status_code, response.get_json()["code"]) == (413, "TooLarge")
    assert "超过 1 MB" in response.get_json()["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"--b\r\nContent-Disposition: form-data; name=other\r\n\r\nx\r\n--b--\r\n", 422),
        (b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\ncut", 400),
        (b"nothing like a form", 400),
        (b"", 422),
    ],
)
def test_a_broken_form_is_refused_and_nothing_kept(site: Site, body: bytes, status: int) -> None:
    owner = site.script("researcher")

    response = owner.post("/files", data=body, headers={"Content-Type": "multipart/form-data; boundary=b"})

    assert response.status_code == status
    assert owner.get("/files/1").status_code == 404


@pytest.fixture
def pages(site: Site, tmp_path: Path) -> Caller:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>诊枢</title>", encoding="utf-8")
    (folder / "assets" / "app-1a2b.js").write_text("1;")
    (tmp_path / "secret.txt").write_text("secret")
    return Caller(create_app(site.instance, [], pages=folder), {"Accept": "text/html"})


@pytest.mark.parametrize("path", ["/", "/databases/lung/records", "/login"])
def test_addresses_of_the_application_give_its_page(pages: Caller, path: str) -> None:
    response = pages.client.get(path, headers=pages.headers)

    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")
    assert "诊枢" in response.text


def test_hashed_assets_are_kept_by_the_browser(pages: Caller) -> None:
    assert "immutable" in pages.client.get("/assets/app-1a2b.js").headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/missing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/api/v1/missing", "/api"]
)
def test_what_is_no_page_is_not_found(pages: Caller, path: str) -> None:
    assert pages.client.get(path, headers={"Accept": "text/html"}).status_code == 404


def test_health_needs_no_login_and_tells_nothing(site: Site) -> None:
    response = site.stranger().client.get("/healthz")

    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_jobs_of_the_system_are_nobodys(with_jobs: Site) -> None:
    with with_jobs.instance.write(SYSTEM, Channel.API) as uow:
        job_id = submit(uow, "count", {})

    assert with_jobs.script("reader").get(f"/jobs/{job_id}").status_code == 404
