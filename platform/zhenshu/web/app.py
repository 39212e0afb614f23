"""The application factory: rooms in, a Flask application out."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from zhenshu.audit.labels import bind_audit_names
from zhenshu.instance import Instance
from zhenshu.rooms import Room
from zhenshu.security.grants.parties import bind_grant_check
from zhenshu.storage import bind_file_check
from zhenshu.web.api import Api
from zhenshu.web.apis import GROUND_APIS
from zhenshu.web.compression import register_compression
from zhenshu.web.connection import joined_session
from zhenshu.web.dispatch import register
from zhenshu.web.errors import register_error_handlers
from zhenshu.web.framework import add_framework
from zhenshu.web.headers import register_headers
from zhenshu.web.json import json_response
from zhenshu.web.openapi import openapi_document
from zhenshu.web.pages import find_pages, register_pages


class IdConverter(IntegerConverter):
    """`<int:id>`: at most as many digits as an id can have."""

    regex = r"[0-9]{1,19}"


def create_app(instance: Instance, rooms: Sequence[Room], pages: Path | None = None) -> Flask:
    """The whole web application of `instance`: the ground's endpoints, the rooms' and the built pages.

    Connects to nothing; call it before or after a fork.

    Args:
        pages: folder of the built pages; None looks beside the package and serves none if there are none.
    """
    app = Flask("zhenshu.web", static_folder=None, template_folder=None)
    app.url_map.converters["int"] = IdConverter
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    app.config.update(
        SECRET_KEY=hmac.new(instance.secrets.session, b"flask", sha256).hexdigest(),
        MAX_CONTENT_LENGTH=instance.settings.body_megabytes * 2**20,
        ZHENSHU_LANGUAGE=instance.settings.language,
    )
    if count := instance.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    register_headers(app, instance.settings.is_https)
    register_compression(app)
    register_error_handlers(app)
    bind_grant_check(instance, rooms)
    bind_file_check(instance, rooms)
    bind_audit_names(instance, rooms)
    session = joined_session(instance)
    add_framework(app, session)
    apis = [*GROUND_APIS, *(api for room in rooms for api in room.routes)]
    for api in apis:
        register(app, instance, api, session)
    app.config["ZHENSHU_OPENAPI"] = openapi_document(apis)
    app.add_url_rule("/healthz", "health", _health, methods=["GET"], provide_automatic_options=False)
    if folder := pages or find_pages():
        register_pages(app, folder)
    return app


def _health() -> Response:
    """That this process answers; says nothing about data."""
    return json_response({"status": "ok"})


__all__ = ["Api", "create_app"]
