"""Every route x everybody who may not call it: refused before anything is read or changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.attack.castle import Castle, address, code_of, endpoints, route_name
from tests.attack.routes import declared, expected
from tests.attack.unchanged import unchanged
from tests.site import Caller
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.roles import BY_NAME, ROLES, RoleSpec
from zhenshu.security.subjects import users
from zhenshu.security.tables import account, api_token, login_session
from zhenshu.web.api import PUBLIC

ROUTES = list(endpoints())
CLOSED = [endpoint for endpoint in ROUTES if endpoint.needs is not PUBLIC]
CHANGING = [endpoint for endpoint in CLOSED if not endpoint.is_safe]
JSON = {"Content-Type": "application/json"}


def test_the_table_of_who_may_call_what_is_the_one_that_was_read() -> None:
    """A new route, or one that more people may call, fails here until somebody looked at it."""
    now, before = declared(), expected()

    assert {route: who for route, who in now.items() if before.get(route) != who} == {}
    assert set(before) == set(now), "run `python -m tests.attack.routes` and read the difference"


def test_no_route_that_changes_something_is_a_get() -> None:
    assert {endpoint.method for endpoint in ROUTES if not endpoint.is_safe} <= {
        "POST", "PUT", "PATCH", "DELETE",
    }  # fmt: skip
    assert not [endpoint.path for endpoint in ROUTES if endpoint.is_safe and endpoint.body is not None]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_is_refused_what_the_table_does_not_give_it(castle: Castle, role: RoleSpec) -> None:
    person = castle.person(role.name).caller
    with unchanged(castle):
        for endpoint in CLOSED:
            if isinstance(endpoint.needs, tuple) and endpoint.needs not in role.permissions:
                response = person.call(endpoint.method, address(endpoint), data=b"{}", headers=JSON)
                assert (response.status_code, code_of(response)) == (403, "Denied"), route_name(endpoint)


def dead(castle: Castle, how: str) -> Caller:
    """Somebody with every right until a moment ago."""
    person = castle.person("research_admin").caller
    person_id = person.user_id
    past = datetime.now(UTC) - timedelta(seconds=1)
    browser = castle.site.browser("research_admin") if how.startswith("login") else None
    if browser is not None:
        assert browser.get("/session").status_code == 200
    else:
        assert person.get("/session").status_code == 200
    changes = {
        "token expired": update(api_token).values(expires_at=past),
        "token revoked": update(api_token).values(revoked_at=past),
        "user disabled": update(users).values(active=False).where(users.c.id == person_id),
        "account ended": update(account).values(expires_at=past).where(account.c.user_id == person_id),
        "login ended": update(login_session).values(ended_at=past),
        "login expired": update(login_session).values(expires_at=past),
        "login idle": update(login_session).values(last_seen_at=past - timedelta(days=1)),
        "login of a disabled user": update(users).values(active=False).where(users.c.id == person_id),
    }
    with castle.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(changes[how])
    return browser or person


@pytest.mark.parametrize(
    "how",
    [
        "token expired", "token revoked", "user disabled", "account ended", "login ended", "login expired",
        "login idle", "login of a disabled user",
    ],
)  # fmt: skip
def test_who_lost_the_right_to_come_in_is_nobody_everywhere(castle: Castle, how: str) -> None:
    caller = dead(castle, how)
    with unchanged(castle):
        for endpoint in CLOSED:
            response = caller.call(endpoint.method, address(endpoint), data=b"{}", headers=JSON)
            assert (response.status_code, code_of(response)) == (401, "NotSignedIn"), route_name(endpoint)


def test_who_must_change_the_password_first_can_do_nothing_else(castle: Castle) -> None:
    person = castle.person("research_admin").caller
    assert person.get("/databases").status_code == 200
    browser = castle.site.browser("research_admin")
    with castle.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(account).values(must_change_password=True))
    waiting = [endpoint for endpoint in CLOSED if not endpoint.before_password_change]
    open_to_them = [endpoint for endpoint in CLOSED if endpoint.before_password_change]

    assert [route_name(endpoint) for endpoint in open_to_them if endpoint.needs is not None] == []
    with unchanged(castle):
        for endpoint in waiting:
            response = browser.call(endpoint.method, address(endpoint), data=b"{}", headers=JSON)
            assert (response.status_code, code_of(response)) == (403, "PasswordChangeRequired")


def test_nothing_is_changed_by_a_cookie_alone(castle: Castle) -> None:
    """What another site's page can make a browser send: the cookie, any body a form can carry, no header."""
    every = castle.browser("research_admin"), castle.browser("hospital_admin")
    with unchanged(castle):
        for browser in every:
            token = browser.headers.pop("X-CSRF-Token")
            role = browser.get("/session").get_json()["user"]["permissions"]
            for endpoint in CHANGING:
                if isinstance(endpoint.needs, tuple) and ":".join(endpoint.needs) not in role:
                    continue
                for headers in forgeries(token):
                    response = browser.call(endpoint.method, address(endpoint), data=b"{}", headers=headers)
                    told = response.status_code, code_of(response)
                    assert told == (403, "CsrfFailed"), route_name(endpoint)


def forgeries(token: str) -> Iterator[dict[str, str]]:
    yield {"Content-Type": "text/plain", "Origin": "https://evil.example"}
    yield JSON | {"X-CSRF-Token": token[::-1]}
    yield JSON | {"X-CSRFToken": token, "X-XSRF-TOKEN": token, "Cookie2": f"csrf={token}"}


def test_the_token_in_the_address_or_the_body_does_not_count(castle: Castle) -> None:
    browser = castle.browser("research_admin")
    token = browser.headers.pop("X-CSRF-Token")

    for options in ({"query_string": {"csrf_token": token}}, {"json": {"name": "x", "csrf_token": token}}):
        assert code_of(browser.post("/tokens", **options)) == "CsrfFailed"


def test_a_bearer_token_is_proof_enough_since_no_browser_sends_it_by_itself(castle: Castle) -> None:
    person = castle.person("reader").caller

    assert person.post("/tokens", json={"name": "mine"}).status_code == 201


def test_a_wrong_bearer_token_is_not_made_up_for_by_a_good_cookie(castle: Castle) -> None:
    """Else a page could drop the CSRF token by adding a header that nobody checks."""
    browser = castle.browser("research_admin")

    response = browser.post(
        "/tokens", json={"name": "x"}, headers={"Authorization": "Bearer zst_" + "A" * 43}
    )

    assert response.status_code == 401


OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def test_no_header_or_parameter_turns_a_method_into_another(castle: Castle) -> None:
    admin = castle.person("research_admin").caller
    record = "/databases/ward/records/patient/1"
    with unchanged(castle):
        for name in OVERRIDES:
            assert admin.get(record, headers={name: "DELETE"}).status_code == 200
        for parameter in ("_method", "method", "X-HTTP-Method-Override"):
            assert code_of(admin.get(record, query_string={parameter: "DELETE"})) == "NotValid"


@pytest.mark.parametrize("headers", [{"X-Original-URL": "/api/v1/users"}, {"X-Rewrite-URL": "/api/v1/users"}])
def test_no_header_turns_an_address_into_another(castle: Castle, headers: dict[str, str]) -> None:
    response = castle.person("reader").caller.get("/session", headers=headers)

    assert response.get_json()["user"]["name"] == "reader"


def variants(path: str) -> Iterator[str]:
    """Other spellings that a careless server takes for the same address."""
    yield path + "/"
    yield path.replace("/", "//", 1)
    yield path.upper()
    yield path + "%00"
    yield path + ";x=1"
    yield "/./" + path.lstrip("/")
    yield path + ".json"


def test_no_other_spelling_of_an_address_gets_past_its_guard(castle: Castle) -> None:
    reader = castle.person("reader").caller
    for endpoint in CLOSED:
        if isinstance(endpoint.needs, tuple) and endpoint.needs not in BY_NAME["reader"].permissions:
            for path in variants(address(endpoint)):
                response = reader.call(endpoint.method, path, data=b"{}", headers=JSON)
                assert response.status_code in (401, 403, 404, 405), (endpoint.method, path)


def test_other_methods_of_an_address_are_refused(castle: Castle) -> None:
    """HEAD, OPTIONS and TRACE of a route tell and do nothing; a wrong method is none."""
    stranger = castle.site.stranger()
    for endpoint in CLOSED:
        for method in ("HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"):
            response = stranger.call(method, address(endpoint))
            assert response.status_code in (401, 404, 405), (method, endpoint.path)
            assert method == "OPTIONS" or not response.data or response.is_json
