"""The API about itself: its OpenAPI document and a page that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask_appbuilder
from flask import Response, current_app, send_file

from zhenshu.web.api import PUBLIC, Api, Media, endpoint

_OWN = Path(__file__).parents[1] / "static"
_VENDOR = Path(flask_appbuilder.__file__).parent / "static" / "appbuilder"  # its copy of Swagger UI 5


class System(Api):
    @endpoint(
        "GET", "/openapi.json",
        summary={"zh": "OpenAPI 文档", "en": "This document."},
        needs=PUBLIC,
        returns={200: {"type": "object"}},
        etag=True,
    )  # fmt: skip
    def document(self) -> Any:
        return current_app.config["ZHENSHU_OPENAPI"]

    @endpoint(
        "GET", "/docs",
        summary={"zh": "接口说明页面", "en": "A page that shows this document and tries its endpoints."},
        needs=PUBLIC,
        returns={200: Media("text/html")},
    )  # fmt: skip
    def docs(self) -> Response:
        return send_file(_OWN / "docs.html", mimetype="text/html")

    @endpoint(
        "GET", "/docs/docs.js",
        summary={"zh": "接口说明页面的脚本", "en": "The page's own script."},
        needs=PUBLIC,
        returns={200: Media("text/javascript")},
    )  # fmt: skip
    def script(self) -> Response:
        return send_file(_OWN / "docs.js", mimetype="text/javascript")

    @endpoint(
        "GET", "/docs/swagger-ui.js",
        summary={"zh": "Swagger UI 脚本", "en": "Swagger UI."},
        needs=PUBLIC,
        returns={200: Media("text/javascript")},
    )  # fmt: skip
    def swagger_script(self) -> Response:
        return send_file(_VENDOR / "js" / "swagger-ui-bundle.js", mimetype="text/javascript")

    @endpoint(
        "GET", "/docs/swagger-ui.css",
        summary={"zh": "Swagger UI 样式", "en": "Swagger UI's style."},
        needs=PUBLIC,
        returns={200: Media("text/css")},
    )  # fmt: skip
    def swagger_style(self) -> Response:
        return send_file(_VENDOR / "css" / "swagger" / "swagger-ui.css", mimetype="text/css")
