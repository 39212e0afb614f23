"""Long JSON answers are compressed for those who take it, and say the same."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest

from tests.site import Site
from tests.zhenshu.web.echo import ECHO
from zhenshu.web import compression

LONG = "/echo/" + "a" * 2000
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def echo(new_site: Callable[..., Site]) -> Site:
    return new_site(rooms=[ECHO])


def test_a_long_answer_is_compressed_for_those_who_take_it(echo: Site) -> None:
    plain = echo.stranger().get(LONG)
    packed = echo.stranger().get(LONG, headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < 500
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.vary


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_nobody_gets_what_they_do_not_take(echo: Site, accepted: str) -> None:
    answer = echo.stranger().get(LONG, headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert json.loads(answer.data)["name"] == "a" * 2000


def test_a_short_answer_is_sent_as_it_is(echo: Site) -> None:
    assert "Content-Encoding" not in echo.stranger().get("/echo/a", headers=GZIP).headers


def test_an_unchanged_answer_is_known_again_however_it_travels(echo: Site) -> None:
    plain, packed = (echo.stranger().get(LONG, headers=headers) for headers in ({}, GZIP))

    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    for tag in (plain.headers["ETag"], packed.headers["ETag"]):
        for headers in ({}, GZIP):
            again = echo.stranger().get(LONG, headers=headers | {"If-None-Match": tag})
            assert (again.status_code, again.data) == (304, b"")
            assert "Content-Encoding" not in again.headers


def test_answers_that_may_hold_a_secret_are_left_alone(echo: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "SHORT", 0)
    echo.user("reader")
    reader = echo.browser("reader")

    posted = reader.post("/echo", json={"secret": "b" * 2000}, headers=GZIP)
    session = reader.get("/session", headers=GZIP)

    assert session.get_json()["csrf_token"]
    for answer in (posted, session):
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers
    assert "Content-Encoding" in reader.get("/echo/a", headers=GZIP).headers
