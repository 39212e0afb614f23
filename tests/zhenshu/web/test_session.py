"""Signing in and out by cookie: no fixation, no revival of an old cookie, no request without CSRF token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.site import PASSWORD, Caller, Site
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user
from zhenshu.security.tables import login_session

NEW = "Another-Horse-8"


def test_signing_in_gives_cookie_token_and_permissions(any_site: Site) -> None:
    any_site.user("reader")

    response = any_site.stranger().post("/session", json={"name": "reader", "password": PASSWORD})

    assert response.status_code == 201
    assert response.get_json()["user"]["permissions"] == ["view:databases", "view:records"]
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_behind_tls_the_cookie_is_secure(new_site: Callable[..., Site]) -> None:
    site = new_site(secure_cookies=True)
    site.user("reader")

    response = site.stranger().post("/session", json={"name": "reader", "password": PASSWORD})

    assert "Secure" in response.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("url", "secure"),
    [("https://zhenshu.hospital.org", True), ("http://zhenshu.hospital.org", False), ("", False)],
)
def test_at_an_address_of_https_browsers_are_told_to_keep_to_it(
    new_site: Callable[..., Site], url: str, secure: bool
) -> None:
    site = new_site(public_url=url)
    site.user("reader")

    response = site.stranger().post("/session", json={"name": "reader", "password": PASSWORD})

    assert ("Secure" in response.headers["Set-Cookie"]) is secure
    said = response.headers.get("Strict-Transport-Security", "")
    assert said == ("max-age=31536000" if secure else "")
    refused = site.stranger().get("/session")
    assert ("Strict-Transport-Security" in refused.headers) is secure


@pytest.mark.parametrize("name", ["reader", "nobody"])
def test_a_wrong_password_and_an_unknown_name_read_alike(site: Site, name: str) -> None:
    site.user("reader")

    response = site.stranger().post("/session", json={"name": name, "password": "wrong"})

    assert response.status_code == 401
    assert response.get_json()["code"] == "WrongPassword"
    assert "Set-Cookie" not in response.headers


def test_the_sixth_attempt_is_refused_with_the_time_to_wait(site: Site) -> None:
    site.user("reader")
    for _ in range(5):
        site.stranger().post("/session", json={"name": "reader", "password": "wrong"})

    response = site.stranger().post("/session", json={"name": "reader", "password": PASSWORD})

    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 900


@pytest.mark.parametrize("sent", ["", "wrong", "é"])
def test_a_change_by_cookie_needs_the_csrf_token(site: Site, sent: str) -> None:
    site.user("hospital_admin")
    browser = site.browser("hospital_admin")

    response = browser.post("/tokens", json={"name": "x"}, headers={"X-CSRF-Token": sent})

    assert (response.status_code, response.get_json()["code"]) == (403, "CsrfFailed")


def test_the_csrf_token_of_another_login_does_not_help(site: Site) -> None:
    site.user("hospital_admin")
    mine, other = site.browser("hospital_admin"), site.browser("hospital_admin")

    assert mine.post("/tokens", json={"name": "x"}, headers=other.headers).status_code == 403
    assert mine.post("/tokens", json={"name": "x"}).status_code == 201


def test_a_script_with_a_token_needs_no_csrf_token(site: Site) -> None:
    assert site.script("reader").post("/tokens", json={"name": "x"}).status_code == 201


def test_signing_in_changes_the_cookie_and_ends_the_old_login(site: Site) -> None:
    site.user("reader")
    browser = site.browser("reader")
    planted = browser.cookie

    browser.post("/session", json={"name": "reader", "password": PASSWORD})

    assert browser.cookie != planted
    assert with_cookie(site, planted).get("/session").status_code == 401


def test_a_planted_cookie_is_never_adopted(site: Site) -> None:
    site.user("reader")
    victim = with_cookie(site, "planted-by-somebody-else")

    victim.post("/session", json={"name": "reader", "password": PASSWORD})

    assert with_cookie(site, "planted-by-somebody-else").get("/session").status_code == 401


def test_after_signing_out_the_old_cookie_is_dead(any_site: Site) -> None:
    any_site.user("reader")
    browser = any_site.browser("reader")
    cookie = browser.cookie

    assert browser.call("DELETE", "/session").status_code == 204

    assert with_cookie(any_site, cookie).get("/session").status_code == 401


def test_an_idle_login_ends(any_site: Site) -> None:
    any_site.user("reader")
    browser = any_site.browser("reader")

    last_seen(any_site, minutes_ago=29)
    assert browser.get("/session").status_code == 200
    last_seen(any_site, minutes_ago=31)
    assert browser.get("/session").status_code == 401


def test_a_request_keeps_the_login_alive(any_site: Site) -> None:
    any_site.user("reader")
    browser = any_site.browser("reader")
    last_seen(any_site, minutes_ago=29)

    browser.get("/session")
    with any_site.instance.read(SYSTEM, Channel.API) as uow:
        seen = uow.conn.scalar(select(login_session.c.last_seen_at))

    assert seen is not None
    assert uow.at - seen < timedelta(minutes=1)


def test_a_busy_database_does_not_hold_up_a_reader(site: Site) -> None:
    site.user("reader")
    browser = site.browser("reader")
    last_seen(site, minutes_ago=5)

    with site.instance.write(SYSTEM, Channel.API):  # holds SQLite's only writer lock
        assert browser.get("/session").status_code == 200


def test_the_database_keeps_no_usable_cookie(site: Site) -> None:
    site.user("reader")
    browser = site.browser("reader")

    with site.instance.read(SYSTEM, Channel.API) as uow:
        assert browser.cookie not in repr(uow.conn.execute(select(login_session)).all())


def test_a_one_time_password_must_be_changed_first(site: Site) -> None:
    with site.instance.write(SYSTEM, Channel.API) as uow:
        made = create_user(uow, "wang", "hospital_admin")
    assert made.one_time_password is not None
    browser = site.browser("wang", made.one_time_password)

    refused = browser.get("/users")
    changed = browser.post("/session/password", json={"old": made.one_time_password, "new": NEW})

    assert refused.get_json()["code"] == "PasswordChangeRequired"
    assert changed.status_code == 204
    assert browser.get("/users").status_code == 200


def test_changing_the_password_ends_other_logins_but_not_this_one(site: Site) -> None:
    site.user("reader")
    here, elsewhere = site.browser("reader"), site.browser("reader")

    here.post("/session/password", json={"old": PASSWORD, "new": NEW})

    assert here.get("/session").status_code == 200
    assert elsewhere.get("/session").status_code == 401


def test_a_stolen_login_can_not_guess_the_password(site: Site) -> None:
    site.user("reader")
    thief = site.browser("reader")

    codes = [
        thief.post("/session/password", json={"old": f"guess-{number}", "new": NEW}).status_code
        for number in range(6)
    ]

    assert codes == [403] * 5 + [429]


def test_a_revoked_token_is_dead(any_site: Site) -> None:
    script = any_site.script("reader")
    token = script.get("/tokens").get_json()["items"][0]

    assert script.call("DELETE", f"/tokens/{token['id']}").status_code == 204

    assert script.get("/session").status_code == 401


def test_a_token_ends_with_its_days(site: Site) -> None:
    made = site.script("reader").post("/tokens", json={"name": "short", "days": 1}).get_json()
    script = Caller(site.app, {"Authorization": f"Bearer {made['value']}"})
    assert script.get("/session").status_code == 200

    from zhenshu.security.tables import api_token

    with site.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(api_token).values(expires_at=uow.at - timedelta(seconds=1)))

    assert script.get("/session").status_code == 401


def test_nobody_revokes_anothers_token(site: Site) -> None:
    owner, other = site.script("reader"), site.script("researcher")
    token = owner.get("/tokens").get_json()["items"][0]

    assert other.call("DELETE", f"/tokens/{token['id']}").status_code == 404
    assert owner.get("/session").status_code == 200


def test_deactivation_ends_cookie_and_token_at_once(any_site: Site) -> None:
    admin, script = any_site.script("hospital_admin"), any_site.script("reader")
    browser = any_site.browser("reader")

    assert admin.call("PATCH", f"/users/{script.user_id}", json={"active": False}).status_code == 200

    assert script.get("/session").status_code == 401
    assert browser.get("/session").status_code == 401


def test_a_new_role_holds_at_the_next_request(any_site: Site) -> None:
    admin, script = any_site.script("hospital_admin"), any_site.script("reader")
    assert script.get("/audit").status_code == 403

    admin.call("PATCH", f"/users/{script.user_id}", json={"roles": ["audit_admin"]})

    assert script.get("/audit").status_code == 200


def with_cookie(site: Site, value: str) -> Caller:
    caller = site.stranger()
    caller.client.set_cookie("zhenshu_session", value)
    return caller


def last_seen(site: Site, minutes_ago: int) -> None:
    with site.instance.write(SYSTEM, Channel.API) as uow:
        seen = uow.at - timedelta(minutes=minutes_ago)
        uow.conn.execute(update(login_session).values(last_seen_at=seen))


def test_a_chosen_language_is_remembered_for_the_user_on_any_machine(any_site: Site) -> None:
    any_site.user("reader")
    browser = any_site.browser("reader")
    assert browser.get("/session").get_json()["user"]["chosen_language"] == ""

    assert browser.call("PUT", "/session/language", json={"language": "en"}).status_code == 204

    elsewhere = any_site.browser("reader").get("/session").get_json()["user"]
    assert (elsewhere["chosen_language"], elsewhere["language"]) == ("en", "en")


def test_an_unknown_language_is_refused(site: Site) -> None:
    site.user("reader")

    response = site.browser("reader").call("PUT", "/session/language", json={"language": "fr"})

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("proxies", "address"),
    [(0, "127.0.0.1"), (1, "10.0.0.9"), (2, "10.0.0.8")],
)
def test_only_trusted_proxies_say_where_a_caller_is(
    new_site: Callable[..., Site], proxies: int, address: str
) -> None:
    site = new_site(trusted_proxies=proxies)
    site.user("reader")
    forwarded = {"X-Forwarded-For": "6.6.6.6, 10.0.0.8, 10.0.0.9", "X-Forwarded-Proto": "https, https, https"}

    site.stranger().post("/session", json={"name": "reader", "password": PASSWORD}, headers=forwarded)

    with site.instance.read(SYSTEM, Channel.API) as uow:
        assert uow.conn.execute(select(login_session.c.address)).scalar_one() == address
