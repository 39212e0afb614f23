"""A pattern of a package over a report: in linear time, and stopped where it finds far too much."""

from __future__ import annotations

from typing import Final

import re2

from rules_dsl.report.findings import Span

MAX_MATCHES: Final = 20_000  # in one report


class Finder:
    """All places of a pattern; `rule` names it where it is stopped."""

    def __init__(self, pattern: str, rule: str) -> None:
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = False
        self._pattern = re2.compile(pattern, options)
        self.rule = rule

    def spans(self, text: str, stopped: list[str]) -> list[Span]:
        """Where the pattern is found, up to a limit beyond which its name is added to `stopped`."""
        found: list[Span] = []
        for match in self._pattern.finditer(text):
            if match.end() > match.start():
                found.append(match.span())
            if len(found) >= MAX_MATCHES:
                stopped.append(self.rule)
                break
        return found

    def matches_nothing(self) -> bool:
        """Whether the pattern is found in an empty text, and so everywhere."""
        return self._pattern.match("") is not None
