"""Dates written without their sign: `1970-01-01` is a subtraction, and nearly always meant as a date."""

from __future__ import annotations

import re
from typing import Final

from rules_dsl.errors import RuleTypeError
from rules_dsl.literals import read_date
from rules_dsl.nodes import Binary, Node, walk

_WRITTEN: Final = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})")


def bare_date(text: str, node: Node) -> RuleTypeError | None:
    """The error for the first such date in `node`, a part of the rule `text` where a date is wanted."""
    for part in walk(node):
        start, end = part.span
        found = _WRITTEN.fullmatch(text[start:end]) if isinstance(part, Binary) else None
        if found is not None and (sign := _signed(*found.group(1, 3, 4))):
            written = found.group()
            act, act_zh = ("subtraction", "减法") if found.group(2) == "-" else ("division", "除法")
            return RuleTypeError(
                text,
                part.span,
                f"Write the date as {sign}.",
                f"日期请写作 {sign}。",
                (sign,),
                reason=f"{written} is read as a {act}",
                reason_zh=f"{written} 会被读作{act_zh}",
            )
    return None


def _signed(year: str, month: str, day: str) -> str | None:
    """The date as the language writes it; None where there is no such day."""
    written = f"{year}-{month:0>2}-{day:0>2}"
    return None if read_date(written) is None else f"@{written}"
