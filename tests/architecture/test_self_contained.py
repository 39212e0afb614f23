"""The project needs no particular machine and, once installed, no outside address."""

import re

from tests.architecture.tree import ROOT, text_files

MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:work|root|home/\w+|Users/\w+)/\w")
REGISTRY = re.compile(r"(?:pypi|npmjs|pythonhosted)\.(?:org|com)")

URL = re.compile(r"https?://[^\s\"'`<>)]+")
# Names of vocabularies, never fetched; and this machine.
NOT_FETCHED = re.compile(r"https?://(?:www\.w3\.org/|127\.0\.0\.1\b|localhost\b)")

# What makes a browser fetch something from another host.
FETCHES = re.compile(
    r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//|(?:url\(|@import)\s*["']?(?:https?:)?//"""
)
SERVED = (".html", ".jinja", ".jinja2", ".css", ".js", ".ts", ".vue")


def test_no_file_names_a_place_on_someones_machine() -> None:
    assert [path for path, text in text_files() if MACHINE_PATH.search(text)] == []


def test_no_file_names_a_package_registry() -> None:
    assert [path for path, text in text_files() if REGISTRY.search(text)] == []


def test_pages_are_written_without_outside_addresses() -> None:
    sources = [*text_files("web"), *text_files("platform"), *text_files("forms"), *text_files("modules")]
    served = [(path, text) for path, text in sources if path.endswith(SERVED)]
    assert served
    outside = {
        path: [url for url in URL.findall(text) if not NOT_FETCHED.match(url)] for path, text in served
    }
    assert {path: urls for path, urls in outside.items() if urls} == {}


def test_built_pages_fetch_nothing_from_outside() -> None:
    """Messages of bundled libraries may mention addresses; pages and style sheets may not fetch any."""
    built = (ROOT / "web" / "dist").rglob("*")
    pages = [path for path in built if path.suffix in {".html", ".css"}]
    assert [path for path in pages if FETCHES.search(path.read_text(encoding="utf-8"))] == []
