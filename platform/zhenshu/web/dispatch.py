"""From an endpoint's declaration to a Flask view, and from its result to a response."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Flask, Response, g, request

from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.web.api import Api
from zhenshu.web.authentication import admit, identify
from zhenshu.web.connection import JoinedSessions
from zhenshu.web.declarations import Endpoint
from zhenshu.web.json import json_response
from zhenshu.web.looking import looking_as
from zhenshu.web.reading import check_path, read_body, read_params
from zhenshu.web.refusals import note_refusal

PREFIX = "/api/v1"


def register(app: Flask, instance: Instance, api: type[Api], session: JoinedSessions | None) -> None:
    """Add the routes of one Api class to `app`."""
    for endpoint in api.endpoints():
        app.add_url_rule(
            PREFIX + endpoint.path,
            endpoint=operation_id(api, endpoint),
            view_func=_view(instance, api, endpoint, session),
            methods=[endpoint.method],
            provide_automatic_options=False,
        )


def operation_id(api: type[Api], endpoint: Endpoint) -> str:
    return f"{api.__name__}_{endpoint.name}"


def _view(
    instance: Instance, api: type[Api], endpoint: Endpoint, session: JoinedSessions | None
) -> Callable[..., Response]:
    def view(**path: Any) -> Response:
        caller = identify(instance, request, endpoint.in_background)
        g.caller = caller
        caller = looking_as(instance, endpoint, caller, request)
        g.caller = caller
        admit(endpoint, caller, request)
        check_path(path)
        params = read_params(endpoint, request)
        body = read_body(endpoint, request, instance.settings.body_megabytes)
        return respond(endpoint, endpoint.function(api(instance, caller, params, body, session), **path))

    def guarded(**path: Any) -> Response:
        try:
            return view(**path)
        except ZhenshuError as error:
            note_refusal(instance, endpoint, g.get("caller"), path, error)
            raise

    return guarded


def respond(endpoint: Endpoint, result: Any) -> Response:
    """The result of a handler as a response: a Response as it is, else the declared kind of body."""
    if isinstance(result, Response):
        response = result
    elif endpoint.returns[endpoint.status] is None:
        response = Response(status=endpoint.status)
        del response.headers["Content-Type"]
    else:
        response = json_response(result, endpoint.status)
    if endpoint.etag and response.status_code == 200:
        response.set_etag(sha256(response.get_data()).hexdigest()[:32])
        response.make_conditional(request)
    return response
