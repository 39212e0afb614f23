"""Cookies and tokens that were altered, planted, mixed or read from the database open nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.attack.bodies import body_of
from tests.attack.castle import Castle, address, code_of, endpoints, route_name
from tests.attack.unchanged import unchanged
from tests.attack.ward import CODE
from tests.site import PASSWORD, Caller
from zhenshu.security.tables import api_token, login_session
from zhenshu.web.api import PUBLIC

COOKIE = "zhenshu_session"
TOKENS = next(endpoint for endpoint in endpoints() if route_name(endpoint) == "POST /tokens")
PATIENTS = f"/databases/{CODE}/records/patient"


def altered(value: str) -> Iterator[str]:
    """Near misses of a secret, and what lenient readers take for the same."""
    for at in (0, 4, len(value) // 2, len(value) - 1):
        other = "A" if value[at] != "A" else "B"
        yield value[:at] + other + value[at + 1 :]
    yield value[:-1]
    yield value + "A"
    yield value + "="
    yield value.swapcase()
    yield value.replace("_", "-") + "%00"
    yield f'"{value}x"'
    yield f"{value};{value}"
    yield value[: len(value) // 2]
    yield "zst_"
    yield "null"
    yield "0"


def of_token(castle: Castle, value: str) -> Caller:
    return Caller(castle.site.app, {"Authorization": f"Bearer {value}"})


def of_cookie(castle: Castle, value: str) -> Caller:
    caller = castle.site.stranger()
    caller.client.set_cookie(COOKIE, value)
    return caller


def test_no_near_miss_of_a_token_or_cookie_opens_anything(castle: Castle) -> None:
    token = castle.person("research_admin").caller.headers["Authorization"].removeprefix("Bearer ")
    cookie = castle.browser("research_admin").cookie
    assert of_token(castle, token).get(PATIENTS).status_code == 200
    assert of_cookie(castle, cookie).get(PATIENTS).status_code == 200

    for wrong in altered(token):
        assert of_token(castle, wrong).get(PATIENTS).status_code == 401, wrong
    for wrong in altered(cookie):
        assert of_cookie(castle, wrong).get(PATIENTS).status_code == 401, wrong


def test_what_the_database_holds_is_no_secret_that_signs_in(castle: Castle) -> None:
    castle.person("research_admin")
    browser = castle.browser("research_admin")
    with castle.instance.engine.connect() as conn:
        rows = [*conn.execute(select(api_token)), *conn.execute(select(login_session))]
    values = [value for row in rows for value in row if isinstance(value, str | bytes) and len(value) > 8]
    assert len(values) >= 2

    for value in values:
        text = value if isinstance(value, str) else value.hex()
        for guess in (text, f"zst_{text}"):
            assert of_token(castle, guess).get(PATIENTS).status_code == 401
            assert of_cookie(castle, guess).get(PATIENTS).status_code == 401
    assert browser.get(PATIENTS).status_code == 200


def test_a_cookie_is_no_token_and_a_token_no_cookie(castle: Castle) -> None:
    """Else a stolen cookie would do without the CSRF token."""
    browser = castle.browser("research_admin")
    token = castle.person("research_admin").caller.headers["Authorization"].removeprefix("Bearer ")

    assert of_token(castle, browser.cookie).get(PATIENTS).status_code == 401
    assert of_token(castle, browser.headers["X-CSRF-Token"]).get(PATIENTS).status_code == 401
    assert of_cookie(castle, token).get(PATIENTS).status_code == 401
    assert of_cookie(castle, browser.headers["X-CSRF-Token"]).get(PATIENTS).status_code == 401


@pytest.mark.parametrize("place", ["query", "body", "form", "other header"])
def test_a_token_counts_in_its_header_alone(castle: Castle, place: str) -> None:
    """In an address it would be in histories and in the logs of proxies."""
    token = castle.person("research_admin").caller.headers["Authorization"].removeprefix("Bearer ")
    ways = {
        "query": {"query_string": {"access_token": token, "token": token, "authorization": token}},
        "body": {"json": {"token": token}},
        "form": {"data": {"access_token": token}},
        "other header": {"headers": {"X-Api-Key": token, "X-Authorization": f"Bearer {token}"}},
    }

    assert castle.site.stranger().call("GET", PATIENTS, **ways[place]).status_code == 401


@pytest.mark.parametrize("scheme", ["Basic", "Digest", "Negotiate", "Token", "JWT", ""])
def test_only_bearer_is_a_scheme(castle: Castle, scheme: str) -> None:
    token = castle.person("research_admin").caller.headers["Authorization"].removeprefix("Bearer ")
    caller = Caller(castle.site.app, {"Authorization": f"{scheme} {token}".strip()})

    assert caller.get(PATIENTS).status_code == 401


def test_a_login_takes_no_cookie_that_was_there_before(castle: Castle) -> None:
    """Session fixation: not one that is made up, and not that of another's login."""
    attacker, victim = castle.browser("reader"), castle.site.stranger()
    castle.site.user("research_admin", "victim")
    planted = attacker.cookie
    victim.client.set_cookie(COOKIE, planted)

    signed_in = victim.post("/session", json={"name": "victim", "password": PASSWORD})

    assert signed_in.status_code == 201 and victim.cookie not in ("", planted)
    assert of_cookie(castle, planted).get("/session").status_code in (200, 401)
    seen = of_cookie(castle, planted).get("/session").get_json()
    assert seen.get("user", {}).get("name") != "victim"


def test_the_csrf_token_of_another_login_of_the_same_user_does_not_count(castle: Castle) -> None:
    castle.site.user("research_admin", "two")
    one, other = castle.site.browser("two"), castle.site.browser("two")
    one.headers["X-CSRF-Token"] = other.headers["X-CSRF-Token"]

    assert code_of(one.post("/tokens", json=body_of(TOKENS))) == "CsrfFailed"


def test_looking_as_another_changes_nothing_anywhere(castle: Castle) -> None:
    """Every address that may change something refuses the other's eyes before it reads what was sent."""
    reader = castle.person("reader").caller
    eyes = {"X-View-As": str(reader.user_id), "Content-Type": "application/json"}
    for role in ("research_admin", "security_admin"):
        person = castle.person(role).caller
        with unchanged(castle):
            for endpoint in endpoints():
                if endpoint.needs is not PUBLIC and not endpoint.only_reads:
                    response = person.call(endpoint.method, address(endpoint), data=b"{}", headers=eyes)
                    told = response.status_code, code_of(response)
                    assert told == (403, "ViewAsReadOnly"), (route_name(endpoint), told)


def test_other_eyes_do_not_reach_what_is_the_others_own(castle: Castle) -> None:
    """One looks at data as the other sees them, and not into the other's tokens, jobs and notices."""
    admin, other = castle.person("research_admin"), castle.person("researcher")
    file = other.upload("own.csv", "no\n1\n")
    token = other.get("/tokens")["items"][0]
    eyes = {"X-View-As": str(other.caller.user_id)}

    assert admin.caller.get(f"/files/{file}", headers=eyes).status_code == 404
    seen = admin.caller.get("/tokens", headers=eyes)
    assert seen.status_code in (200, 403)
    assert token not in (seen.get_json().get("items") or [])
    assert "own.csv" not in admin.caller.get("/jobs", headers=eyes).text
