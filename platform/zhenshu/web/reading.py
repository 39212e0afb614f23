"""Reading a request as its endpoint declares it: path, query parameters, JSON body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from zhenshu.web.declarations import Endpoint, Payload
from zhenshu.web.errors import Malformed, NoSuchAddress, UnsupportedMedia
from zhenshu.web.json import BadJson, check_text, read_json
from zhenshu.web.problems import validate
from zhenshu.web.schemas import MAX_ID, Schema

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def check_path(values: Mapping[str, Any]) -> None:
    """
    Raises:
        Malformed: when a part of the path can't be a name.
        NoSuchAddress: when it can't be an id of a database's row.
    """
    for value in values.values():
        if isinstance(value, str):
            _check(value)
        elif not 1 <= value <= MAX_ID:
            raise NoSuchAddress


def read_params(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """The query parameters, typed by their schema, with defaults.

    Raises:
        Malformed, NotValid.
    """
    properties = endpoint.params_properties
    if not properties and not request.args:
        return {}
    sent = {name: _typed(properties.get(name, {}), values) for name, values in request.args.lists()}
    validate(endpoint.params_validator, sent, "query")
    defaults = {name: schema["default"] for name, schema in properties.items() if "default" in schema}
    return defaults | sent


def _typed(schema: Schema, values: list[str]) -> Any:
    """`values` as their schema's type; what does not read as it stays text, and then fails validation."""
    for value in values:
        _check(value)
    if schema.get("type") == "array":
        return [_scalar(schema.get("items", {}), value) for value in values]
    return _scalar(schema, values[0]) if len(values) == 1 else values


def _scalar(schema: Schema, value: str) -> Any:
    match schema.get("type"):
        case "integer" if value.isascii() and value.lstrip("-").isdigit() and len(value) < 20:
            return int(value)
        case "number":
            return _number(value)
        case "boolean":
            return _BOOLEANS.get(value, value)
    return value


def _number(value: str) -> float | str:
    try:
        return float(value) if value.isascii() and "n" not in value.lower() else value  # no nan, no inf
    except ValueError:
        return value


def _check(text: str) -> None:
    try:
        check_text(text)
    except BadJson as error:
        raise _malformed(error) from error


def read_body(endpoint: Endpoint, request: Request, megabytes: int) -> Any:
    """The JSON body as its schema has it; None where the endpoint takes none.

    A schema with a `default` stands for a request without a body.

    Raises:
        UnsupportedMedia, Malformed, NotValid, and werkzeug's RequestEntityTooLarge.
    """
    if endpoint.body is None or isinstance(endpoint.body, Payload):
        return None
    if "default" in endpoint.body and not request.content_length and not request.content_type:
        return endpoint.body["default"]
    _check_json_type(request)
    request.max_content_length = megabytes * 2**20
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge
    try:
        body = read_json(request.get_data(cache=False))
    except BadJson as error:
        raise _malformed(error) from error
    if endpoint.body_validator is not None:
        validate(endpoint.body_validator, body, "body")
    return body


def _check_json_type(request: Request) -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8") or encoding != "identity":
        raise UnsupportedMedia(expected="application/json; charset=utf-8")


def _malformed(error: BadJson) -> Malformed:
    return Malformed(reason=str(error), reason_zh=error.zh)
