"""Managing users over the API: what administrators may do, and what nobody gets by asking for more."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.site import PASSWORD, Site
from zhenshu.audit import audit_entry
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user

NEW = {"name": "li.na", "display_name": "李娜", "roles": ["researcher"], "phone": "13800005678"}


def test_a_user_is_made_with_phone_and_end(any_site: Site) -> None:
    admin = any_site.script("hospital_admin")

    made = admin.post("/users", json=NEW | {"expires_at": "2099-03-31T16:00:00Z"}).get_json()["user"]

    assert (made["phone"], made["expires_at"]) == ("138****5678", "2099-03-31T16:00:00+00:00")
    assert (made["state"], made["roles"], made["last_login_at"]) == ("active", ["researcher"], None)
    assert "13800005678" not in admin.get(f"/users/{made['id']}").text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=李", ["li.na"]),
        ("search=13800005678", ["li.na"]),
        ("role=researcher", ["li.na"]),
        ("state=disabled", []),
        ("role=researcher&state=active&search=na", ["li.na"]),
        ("role=no-such-role", []),
    ],
)
def test_the_list_is_filtered(site: Site, query: str, names: list[str]) -> None:
    admin = site.script("hospital_admin")
    admin.post("/users", json=NEW)

    assert [user["name"] for user in admin.get(f"/users?{query}").get_json()["items"]] == names


@pytest.mark.parametrize(
    "more",
    [
        {"id": 1},
        {"password": PASSWORD},
        {"active": False},
        {"must_change_password": False},
        {"permissions": ["manage:users"]},
        {"created_by_fk": 1},
    ],
)
def test_what_the_form_does_not_have_is_refused(site: Site, more: dict[str, Any]) -> None:
    admin = site.script("hospital_admin")

    assert admin.post("/users", json=NEW | more).status_code == 422
    assert admin.get("/users?search=li.na").get_json()["items"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"id": 99},
        {"name": "admin"},
        {"password": PASSWORD},
        {"last_login_at": None},
        {"roles": ["hospital_admin"], "is_system": True},
    ],
)
def test_no_change_smuggles_in_another(site: Site, change: dict[str, Any]) -> None:
    admin, reader = site.script("hospital_admin"), site.script("reader")
    before = admin.get(f"/users/{reader.user_id}").get_json()

    assert admin.call("PATCH", f"/users/{reader.user_id}", json=change).status_code == 422
    assert admin.get(f"/users/{reader.user_id}").get_json() == before


@pytest.mark.parametrize(
    "change",
    [{"roles": ["hospital_admin", "research_admin"]}, {"active": False}, {"expires_at": "2099-01-01"}],
)
def test_nobody_changes_the_own_access(site: Site, change: dict[str, Any]) -> None:
    admin = site.script("hospital_admin")
    site.user("hospital_admin", "another")

    refused = admin.call("PATCH", f"/users/{admin.user_id}", json=change)

    assert (refused.status_code, refused.get_json()["code"]) == (409, "OwnRoles")


def test_the_security_administrator_sets_the_policy_and_changes_no_account(site: Site) -> None:
    guard, reader = site.script("security_admin"), site.script("reader")

    assert guard.get("/users").status_code == 200
    assert guard.call("PATCH", f"/users/{reader.user_id}", json={"active": False}).status_code == 403
    assert guard.post("/users", json=NEW).status_code == 403
    assert guard.call("PATCH", "/account-policy", json={"min_length": 8}).status_code == 200
    admin = site.script("hospital_admin")
    assert admin.get("/account-policy").get_json()["min_length"] == 8
    assert admin.call("PATCH", "/account-policy", json={"min_length": 9}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/users", NEW),
        ("PATCH", "/users/{id}", {"roles": ["hospital_admin"]}),
        ("POST", "/users/{id}/password", None),
        ("POST", "/users/{id}/unlock", None),
    ],
)
def test_no_other_site_acts_through_an_administrators_browser(
    site: Site, method: str, path: str, body: Any
) -> None:
    reader = site.user("reader")
    site.user("hospital_admin")
    browser = site.browser("hospital_admin")

    response = browser.call(
        method, path.replace("{id}", str(reader)), json=body, headers={"X-CSRF-Token": ""}
    )

    assert (response.status_code, response.get_json()["code"]) == (403, "CsrfFailed")


def test_a_disabled_users_cookie_stays_dead_after_enabling(any_site: Site) -> None:
    admin, reader = any_site.script("hospital_admin"), any_site.user("reader")
    browser = any_site.browser("reader")

    for active in (False, True):
        admin.call("PATCH", f"/users/{reader}", json={"active": active})
        assert browser.get("/session").status_code == 401


def test_every_act_is_in_the_trail_and_no_secret_is(any_site: Site) -> None:
    admin = any_site.script("hospital_admin")
    made = admin.post("/users", json=NEW).get_json()
    path = f"/users/{made['user']['id']}"
    again = admin.post(f"{path}/password").get_json()
    admin.call("PATCH", path, json={"phone": "13900001111"})
    admin.post(f"{path}/unlock")
    admin.call("PATCH", path, json={"active": False})

    with any_site.instance.read(SYSTEM, Channel.API) as uow:
        mine = audit_entry.c.subject_id == admin.user_id
        rows = uow.conn.execute(select(audit_entry).where(mine).order_by(audit_entry.c.id)).mappings().all()
    assert [row["action"] for row in rows] == ["add", "reset_password", "edit", "unlock", "edit"]
    assert rows[4]["detail"] == {"active": False}
    written = repr(rows)
    for secret in (made["one_time_password"], again["one_time_password"], "13800005678", "13900001111"):
        assert secret not in written


@pytest.mark.parametrize(
    "change", [{"min_length": 7}, {"lock_failures": 0}, {"max_age_days": -1}, {"unknown": 1}, {}]
)
def test_the_policy_has_bounds(site: Site, change: dict[str, int]) -> None:
    admin = site.script("security_admin")
    before = admin.get("/account-policy").get_json()

    assert admin.call("PATCH", "/account-policy", json=change).status_code == 422
    assert admin.get("/account-policy").get_json() == before


def test_a_new_password_has_to_be_as_the_policy_says_and_its_owner_is_told(any_site: Site) -> None:
    any_site.user("reader")
    browser = any_site.browser("reader")
    any_site.script("security_admin").call("PATCH", "/account-policy", json={"min_length": 20})
    assert browser.get("/session/password-policy").get_json()["min_length"] == 20

    refused = browser.post("/session/password", json={"old": PASSWORD, "new": "Another-Horse-8"})

    assert (refused.status_code, refused.get_json()["details"]) == (422, {"rule": "strength"})


def test_an_old_password_leads_to_its_change(any_site: Site) -> None:
    from datetime import timedelta

    from sqlalchemy import update

    from zhenshu.security.tables import account

    any_site.user("reader")
    with any_site.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(account).values(password_changed_at=uow.at - timedelta(days=91)))

    browser = any_site.browser("reader")

    user = browser.get("/session").get_json()["user"]
    assert (user["must_change_password"], user["password_expired"]) == (True, True)
    assert browser.get("/tokens").get_json()["code"] == "PasswordChangeRequired"
    browser.post("/session/password", json={"old": PASSWORD, "new": "Another-Horse-8"})
    assert browser.get("/tokens").status_code == 200


def test_a_one_time_password_is_no_old_one(site: Site) -> None:
    with site.instance.write(SYSTEM, Channel.API) as uow:
        secret = create_user(uow, "wang", "reader").one_time_password or ""

    assert site.browser("wang", secret).get("/session").get_json()["user"]["password_expired"] is False


def test_asking_how_long_the_login_lasts_does_not_make_it_last(any_site: Site) -> None:
    from tests.zhenshu.web.test_session import last_seen

    any_site.user("reader")
    browser = any_site.browser("reader")
    last_seen(any_site, minutes_ago=29)

    assert 0 < browser.get("/session/idle").get_json()["seconds_left"] <= 60
    assert 0 < browser.get("/session/idle").get_json()["seconds_left"] <= 60
    browser.get("/session")
    assert browser.get("/session/idle").get_json()["seconds_left"] > 1700


def test_a_token_has_no_idle_end(site: Site) -> None:
    assert site.script("reader").get("/session/idle").get_json() == {"seconds_left": None}
