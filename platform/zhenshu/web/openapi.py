"""The OpenAPI 3.1 document, made from the endpoints' declarations and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from inspect import cleandoc
from typing import Any

from zhenshu.errors import DatabaseBusy, DiskFull, NotFound, ZhenshuError
from zhenshu.security.policy import Denied
from zhenshu.web.api import Api
from zhenshu.web.authentication import COOKIE, CSRF_HEADER
from zhenshu.web.declarations import Endpoint, Media, Payload
from zhenshu.web.dispatch import PREFIX, operation_id
from zhenshu.web.errors import (
    CsrfFailed,
    Malformed,
    NoSuchAddress,
    NotSignedIn,
    NotValid,
    PasswordChangeRequired,
    TooLarge,
    Unexpected,
    UnsupportedMedia,
)
from zhenshu.web.schemas import ERROR, ID, TEXT, Schema

_PATH_PART = re.compile(r"<(?:(?P<converter>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_ERROR_BODY = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


def openapi_document(apis: Iterable[type[Api]]) -> dict[str, Any]:
    """The whole document. Texts are Chinese in `summary` and English in `description`."""
    paths: dict[str, dict[str, Any]] = {}
    for api in apis:
        for endpoint in api.endpoints():
            methods = paths.setdefault(PREFIX + _path(endpoint), {})
            methods[endpoint.method.lower()] = _operation(api, endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "诊枢 Zhenshu", "version": version("zhenshu"), "description": _INTRODUCTION},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": {"Error": ERROR}, "securitySchemes": _SECURITY_SCHEMES},
    }


_INTRODUCTION = (
    "Sign in by POST /api/v1/session; the answer sets a cookie and gives a CSRF token, which every request "
    f"but GET must send as {CSRF_HEADER}. Scripts send `Authorization: Bearer <token>` instead, without a "
    "CSRF token. Texts may hold every character but NUL. `Accept-Language: zh` or `en` chooses the language "
    "of messages."
)

_SECURITY_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
    "token": {"type": "http", "scheme": "bearer"},
}


def _path(endpoint: Endpoint) -> str:
    return _PATH_PART.sub(lambda match: "{" + match["name"] + "}", endpoint.path)


def _operation(api: type[Api], endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": operation_id(api, endpoint),
        "tags": [api.__name__],
        "summary": endpoint.summary["zh"],
        "description": _description(endpoint),
        "parameters": [
            *_path_parameters(endpoint),
            *_query_parameters(endpoint),
            *_header_parameters(endpoint),
        ],
        "responses": _responses(endpoint),
        "security": _security(endpoint),
    }
    if endpoint.body is not None:
        operation["requestBody"] = _request_body(endpoint.body)
    return operation


def _description(endpoint: Endpoint) -> str:
    lines = [endpoint.summary["en"]]
    if isinstance(endpoint.needs, tuple):
        lines.append("Needs the permission `{}` on `{}`.".format(*endpoint.needs))
    if endpoint.function.__doc__:
        lines.append(cleandoc(endpoint.function.__doc__))
    return "\n\n".join(lines)


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": part["name"], "in": "path", "required": True, "schema": _path_schema(part["converter"])}
        for part in _PATH_PART.finditer(endpoint.path)
    ]


def _path_schema(converter: str | None) -> Schema:
    if converter == "int":
        return ID
    return TEXT if converter == "path" else {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    required = endpoint.params.get("required", ()) if endpoint.params else ()
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in endpoint.params_properties.items()
    ]


def _header_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    if not endpoint.etag:
        return []
    return [{"name": "If-None-Match", "in": "header", "required": False, "schema": TEXT}]


def _request_body(body: Schema | Payload) -> dict[str, Any]:
    if isinstance(body, Payload):
        part: Schema = {"type": "string", "format": "binary"}
        schema: Schema = {"type": "object", "properties": {"file": part}, "required": ["file"]}
        return {"required": True, "content": {body.value: {"schema": schema}}}
    return {"required": "default" not in body, "content": {"application/json": {"schema": body}}}


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    responses = {str(status): _success(body) for status, body in endpoint.returns.items()}
    if endpoint.etag:
        responses["304"] = {"description": "Not changed since the ETag in If-None-Match"}
    by_status: dict[int, list[type[ZhenshuError]]] = {}
    for error in dict.fromkeys([*_usual_errors(endpoint), *endpoint.errors]):
        by_status.setdefault(error.status, []).append(error)
    failures = {str(status): _failure(errors) for status, errors in by_status.items()}
    return dict(sorted((responses | failures).items()))


def _success(body: Schema | Media | None) -> dict[str, Any]:
    if body is None:
        return {"description": "Done"}
    if isinstance(body, Media):
        return {"description": "Done", "content": {body.type: {}}}
    return {"description": "Done", "content": {"application/json": {"schema": body}}}


def _failure(errors: Sequence[type[ZhenshuError]]) -> dict[str, Any]:
    texts = [f"`{error.code()}`: {_first_line(error)}" for error in errors]
    return {"description": "\n\n".join(texts), "content": _ERROR_BODY}


def _first_line(error: type[ZhenshuError]) -> str:
    return cleandoc(error.__doc__ or "").splitlines()[0]


def _usual_errors(endpoint: Endpoint) -> list[type[ZhenshuError]]:
    """What the door may answer before and after the handler runs."""
    errors: list[type[ZhenshuError]] = [Malformed, NotValid, Unexpected, DatabaseBusy]
    if not endpoint.is_public:
        errors += [NotSignedIn, PasswordChangeRequired, Denied]
    if not endpoint.is_public and not endpoint.is_safe:
        errors.append(CsrfFailed)
    if "<" in endpoint.path:
        errors += [NotFound, NoSuchAddress]
    if endpoint.body is not None:
        errors += [UnsupportedMedia, TooLarge]
    if not endpoint.is_safe:
        errors.append(DiskFull)
    return errors


def _security(endpoint: Endpoint) -> list[Mapping[str, list[str]]]:
    if endpoint.is_public:
        return []
    cookie: dict[str, list[str]] = {"session": []} if endpoint.is_safe else {"session": [], "csrf": []}
    return [cookie, {"token": []}]
