"""Bad requests: each with its own clear answer, in the caller's language, and nothing changed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.site import Site
from tests.zhenshu.web.echo import ECHO
from zhenshu.audit import audit_entry
from zhenshu.security import SYSTEM, Channel
from zhenshu.web.json import BadJson, read_json, write_json


@pytest.fixture
def echo(new_site: Callable[..., Site]) -> Site:
    return new_site(rooms=[ECHO])


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no JSON"),
        (b'{"a":1', "no JSON at line 1"),
        (b'{"a":1,"a":2}', "same key twice"),
        (b'{"a":NaN}', "NaN"),
        (b'[-Infinity]', "Infinity"),
        (b"[1e999]", "too large"),
        (b"[" + b"9" * 5000 + b"]", "too long"),
        (b'["\\u0000"]', "NUL"),
        (b'{"\\u0000":1}', "NUL"),
        (b'["\\ud800"]', "surrogate"),
        (b"[" * 65 + b"]" * 65, "64 levels"),
        (b"[" * 100_000, "64 levels"),
        ("[\"中\"]".encode("gb18030"), "UTF-8"),
        (b'\xef\xbb\xbf{"a":1}', "no JSON"),
        ('{"a":1}'.encode("utf-16"), "UTF-8"),
    ],
)  # fmt: skip
def test_what_is_no_good_json_is_refused(echo: Site, raw: bytes, why: str) -> None:
    headers = {"Content-Type": "application/json", "Accept-Language": "en"}

    response = echo.stranger().post("/echo", data=raw, headers=headers)

    assert response.status_code == 400
    assert why in response.get_json()["message"]


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=gb18030"],
)
def test_only_utf8_json_is_taken(echo: Site, content_type: str) -> None:
    response = echo.stranger().post("/echo", data=b"{}", headers={"Content-Type": content_type})

    assert response.status_code == 415


def test_a_compressed_body_is_refused_instead_of_misread(echo: Site) -> None:
    response = echo.stranger().post("/echo", json={}, headers={"Content-Encoding": "gzip"})

    assert response.status_code == 415


def test_a_body_over_the_limit_is_refused(new_site: Callable[..., Site]) -> None:
    site = new_site(rooms=[ECHO], body_megabytes=1)

    response = site.stranger().post("/echo", json="x" * 2**20)

    assert (response.status_code, response.get_json()["code"]) == (413, "TooLarge")


def test_escapes_that_only_look_dangerous_pass(echo: Site) -> None:
    sent = {"text": "\\u0000 \\ud800 中文 😀", "deep": [[[1]]]}

    assert echo.stranger().post("/echo", json=sent).get_json()["body"] == sent


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(texts, children, max_size=3),
    max_leaves=10,
)


@given(json_values)
def test_good_json_comes_back_as_it_went(value: object) -> None:
    assert read_json(write_json(value).encode()) == value
    assert read_json(json.dumps(value).encode()) == value  # escaped


@given(st.binary(max_size=40))
def test_no_bytes_but_json_break_the_reader(raw: bytes) -> None:
    try:
        read_json(raw)
    except BadJson as refused:
        assert refused.zh


def test_a_body_with_a_default_may_be_left_out_but_not_be_wrong(echo: Site) -> None:
    ask = echo.stranger().post

    assert ask("/echo/optional").get_json() == {"name": "nobody"}
    assert ask("/echo/optional", json={"name": "li"}).get_json() == {"name": "li"}
    assert ask("/echo/optional", json={"name": 1}).status_code == 422
    assert ask("/echo/optional", data=b"", content_type="application/json").status_code == 400
    assert ask("/echo/strict").status_code == 415


def test_problems_are_listed_place_by_place(echo: Site) -> None:
    response = echo.stranger().post(
        "/echo/strict", json={"name": "long", "x": 1}, headers={"Accept-Language": "en"}
    )

    assert response.status_code == 422
    assert sorted(response.get_json()["details"]["problems"], key=lambda one: one["message"]) == [
        {"in": "body", "path": "", "message": "age is missing"},
        {"in": "body", "path": "/name", "message": "has more than 3 characters"},
        {"in": "body", "path": "", "message": "has unknown names: x"},
    ]


def test_query_parameters_are_typed_with_defaults(echo: Site) -> None:
    response = echo.stranger().get("/echo/中?ratio=0.5&deep=true&tag=a&tag=b")

    params = {"limit": 10, "ratio": 0.5, "deep": True, "tag": ["a", "b"]}
    assert response.get_json() == {"name": "中", "params": params}


@pytest.mark.parametrize(
    "query",
    ["limit=x", "limit=0", "limit=1&limit=2", "limit=1.0", "ratio=nan", "deep=2", "unknown=1", "limit=١"],
)
def test_wrong_query_parameters_are_refused(echo: Site, query: str) -> None:
    assert echo.stranger().get(f"/echo/a?{query}").status_code == 422


@pytest.mark.parametrize("path", ["/echo/%00", "/echo/a?tag=%00"])
def test_a_nul_in_the_address_is_refused(echo: Site, path: str) -> None:
    assert echo.stranger().get(path).status_code == 400


@pytest.mark.parametrize("id", ["0", "-1", "9223372036854775808", "x", "1.5"])
def test_what_can_be_no_id_is_no_address(site: Site, id: str) -> None:
    assert site.script("hospital_admin").get(f"/users/{id}").status_code == 404


def test_an_etag_saves_the_body(echo: Site) -> None:
    first = echo.stranger().get("/echo/a")

    same = echo.stranger().get("/echo/a", headers={"If-None-Match": first.headers["ETag"]})
    other = echo.stranger().get("/echo/b", headers={"If-None-Match": first.headers["ETag"]})

    assert (same.status_code, same.data) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "请先登录"), ("en", "Sign in"), ("fr", "请先登录"), ("", "请先登录")],
)
def test_messages_are_in_the_language_asked_for(site: Site, language: str, words: str) -> None:
    response = site.stranger().get("/users", headers={"Accept-Language": language})

    assert words in response.get_json()["message"]


def test_a_user_who_chose_english_is_told_in_english(site: Site) -> None:
    admin, script = site.script("hospital_admin"), site.script("reader")
    admin.call("PATCH", f"/users/{script.user_id}", json={"language": "en"})

    assert "You may not view" in script.get("/users").get_json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "NoSuchAddress"),
        ("PUT", "/users", 405, "WrongMethod"),
        ("GET", "/users/", 404, "NoSuchAddress"),
    ],
)
def test_errors_of_the_door_are_json_too(site: Site, method: str, path: str, status: int, code: str) -> None:
    response = site.stranger().call(method, path)

    assert (response.status_code, response.get_json()["code"]) == (status, code)
    assert response.get_json()["request_id"] == response.headers["X-Request-Id"]


def test_a_wrong_method_says_which_are_right(site: Site) -> None:
    allowed = site.stranger().call("PUT", "/users").headers["Allow"]

    assert set(allowed.split(", ")) == {"GET", "HEAD", "POST"}


def failing(site: Site, how: str) -> tuple[int, str]:
    response = site.script("reader").post(f"/echo/failing/{how}")
    return response.status_code, response.text


@pytest.mark.parametrize(("how", "status"), [("conflict", 409), ("crash", 500)])
def test_after_an_error_nothing_is_kept(echo: Site, how: str, status: int) -> None:
    assert failing(echo, how)[0] == status

    with echo.instance.read(SYSTEM, Channel.API) as uow:
        kinds = uow.conn.scalars(select(audit_entry.c.resource_kind)).all()
    assert "echo" not in kinds


def test_an_unknown_error_tells_and_logs_no_data(echo: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        status, text = failing(echo, "crash")

    logged = "\n".join(repr(record.__dict__) for record in caplog.records)
    assert status == 500
    assert "RuntimeError" in logged and "echo.py" in logged
    assert "110101199003071234" not in text + logged


def test_the_access_log_holds_no_address_that_was_typed(echo: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        echo.stranger().get("/echo/110101199003071234?tag=wang")

    line = next(record.__dict__ for record in caplog.records if record.name == "zhenshu.access")
    assert line["route"] == "/api/v1/echo/<name>"
    assert "110101199003071234" not in repr(line) and "wang" not in repr(line)


@pytest.mark.parametrize(("sent", "kept"), [("abcdefgh-1234", True), ("x", False), ('evil"\tline', False)])
def test_a_proxys_request_id_is_kept_when_harmless(site: Site, sent: str, kept: bool) -> None:
    response = site.stranger().get("/nothing", headers={"X-Request-Id": sent})

    assert (response.headers["X-Request-Id"] == sent) is kept


def test_every_response_is_hardened(site: Site) -> None:
    headers = site.stranger().get("/nothing").headers

    assert headers["Content-Security-Policy"].startswith(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_the_audit_trail_names_the_request(site: Site) -> None:
    admin = site.script("hospital_admin")
    response = admin.post("/users", json={"name": "wang", "roles": ["reader"]})

    with site.instance.read(SYSTEM, Channel.API) as uow:
        row = uow.conn.execute(select(audit_entry).order_by(audit_entry.c.id.desc()).limit(1)).one()
    assert (row.action, row.resource_kind, row.subject_id) == ("add", "users", admin.user_id)
    assert row.request_id == response.headers["X-Request-Id"]
