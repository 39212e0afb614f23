"""What is typed where it does not belong, as a patient's name into a path, is in no log and stays nowhere."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import MetaData, select
from werkzeug.test import TestResponse

from tests.attack.bodies import body_of, query_of
from tests.attack.castle import Castle, address, endpoints, route_name
from tests.attack.ward import CODE, PATIENT, leaks
from tests.site import Caller
from zhenshu import logs
from zhenshu.instance import Instance
from zhenshu.security.roles import ROLES
from zhenshu.web.api import PUBLIC, Endpoint

NAME, NUMBER = str(PATIENT["name"]), str(PATIENT["id_card"])
ROUTES = list(endpoints())
JSON = {"Content-Type": "application/json"}

# Tables that only ever grow: what got in is there for good.
FOR_GOOD = ("audit_entry", "audit_patient", "revision", "outbox_event", "job_log")
# What people write about an act, and names that they give, are kept as they are: whoever writes them knows.
WRITTEN = ("reason", "remark", "note", "name", "label", "description", "title")


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    logs.configure(logging.DEBUG, stream)
    return stream


def caller_of(castle: Castle, endpoint: Endpoint) -> Caller:
    """One who may call it, or a stranger."""
    if endpoint.needs is PUBLIC:
        return castle.site.stranger()
    permits = (role for role in ROLES if endpoint.needs is None or endpoint.needs in role.permissions)
    return castle.person(next(permits).name).caller


def spoilt(value: Any, name: str = "") -> Any:
    """The same with a canary for every text that means something to the program."""
    match value:
        case str():
            return value if name in WRITTEN else NAME
        case Mapping():
            return {key: spoilt(inner, key) for key, inner in value.items()} | {NAME: NUMBER}
        case list():
            return [spoilt(inner, name) for inner in value] or [NAME]
    return NUMBER


def one_by_one(body: Mapping[str, Any]) -> Iterator[Any]:
    """The body with one of its texts spoilt, so that some get past the schema; then all of it."""
    for key, value in body.items():
        if isinstance(value, str) and key not in WRITTEN:
            yield {**body, key: NAME}
    yield spoilt(body)
    yield NAME


# Not X-Request-Id: it is what a proxy calls the request, to find it in both logs.
HEADERS = (
    "User-Agent",
    "X-Forwarded-For",
    "X-View-As",
    "Accept-Language",
    "Referer",
    "If-None-Match",
    "Origin",
)


def tries(castle: Castle, endpoint: Endpoint) -> Iterator[TestResponse]:
    """The endpoint called with canaries in its path, query, headers and body, each by itself."""
    caller, query, body = caller_of(castle, endpoint), query_of(endpoint), body_of(endpoint)
    right = {"query_string": query} | ({} if body is None else {"json": body})

    def call(path: str = "", **options: Any) -> TestResponse:
        return caller.call(endpoint.method, path or address(endpoint), **(right | options))

    for part in ("code", "record_type", "kind", "id", "number"):
        if f"<{part}>" in endpoint.path or f"<int:{part}>" in endpoint.path:
            yield call(address(endpoint, **{part: NAME}))
    for parameter in (*endpoint.params_properties, "unknown", NAME):
        yield call(query_string={**query, parameter: NAME})
    for header in HEADERS:
        yield call(headers={header: NAME.encode().decode("latin-1")})
        yield call(headers={header: NUMBER})
    if body is not None:
        for sent in one_by_one(body):
            yield call(json=sent)
        yield call(json=None, data=json.dumps(body)[:-1] + NAME, headers=JSON)
        yield call(json=None, data=NAME.encode("gb18030"), headers=JSON)


def kept(instance: Instance) -> list[str]:
    """Rows with a canary in the tables that only grow."""
    with instance.engine.connect() as conn:
        found = MetaData()
        found.reflect(conn)
        rows = [f"{name}: {row}" for name in FOR_GOOD for row in conn.execute(select(found.tables[name]))]
        return [row for row in rows if leaks(row)]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_nothing_typed_into_a_wrong_place_is_logged_or_kept_for_good(
    castle: Castle, log: io.StringIO, method: str
) -> None:
    for endpoint in ROUTES:
        if endpoint.method == method:
            for response in tries(castle, endpoint):
                assert response.status_code < 500, (route_name(endpoint), response.text)
                assert NAME not in str(response.headers), route_name(endpoint)
    assert leaks(log.getvalue()) == []
    assert kept(castle.instance) == []
    assert log.getvalue()


def test_a_name_that_signs_in_is_logged_nowhere(castle: Castle, log: io.StringIO) -> None:
    """Somebody types what the clipboard holds: into the log it does not get."""
    for body in ({"name": NAME, "password": NUMBER}, {"name": NUMBER, "password": NAME}):
        assert castle.site.stranger().post("/session", json=body).status_code == 401
    assert leaks(log.getvalue()) == []


def test_pages_outside_the_api_say_nothing_back(castle: Castle, log: io.StringIO) -> None:
    for path in (f"/{NAME}", f"/databases/{NAME}/data/patient", f"/healthz?{NAME}", f"/{CODE}?q={NUMBER}"):
        response = castle.site.stranger().client.get(path)
        assert response.status_code < 500 and leaks(response.data) == []
    assert leaks(log.getvalue()) == []
