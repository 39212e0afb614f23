"""The base class of the API: a room's endpoints are methods declared with `@endpoint`.

    class Databases(Api):
        @endpoint("GET", "/databases/<code>", summary={"zh": "一个病种库", "en": "One database"},
                  needs=("view", "databases"), returns={200: DATABASE}, errors=[NotFound])
        def show(self, code: str) -> dict[str, Any]:
            with self.read() as uow:
                return describe(catalogue_of(uow).database(code))

The declaration checks the permission first, then the CSRF token, then path, query and body.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from flask import Response, g, request

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security.callers import Caller
from zhenshu.security.policy import Channel
from zhenshu.security.subject import NOBODY, Subject
from zhenshu.web.connection import JoinedSessions, sharing
from zhenshu.web.declarations import PUBLIC, UPLOAD, Endpoint, Media, endpoint
from zhenshu.web.json import json_response
from zhenshu.web.language import request_language

__all__ = ["PUBLIC", "UPLOAD", "Api", "Endpoint", "Media", "endpoint"]


class Api:
    """One request to one of its endpoints.

    `params` are the validated query parameters with defaults, `body` the validated JSON body.
    """

    channel = Channel.API

    def __init__(
        self, instance: Instance, caller: Caller | None, params: dict[str, Any], body: Any,
        session: JoinedSessions | None = None,
    ) -> None:  # fmt: skip
        self.instance = instance
        self.caller = caller
        self.params = params
        self.body = body
        self._session = session

    @classmethod
    def endpoints(cls) -> list[Endpoint]:
        """Its declared endpoints, inherited ones included."""
        members = (getattr(cls, name) for name in dir(cls))
        return [member for member in members if isinstance(member, Endpoint)]

    @property
    def subject(self) -> Subject:
        return self.caller.subject if self.caller else NOBODY

    @property
    def request_id(self) -> str:
        request_id: str = g.request_id
        return request_id

    @property
    def language(self) -> str:
        """ "zh" or "en", for texts in the answer."""
        return request_language()

    @property
    def address(self) -> str:
        return request.remote_addr or ""

    def read(self, purpose: str = "") -> AbstractContextManager[UnitOfWork]:
        """A unit of work that only reads, for the request's subject."""
        return self._unit(
            self.instance.read(
                self.subject, self.channel, purpose, self.request_id, self.instance.settings.read_seconds
            )
        )

    def write(self, purpose: str = "") -> AbstractContextManager[UnitOfWork]:
        """A unit of work that may write, for the request's subject; commits when the block ends."""
        return self._unit(self.instance.write(self.subject, self.channel, purpose, self.request_id))

    @contextmanager
    def _unit(self, unit: AbstractContextManager[UnitOfWork]) -> Iterator[UnitOfWork]:
        with unit as uow, sharing(uow.conn, self._session):
            yield uow

    def reply(self, value: Any, status: int) -> Response:
        """A JSON response with another status, or to set headers on."""
        return json_response(value, status)
