"""Declaring an endpoint: one declaration validates, guards, serialises and documents it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator

from zhenshu.errors import ZhenshuError
from zhenshu.web.schemas import Schema


class Access(Enum):
    """Who may call an endpoint that needs no permission."""

    PUBLIC = "public"  # anyone, without a login


class Payload(Enum):
    """A request body that is not JSON."""

    UPLOAD = "multipart/form-data"  # one file in the part `file`


PUBLIC = Access.PUBLIC
UPLOAD = Payload.UPLOAD

# (action, resource kind) as in `Subject.may`; None: any signed-in user; PUBLIC: anyone.
Needs = tuple[str, str] | Access | None


@dataclass(frozen=True, slots=True)
class Media:
    """A response body that is not JSON."""

    type: str = "application/octet-stream"


@dataclass(frozen=True)
class Endpoint:
    """One method of one fixed path, below /api/v1. `function` is the method of the Api class."""

    method: str
    path: str
    summary: Mapping[str, str]
    needs: Needs
    function: Callable[..., Any]
    params: Schema | None = None
    body: Schema | Payload | None = None
    returns: Mapping[int, Schema | Media | None] = field(default_factory=dict)
    errors: Sequence[type[ZhenshuError]] = ()
    etag: bool = False
    before_password_change: bool = (
        False  # open to who still has to change a password or enrol a second factor
    )
    in_background: bool = False  # pages ask by themselves: no sign that somebody sits before them
    reads: bool = False  # a question too long for an address: a POST that changes nothing

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def status(self) -> int:
        """The status of a plain return value."""
        return next(iter(self.returns))

    @property
    def is_public(self) -> bool:
        return self.needs is PUBLIC

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"

    @property
    def only_reads(self) -> bool:
        return self.is_safe or self.reads

    @cached_property
    def body_validator(self) -> Draft202012Validator | None:
        return _validator(self.body) if isinstance(self.body, Mapping) else None

    @cached_property
    def params_validator(self) -> Draft202012Validator:
        return _validator(self.params or {"type": "object", "maxProperties": 0})

    @cached_property
    def params_properties(self) -> Mapping[str, Schema]:
        return dict(self.params["properties"]) if self.params else {}


def _validator(schema: Schema) -> Draft202012Validator:
    Draft202012Validator.check_schema(dict(schema))
    return Draft202012Validator(dict(schema))


def endpoint(
    method: str,
    path: str,
    *,
    summary: Mapping[str, str],
    needs: Needs,
    params: Schema | None = None,
    body: Schema | Payload | None = None,
    returns: Mapping[int, Schema | Media | None],
    errors: Sequence[type[ZhenshuError]] = (),
    etag: bool = False,
    before_password_change: bool = False,
    in_background: bool = False,
    reads: bool = False,
) -> Callable[[Callable[..., Any]], Endpoint]:
    """Declare a method of an `Api` class as `method` on /api/v1`path`.

    Args:
        path: a fixed Flask path, e.g. "/databases/<code>/records/<record_type>/<int:id>".
        summary: {"zh": ..., "en": ...}.
        needs: the permission as (action, resource kind), None for any signed-in user, or PUBLIC.
        params: JSON Schema (`query_of`) of the query parameters; others are refused. Defaults are filled in.
        body: JSON Schema of a JSON body, or UPLOAD.
        returns: status -> JSON Schema of the body, `Media` for other bodies, None for an empty one. The first
            is the status of a plain return value.
        errors: what else it may answer, for the OpenAPI document.
        in_background: does not count as use of the login, which so ends when nobody works with it.
        reads: is a POST only because its question is too long for an address, and changes nothing.
        etag: give the response an ETag and answer 304 to a matching If-None-Match.
    """

    def declare(function: Callable[..., Any]) -> Endpoint:
        return Endpoint(
            method,
            path,
            summary,
            needs,
            function,
            params,
            body,
            returns,
            errors,
            etag,
            before_password_change,
            in_background,
            reads,
        )

    return declare
