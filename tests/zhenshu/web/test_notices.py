"""Notices by REST: one's own alone, with an ETag; asking for them keeps no login alive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.site import Caller, Site
from zhenshu.notices import News, notify
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.tables import login_session


def tell(site: Site, user: int | None, key: str) -> None:
    assert user is not None
    news = News("database.published", key, f"发布了 {key}", f"Published {key}", "/databases/lung/data")
    with site.instance.write(SYSTEM, Channel.API) as uow:
        notify(uow, [user], news)


def texts(caller: Caller, query: str = "") -> list[str]:
    return [each["en"] for each in caller.get(f"/notices{query}").get_json()["items"]]


def test_one_sees_ones_own_with_the_number_of_unread(any_site: Site) -> None:
    wang, li = any_site.script("reader", "wang"), any_site.script("hospital_admin", "li")
    tell(any_site, wang.user_id, "a")
    tell(any_site, wang.user_id, "b")

    body = wang.get("/notices?limit=1").get_json()

    assert body["unread"] == 2
    assert body["items"][0] | {"id": 0, "at": ""} == {
        "id": 0, "kind": "database.published", "zh": "发布了 b", "en": "Published b",
        "link": "/databases/lung/data", "at": "", "read_at": None,
    }  # fmt: skip
    assert texts(wang, f"?after={body['next']}") == ["Published a"]
    assert texts(li) == []


def test_one_and_then_all_are_marked_read(any_site: Site) -> None:
    wang = any_site.script("reader", "wang")
    for key in "abc":
        tell(any_site, wang.user_id, key)
    newest = wang.get("/notices").get_json()["items"][0]["id"]

    assert wang.post(f"/notices/{newest}/read").status_code == 204
    assert texts(wang, "?unread=true") == ["Published b", "Published a"]
    assert wang.post("/notices/read", json={"up_to": newest}).status_code == 204
    assert wang.get("/notices?unread=true").get_json() == {"items": [], "next": None, "unread": 0}


def test_anothers_notice_does_not_exist(site: Site) -> None:
    wang, li = site.script("reader", "wang"), site.script("hospital_admin", "li")
    tell(site, wang.user_id, "a")
    [notice] = wang.get("/notices").get_json()["items"]

    assert li.post(f"/notices/{notice['id']}/read").status_code == 404
    assert texts(wang, "?unread=true") == ["Published a"]


def test_asking_again_costs_no_body_until_there_is_news(site: Site) -> None:
    wang = site.script("reader", "wang")
    tag = wang.get("/notices").headers["ETag"]

    assert wang.get("/notices", headers={"If-None-Match": tag}).status_code == 304
    tell(site, wang.user_id, "a")
    assert wang.get("/notices", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(("path", "kept_alive"), [("/notices", False), ("/jobs", False), ("/session", True)])
def test_a_page_that_asks_by_itself_keeps_no_login_alive(site: Site, path: str, kept_alive: bool) -> None:
    site.user("reader")
    browser = site.browser("reader")
    earlier = timedelta(minutes=20)
    with site.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(login_session).values(last_seen_at=uow.at - earlier))

    assert browser.get(path).status_code == 200

    with site.instance.read(SYSTEM, Channel.API) as uow:
        seen = uow.conn.execute(select(login_session.c.last_seen_at)).scalar_one()
        assert (uow.at - seen < earlier / 2) is kept_alive
