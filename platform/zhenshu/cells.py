"""Text cells that a spreadsheet would take for a formula, made harmless and restored.

A text that begins with = + - @ (or their full-width forms), a tab or a line break gets an apostrophe in
front; so does one that begins with apostrophes before such a character, so that restoring is exact.
"""

from __future__ import annotations

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet runs."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restored(cell: str) -> str:
    """The text that `harmless` made `cell` from."""
    return cell[1:] if cell[:1] == "'" and _MADE_HARMLESS.match(cell) else cell
