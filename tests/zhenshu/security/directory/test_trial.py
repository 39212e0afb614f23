"""Trying a login: each step as the directory answers it, nothing changed, and no faster way to guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.servers import free_port
from tests.site import Caller, Site
from tests.slapd import BASE, CT, PASSWORD, SERVICE_PASSWORD, DirectoryServer
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user
from zhenshu.security.directory.opened import check_directory
from zhenshu.security.people import list_users


@pytest.fixture
def admin(hospital: Site) -> Caller:
    return hospital.script("hospital_admin")


def trial(caller: Caller, name: str, password: str = "") -> dict[str, Any]:
    response = caller.post("/directory/trial", json={"name": name, "password": password})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    return answer


def test_it_tells_the_entry_the_groups_and_the_account_that_would_be_made(
    hospital: Site, directory: DirectoryServer, admin: Caller
) -> None:
    directory.put_into(CT, directory.add("li", cn="李雷", mobile="13900001234"))

    told = trial(admin, "LI", PASSWORD)

    assert told["entry"] == {
        "dn": f"uid=li,ou=people,{BASE}", "name": "li", "display_name": "李雷", "phone": "139****1234",
    }  # fmt: skip
    assert (told["groups"], told["template"], told["password"]) == ([CT], "CT", True)
    assert (told["outcome"], told["failures"]) == ("makes_account", [])
    with hospital.instance.read(SYSTEM, Channel.API) as uow:
        assert [user.name for user in list_users(uow)] == ["hospital_admin"]


def test_each_outcome_has_its_word(hospital: Site, directory: DirectoryServer, admin: Caller) -> None:
    for name in ("wang", "zhao", "reader"):
        directory.add(name)
    hospital.user("reader")
    with hospital.instance.write(SYSTEM, Channel.API) as uow:
        create_user(uow, "wang", "reader", directory=True)

    assert trial(admin, "wang")["outcome"] == "signs_in"
    assert trial(admin, "wang")["password"] is None
    assert trial(admin, "wang", "wrong")["outcome"] == "wrong_password"
    assert trial(admin, "zhao")["outcome"] == "no_account"
    assert trial(admin, "reader")["outcome"] == "local_account"
    assert trial(admin, "nobody")["outcome"] == "not_found"


def test_guessing_locks_the_name_as_at_the_login(
    hospital: Site, directory: DirectoryServer, admin: Caller
) -> None:
    directory.add("wang")
    for _ in range(5):
        trial(admin, "wang", "wrong")

    assert admin.post("/directory/trial", json={"name": "wang", "password": PASSWORD}).status_code == 429


def test_what_is_wrong_with_a_server_is_told(
    new_site: Callable[..., Site], settings: dict[str, Any], directory: DirectoryServer
) -> None:
    gone = f"ldaps://127.0.0.1:{free_port()}"
    site = new_site(**settings | {"directory_urls": f"{gone} {directory.tls_url}"})
    directory.add("wang")

    told = trial(site.script("hospital_admin"), "wang")

    assert told["failures"] == [{"server": gone, "problem": "unreachable"}]
    assert told["entry"] is not None
    assert check_directory(site.instance) == [f"{gone}: unreachable"]


def test_how_it_is_set_up_is_shown_without_the_secret(hospital: Site, admin: Caller) -> None:
    response = admin.get("/directory")

    assert response.get_json()["settings"]["templates"] == [{"group": CT, "template": "CT"}]
    assert SERVICE_PASSWORD not in response.text


def test_without_a_directory_there_is_nothing_to_try(site: Site) -> None:
    caller = site.script("hospital_admin")

    assert caller.get("/directory").get_json() == {"settings": None}
    assert caller.post("/directory/trial", json={"name": "wang"}).get_json()["code"] == "NoDirectory"
    made = caller.post("/users", json={"name": "wang", "roles": ["reader"], "directory": True})
    assert made.get_json()["code"] == "NoDirectory"


def test_the_security_administrator_sees_it_and_tries_nothing(hospital: Site) -> None:
    caller = hospital.script("security_admin")

    assert caller.get("/directory").status_code == 200
    assert caller.post("/directory/trial", json={"name": "wang"}).status_code == 403
