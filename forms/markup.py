"""Texts of definitions made safe for the places where Form.io reads HTML."""

from __future__ import annotations

import html

# Form.io replaces {{ name }} in texts by values of the form; what an admin wrote stays what they wrote.
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


def plain(text: str) -> str:
    """HTML that shows `text` letter by letter: no tag, no attribute, no placeholder comes to life."""
    return html.escape(text, quote=True).translate(_BRACES)


def paragraphs(text: str) -> str:
    """`text` as HTML paragraphs, one for each of its lines."""
    return "".join(f"<p>{plain(line)}</p>" for line in text.splitlines() if line.strip())
