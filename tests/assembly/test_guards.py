"""Every endpoint x (nobody, wrong role): made from the route map, so that a new unguarded one fails here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from tests.assembly.house import APIS, ROOMS
from tests.site import Caller, Site
from zhenshu.security.roles import ROLES, RoleSpec
from zhenshu.web.api import PUBLIC, Endpoint

# What strangers may call. A new public endpoint must be added here by hand, with a reason.
OPEN_TO_ALL = {
    ("POST", "/session"),  # signing in
    ("GET", "/session/ways"),  # how one can
    ("POST", "/session/phone-code"),  # asking for a code to sign in with; the answer tells nothing
    ("POST", "/session/phone"),  # signing in with it
    ("GET", "/openapi.json"),  # the document describes the program, not its data
    ("GET", "/docs"),
    ("GET", "/docs/docs.js"),
    ("GET", "/docs/swagger-ui.js"),
    ("GET", "/docs/swagger-ui.css"),
}
OUTSIDE_THE_API = {"/healthz"}


def routes() -> Iterator[Endpoint]:
    for api in APIS:
        yield from api.endpoints()


def address(endpoint: Endpoint) -> str:
    path = re.sub("<int:[a-z_]+>", "1", endpoint.path)
    return re.sub("<[a-z_]+>", "any", path)


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    return new_site(rooms=ROOMS)


def test_every_address_of_the_application_is_a_declared_endpoint(site: Site) -> None:
    declared = {("/api/v1" + endpoint.path, endpoint.method) for endpoint in routes()}
    served = {
        (rule.rule, method)
        for rule in site.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
        if rule.rule not in OUTSIDE_THE_API
    }

    assert served - {("/", "GET"), ("/<page:path>", "GET")} == declared


def test_only_listed_endpoints_are_open_to_all() -> None:
    assert {(one.method, one.path) for one in routes() if one.needs is PUBLIC} == OPEN_TO_ALL


def test_nobody_gets_in_without_a_login(site: Site) -> None:
    stranger = site.stranger()
    for endpoint in routes():
        if endpoint.needs is not PUBLIC:
            response = stranger.call(endpoint.method, address(endpoint))
            assert response.status_code == 401, endpoint.path


def test_a_false_token_opens_nothing(site: Site) -> None:
    forger = Caller(site.app, {"Authorization": "Bearer zst_" + "A" * 43})
    for endpoint in routes():
        if endpoint.needs is not PUBLIC:
            assert forger.call(endpoint.method, address(endpoint)).status_code == 401, endpoint.path


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_without_the_permission_is_denied_before_anything_is_read(site: Site, role: RoleSpec) -> None:
    script = site.script(role.name)
    for endpoint in routes():
        if isinstance(endpoint.needs, tuple) and endpoint.needs not in role.permissions:
            response = script.call(endpoint.method, address(endpoint), data=b"not even JSON")
            assert (response.status_code, response.get_json()["code"]) == (403, "Denied"), endpoint.path


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_change_by_cookie_needs_the_csrf_token(site: Site, role: RoleSpec) -> None:
    site.user(role.name)
    browser = site.browser(role.name)
    browser.headers.clear()
    for endpoint in routes():
        permitted = endpoint.needs is None or endpoint.needs in role.permissions
        if permitted and endpoint.method != "GET":
            response = browser.call(endpoint.method, address(endpoint))
            assert (response.status_code, response.get_json()["code"]) == (403, "CsrfFailed"), endpoint.path
