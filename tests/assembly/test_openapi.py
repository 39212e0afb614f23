"""The OpenAPI document is valid, complete and true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import booleans
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.assembly.house import APIS, ROOMS
from tests.metamodel.live import LUNG, Desk, make_live
from tests.site import Site
from zhenshu.jobs import bind_jobs
from zhenshu.security.roles import ROLES
from zhenshu.web.openapi import openapi_document

DOCUMENT = openapi_document(APIS)
OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def test_every_schema_in_it_is_a_json_schema() -> None:
    def check(node: Any) -> None:
        if isinstance(node, dict):
            if "schema" in node and "$ref" not in node["schema"]:
                jsonschema.Draft202012Validator.check_schema(node["schema"])
            for child in node.values():
                check(child)
        elif isinstance(node, list):
            for child in node:
                check(child)

    check(DOCUMENT)


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_has_a_text_in_both_languages_and_documents_its_refusals(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"] and operation["description"]
    if operation["security"]:
        assert {"401", "403"} <= set(operation["responses"]), (path, method)


def test_it_is_served_with_an_etag(site: Site) -> None:
    response = site.stranger().get("/openapi.json")

    assert response.get_json()["paths"] == DOCUMENT["paths"]
    assert (
        site.stranger().get("/openapi.json", headers={"If-None-Match": response.headers["ETag"]}).status_code
        == 304
    )


def test_its_page_needs_no_outside_address(site: Site) -> None:
    page = site.stranger().get("/docs")
    scripts = [
        site.stranger().get(f"/docs/{name}") for name in ("docs.js", "swagger-ui.js", "swagger-ui.css")
    ]

    assert "http:" not in page.text and "https:" not in page.text
    assert [script.status_code for script in scripts] == [200, 200, 200]


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    """All rooms, with a database that holds a record."""
    made = new_site(rooms=ROOMS)
    bind_jobs(made.instance, (kind for room in ROOMS for kind in room.jobs), wake=lambda queue, job: None)
    desk = Desk(made.instance, make_live(made.instance, LUNG))
    visit = desk.add("patient", record_id="1", sex="1").id
    desk.add_record("visit", {"on": "2026-03-05"}, parent=visit, event="baseline")
    return made


# What generated path parts are replaced by, every other time, so that requests get past the 404.
KNOWN = {"code": "lung", "record_type": "patient", "id": 1, "number": 1, "kind": "field_library"}


# How many requests of each operation somebody of a role sends: the most by those who may do the most.
EXAMPLES = {role.name: 1 for role in ROLES} | {"hospital_admin": 4, "research_admin": 4}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("role", "examples"), EXAMPLES.items())
def test_the_endpoints_behave_as_documented(
    site: Site, mode: GenerationMode, role: str, examples: int
) -> None:
    """schemathesis sends right and wrong requests and checks every answer by the document."""
    script = site.script(role)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", site.app)
    schema.config.generation.update(allow_x00=False)  # JSON Schema can't say that a text holds no NUL

    for result in schema.get_all_operations():
        assert is_true(result.ok(), mode, script.headers, examples)


def is_true(operation: Any, mode: GenerationMode, headers: dict[str, str], examples: int) -> bool:
    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=booleans())
    def check(case: Any, known: bool) -> None:
        if known and mode is GenerationMode.POSITIVE:
            case.path_parameters.update({name: KNOWN[name] for name in case.path_parameters if name in KNOWN})
        # Our token makes up for the cookies it invents; who gets in is tested in test_guards. Its way to an
        # app in the same process reads no compressed answer.
        response = case.call_and_validate(
            headers=headers | {"Accept-Encoding": "identity"},
            excluded_checks=[ignored_auth, positive_data_acceptance],
        )
        if mode is GenerationMode.POSITIVE:  # a rule beyond the schema may refuse it, the schema may not
            refusals = (b"NotValid", b"Malformed", b"UnsupportedMedia")
            assert not any(code in response.content for code in refusals)

    try:
        check()
    except Unsatisfiable:  # an operation with nothing to get wrong
        return mode is GenerationMode.NEGATIVE
    return True
