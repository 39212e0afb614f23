"""The built pages of web/dist: files as they are, and index.html for the addresses of the application."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.routing import PathConverter
from werkzeug.security import safe_join

import zhenshu
from zhenshu.web.headers import FORM_SECURITY_POLICY

FORM_PAGE = "form.html"  # in a frame of the application's pages
_YEAR = 365 * 24 * 3600  # seconds; Vite puts a hash into the names of its assets


class PageConverter(PathConverter):
    """Every path but the API's, whose wrong methods must stay 405."""

    regex = r"(?!api(?:/|$))[^/].*?"


def find_pages() -> Path | None:
    """The folder of the built pages, beside the sources or in the installed wheel; None when not built."""
    package = Path(zhenshu.__file__).parent
    candidates = (package.parents[1] / "web" / "dist", package.parent / "web" / "dist")
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)


def register_pages(app: Flask, folder: Path) -> None:
    """Serve `folder` at every address that is not the API's."""
    app.url_map.converters["page"] = PageConverter

    def page(path: str = "index.html") -> Response:
        found = safe_join(str(folder), path)
        if found is not None and Path(found).is_file():
            return _guarded(_cached(send_from_directory(folder, path), path), path)
        if "." in path.rsplit("/", 1)[-1] or not request.accept_mimetypes.accept_html:
            raise NotFound
        return _cached(send_from_directory(folder, "index.html"), "index.html")

    app.add_url_rule("/", "home", page, methods=["GET"], provide_automatic_options=False)
    app.add_url_rule("/<page:path>", "page", page, methods=["GET"], provide_automatic_options=False)


def _guarded(response: Response, path: str) -> Response:
    if path == FORM_PAGE:
        response.headers["Content-Security-Policy"] = FORM_SECURITY_POLICY
    return response


def _cached(response: Response, path: str) -> Response:
    hashed = path.startswith("assets/")
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if hashed else "no-cache"
    return response
