"""The logins that a user has open: listed with where from and by what, ended one by one or all others."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from tests.site import PASSWORD, Caller, Site
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.tables import login_session

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def sign_in(site: Site, name: str = "reader", password: str = PASSWORD, device: str = FIREFOX) -> Caller:
    caller = site.stranger()
    caller.headers["User-Agent"] = device
    body = {"name": name, "password": password}
    response = caller.post("/session", json=body, environ_base={"REMOTE_ADDR": "10.0.0.5"})
    assert response.status_code == 201, response.text
    caller.headers["X-CSRF-Token"] = response.get_json()["csrf_token"]
    caller.begun = response.get_json()  # type: ignore[attr-defined]
    return caller


def logins(caller: Caller) -> list[dict[str, object]]:
    items: list[dict[str, object]] = caller.get("/session/logins").get_json()["items"]
    return items


def test_a_login_is_known_by_address_device_and_time(any_site: Site) -> None:
    any_site.user("reader")
    first, second = sign_in(any_site), sign_in(any_site, device="x" * 3000)

    listed = logins(second)

    assert [login["current"] for login in listed] == [True, False]
    assert (listed[1]["address"], listed[1]["device"]) == ("10.0.0.5", FIREFOX)
    assert len(str(listed[0]["device"])) == 200
    assert [login["current"] for login in logins(first)] == [False, True]


def test_ended_and_idle_logins_are_not_listed(any_site: Site) -> None:
    any_site.user("reader")
    sign_in(any_site).call("DELETE", "/session")
    idle, here = sign_in(any_site), sign_in(any_site)
    idle_id = next(login["id"] for login in logins(idle) if login["current"])
    with any_site.instance.write(SYSTEM, Channel.API) as uow:
        late = uow.at - timedelta(minutes=31)
        row = update(login_session).where(login_session.c.id == idle_id)
        uow.conn.execute(row.values(last_seen_at=late))

    assert [login["current"] for login in logins(here)] == [True]


def test_one_login_or_all_others_are_ended(any_site: Site) -> None:
    any_site.user("reader")
    first, second, here = (sign_in(any_site) for _ in range(3))
    first_id = next(login["id"] for login in logins(first) if login["current"])

    assert here.call("DELETE", f"/session/logins/{first_id}").status_code == 204
    assert first.get("/session").status_code == 401
    assert second.get("/session").status_code == 200

    assert here.post("/session/logins/end-others").status_code == 204
    assert second.get("/session").status_code == 401
    assert here.get("/session").status_code == 200


def test_nobody_ends_a_login_of_another(any_site: Site) -> None:
    any_site.user("reader")
    any_site.user("researcher")
    theirs = sign_in(any_site)
    other = sign_in(any_site, "researcher")
    their_id = logins(theirs)[0]["id"]

    assert other.call("DELETE", f"/session/logins/{their_id}").status_code == 404
    assert theirs.get("/session").status_code == 200


def test_a_hospital_administrator_sees_and_ends_the_logins_of_a_user(any_site: Site) -> None:
    user_id = any_site.user("reader")
    theirs = sign_in(any_site)
    token = any_site.script("researcher")
    admin, security = any_site.script("hospital_admin"), any_site.script("security_admin")

    assert len(admin.get(f"/users/{user_id}/logins").get_json()["items"]) == 1
    assert security.post(f"/users/{user_id}/logins/end").status_code == 403
    assert token.get(f"/users/{user_id}/logins").status_code == 403
    assert theirs.get("/session").status_code == 200

    assert admin.post(f"/users/{user_id}/logins/end").status_code == 204
    assert theirs.get("/session").status_code == 401


def test_after_signing_in_one_is_told_of_the_time_before_and_of_failures_since(any_site: Site) -> None:
    any_site.user("reader")
    assert sign_in(any_site).begun["previous"] is None  # type: ignore[attr-defined]
    for _ in range(2):
        any_site.stranger().post("/session", json={"name": "reader", "password": "wrong"})

    previous = sign_in(any_site).begun["previous"]  # type: ignore[attr-defined]
    assert (previous["address"], previous["failures"]) == ("10.0.0.5", 2)
    assert sign_in(any_site).begun["previous"]["failures"] == 0  # type: ignore[attr-defined]
