"""Signing in by the directory: its password alone opens, and nothing of it is kept here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.servers import free_port
from tests.site import PASSWORD as LOCAL
from tests.site import Site
from tests.slapd import CT, PASSWORD, DirectoryServer
from zhenshu.audit import audit_entry
from zhenshu.notices import list_notices
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import change_user, create_user, reset_password
from zhenshu.security.passwords import hash_password
from zhenshu.security.people import find_user, list_users, users
from zhenshu.security.tables import account, password_history


def sign_in(site: Site, name: str, password: str = PASSWORD) -> TestResponse:
    return site.stranger().post("/session", json={"name": name, "password": password})


def outcome(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.get_json().get("code", "")


def known(site: Site, name: str = "wang") -> int:
    """A user of the directory who was made here beforehand."""
    with site.instance.write(SYSTEM, Channel.API) as uow:
        return create_user(uow, name, "reader", directory=True).user.id


def state(site: Site, name: str = "wang") -> Any:
    with site.instance.read(SYSTEM, Channel.API) as uow:
        return find_user(uow, name)


def test_a_known_user_signs_in_with_the_password_of_the_directory(
    hospital: Site, directory: DirectoryServer
) -> None:
    directory.add("wang", cn="王芳", mobile="138 0000 5678")
    known(hospital)

    response = sign_in(hospital, " WANG ")

    assert outcome(response) == (201, "")
    user = response.get_json()["user"]
    assert (user["display_name"], user["directory"], user["must_change_password"]) == ("王芳", True, False)
    assert state(hospital).phone == "138****5678"


def test_a_wrong_password_an_unknown_name_and_an_empty_one_read_alike(
    hospital: Site, directory: DirectoryServer
) -> None:
    directory.add("wang")
    known(hospital)

    assert outcome(sign_in(hospital, "wang", "wrong")) == (401, "WrongPassword")
    assert outcome(sign_in(hospital, "nobody")) == (401, "WrongPassword")
    assert sign_in(hospital, "wang", "").status_code == 422


def test_five_failures_lock_a_name_of_the_directory_too(hospital: Site, directory: DirectoryServer) -> None:
    directory.add("wang")
    known(hospital)
    for _ in range(5):
        sign_in(hospital, "wang", "wrong")

    assert outcome(sign_in(hospital, "wang")) == (429, "TooManyAttempts")


def test_nothing_of_the_password_is_kept(hospital: Site, directory: DirectoryServer) -> None:
    directory.add("wang")
    known(hospital)
    sign_in(hospital, "wang")

    with hospital.instance.read(SYSTEM, Channel.API) as uow:
        assert uow.conn.scalars(select(users.c.password)).all() == ["!"]
        assert uow.conn.scalars(select(password_history.c.id)).all() == []

    directory.set_password("wang", "Another-Horse-8")
    assert outcome(sign_in(hospital, "wang")) == (401, "WrongPassword")
    assert outcome(sign_in(hospital, "wang", "Another-Horse-8")) == (201, "")


def test_a_password_from_here_opens_no_account_of_the_directory(
    hospital: Site, directory: DirectoryServer
) -> None:
    directory.add("wang")
    user_id = known(hospital)
    with hospital.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(users).where(users.c.id == user_id).values(password=hash_password(LOCAL)))

    assert outcome(sign_in(hospital, "wang", LOCAL)) == (401, "WrongPassword")


def test_a_password_of_the_directory_opens_no_account_from_here(
    hospital: Site, directory: DirectoryServer
) -> None:
    directory.add("reader")
    hospital.user("reader")

    assert outcome(sign_in(hospital, "reader")) == (401, "WrongPassword")
    assert outcome(sign_in(hospital, "reader", LOCAL)) == (201, "")


def test_without_the_directory_its_users_stay_out(new_site: Callable[..., Site]) -> None:
    site = new_site()
    known(site)

    assert outcome(sign_in(site, "wang", "!")) == (401, "WrongPassword")


def test_whoever_is_in_a_group_gets_an_account_by_its_template(
    hospital: Site, directory: DirectoryServer
) -> None:
    directory.put_into(CT, directory.add("li", cn="李 (CT) *", mobile="13900001234"))
    admin = hospital.user("hospital_admin")

    response = sign_in(hospital, "Li")

    assert outcome(response) == (201, "")
    user = state(hospital, "li")
    assert (user.display_name, user.roles, user.language) == ("李 (CT) *", ("reader",), "en")
    assert user.directory and user.expires_at is not None and user.phone == "139****1234"
    with hospital.instance.read(SYSTEM, Channel.API) as uow:
        assert [notice.kind for notice in list_notices(uow, admin)] == ["account.made"]
    assert outcome(sign_in(hospital, "li")) == (201, "")


def test_whoever_is_in_no_group_is_told_that_they_have_no_account(
    hospital: Site, directory: DirectoryServer
) -> None:
    directory.add("zhao")

    for _ in range(6):  # it is no guess, and locks nobody
        assert outcome(sign_in(hospital, "zhao")) == (403, "NotAdmitted")
    assert outcome(sign_in(hospital, "zhao", "wrong")) == (401, "WrongPassword")


def test_where_only_known_users_sign_in_others_are_not_even_asked_for(
    closed_hospital: Site, directory: DirectoryServer
) -> None:
    directory.put_into(CT, directory.add("li"))

    assert outcome(sign_in(closed_hospital, "li")) == (401, "WrongPassword")
    assert outcome(sign_in(closed_hospital, "li", "wrong")) == (401, "WrongPassword")


def test_a_disabled_account_stays_disabled(hospital: Site, directory: DirectoryServer) -> None:
    directory.put_into(CT, directory.add("li"))
    sign_in(hospital, "li")
    user_id = state(hospital, "li").id
    with hospital.instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, user_id, active=False)

    assert outcome(sign_in(hospital, "li")) == (401, "WrongPassword")
    directory.rename("li", "liping")  # nor does a new name make a new account
    assert outcome(sign_in(hospital, "liping")) == (401, "WrongPassword")


def test_somebody_renamed_keeps_the_account(hospital: Site, directory: DirectoryServer) -> None:
    directory.put_into(CT, directory.add("li"))
    first = sign_in(hospital, "li").get_json()["user"]["id"]
    directory.rename("li", "liping")

    assert sign_in(hospital, "liping").get_json()["user"]["id"] == first
    assert state(hospital, "liping").id == first


def test_a_name_given_to_another_person_does_not_open_the_old_account(
    hospital: Site, directory: DirectoryServer
) -> None:
    directory.add("wang")
    known(hospital)
    sign_in(hospital, "wang")
    directory.remove("wang")
    directory.add("wang")

    assert outcome(sign_in(hospital, "wang")) == (401, "WrongPassword")


@pytest.mark.parametrize(
    "name", ["*", "wan*", "wang)(uid=*", "w\\61ng", "wang)(|(uid=*)", "uid=wang", "wäng"]
)
def test_a_name_is_never_read_as_a_filter(hospital: Site, directory: DirectoryServer, name: str) -> None:
    directory.put_into(CT, directory.add("wang"))

    assert outcome(sign_in(hospital, name)) == (401, "WrongPassword")
    with hospital.instance.read(SYSTEM, Channel.API) as uow:
        assert list_users(uow) == []


def test_a_name_that_two_have_is_nobodys(hospital: Site, directory: DirectoryServer) -> None:
    directory.add("wang")
    directory.add("li")
    directory.also_called("li", "wang")
    known(hospital)

    assert outcome(sign_in(hospital, "wang")) == (401, "WrongPassword")


def test_an_outage_is_no_failure_and_leaves_the_accounts_from_here_alone(
    new_site: Callable[..., Site], settings: dict[str, Any]
) -> None:
    site = new_site(**settings | {"directory_urls": f"ldaps://127.0.0.1:{free_port()}"})
    known(site)
    site.user("hospital_admin")

    for _ in range(7):
        assert outcome(sign_in(site, "wang")) == (503, "DirectoryUnavailable")
    assert outcome(sign_in(site, "hospital_admin", LOCAL)) == (201, "")


def test_the_second_server_answers_for_the_first(
    new_site: Callable[..., Site], settings: dict[str, Any], directory: DirectoryServer
) -> None:
    directory.add("wang")
    urls = f"ldaps://127.0.0.1:{free_port()} {directory.tls_url}"
    site = new_site(**settings | {"directory_urls": urls})
    known(site)

    assert outcome(sign_in(site, "wang")) == (201, "")


def test_the_second_factor_is_asked_for_as_of_everybody(hospital: Site, directory: DirectoryServer) -> None:
    directory.add("wang")
    known(hospital)
    browser = hospital.browser("wang", PASSWORD)

    wrong = browser.post("/session/second-factor", json={"password": "wrong"})
    right = browser.post("/session/second-factor", json={"password": PASSWORD})

    assert outcome(wrong) == (403, "OldPasswordWrong")
    assert right.status_code == 200


def test_the_password_is_changed_in_the_directory_alone(hospital: Site, directory: DirectoryServer) -> None:
    directory.add("wang")
    user_id = known(hospital)
    browser = hospital.browser("wang", PASSWORD)
    hospital.user("hospital_admin")
    admin = hospital.browser("hospital_admin")

    own = browser.post("/session/password", json={"old": PASSWORD, "new": "Another-Horse-8"})
    reset = admin.post(f"/users/{user_id}/password")

    assert outcome(own) == (409, "DirectoryPassword")
    assert outcome(reset) == (409, "DirectoryPassword")


def test_an_account_moves_to_the_directory_and_back(hospital: Site, directory: DirectoryServer) -> None:
    directory.add("reader")
    user_id = hospital.user("reader")
    hospital.user("hospital_admin")
    admin = hospital.browser("hospital_admin")
    old = hospital.browser("reader", LOCAL)

    admin.call("PATCH", f"/users/{user_id}", json={"directory": True})
    assert old.get("/session").status_code == 401
    assert outcome(sign_in(hospital, "reader", LOCAL)) == (401, "WrongPassword")
    assert outcome(sign_in(hospital, "reader")) == (201, "")

    admin.call("PATCH", f"/users/{user_id}", json={"directory": False})
    assert outcome(sign_in(hospital, "reader")) == (401, "WrongPassword")
    with hospital.instance.write(SYSTEM, Channel.API) as uow:
        secret = reset_password(uow, user_id).one_time_password
    assert secret is not None
    assert outcome(sign_in(hospital, "reader", secret)) == (201, "")


def test_no_log_and_no_entry_of_the_trail_holds_a_password(
    hospital: Site, directory: DirectoryServer, caplog: pytest.LogCaptureFixture
) -> None:
    directory.put_into(CT, directory.add("li"))
    caplog.set_level(logging.DEBUG)

    sign_in(hospital, "li")
    sign_in(hospital, "li", "Wrong-Secret-9")

    with hospital.instance.read(SYSTEM, Channel.API) as uow:
        entries = repr(uow.conn.execute(select(audit_entry)).all())
        kept = repr(uow.conn.execute(select(account)).all())
    for secret in (PASSWORD, "Wrong-Secret-9"):
        assert secret not in entries + kept + caplog.text
