"""The page of forms in its frame: served like others, held tighter than others."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from zhenshu.web.headers import register_headers
from zhenshu.web.pages import register_pages


def served(folder: Path) -> Flask:
    for name in ("index.html", "form.html"):
        (folder / name).write_text("<!doctype html>", encoding="utf-8")
    app = Flask(__name__)
    register_headers(app, is_https=False)
    register_pages(app, folder)
    return app


def policy(app: Flask, address: str) -> dict[str, str]:
    text = app.test_client().get(address, headers={"Accept": "text/html"}).headers["Content-Security-Policy"]
    return {name: sources for name, _, sources in (part.strip().partition(" ") for part in text.split(";"))}


def test_the_form_s_page_may_run_our_scripts_and_nothing_else(tmp_path: Path) -> None:
    form = policy(served(tmp_path), "/form.html")

    assert (form["default-src"], form["script-src"]) == ("'none'", "'self'")
    assert "connect-src" not in form  # default-src: it can't send anything anywhere
    assert "unsafe" not in " ".join(form.values())
    assert form["frame-ancestors"] == "'self'"


def test_other_pages_keep_their_own_policy(tmp_path: Path) -> None:
    for address in ("/", "/databases/lung/data"):
        assert policy(served(tmp_path), address)["default-src"] == "'self'"
