"""Value sets made from choice lists: equal lists share one value set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metamodel.definitions.names import LONGEST_CODE
from metamodel.exchange.choices import ChoiceText
from metamodel.exchange.names import Codes, label
from metamodel.exchange.report import Report

_LABEL_LIMIT = 80


class ValueSets:
    """Collects value sets; `documents` are those of the definition, by code."""

    def __init__(self, report: Report) -> None:
        self._codes = Codes(report, "值域", "value set", LONGEST_CODE)
        self._by_choices: dict[tuple[ChoiceText, ...], str] = {}
        self.documents: dict[str, dict[str, Any]] = {}

    def code_for(self, name: str, choices: Sequence[ChoiceText], title: str = "") -> str:
        """The code of the value set with exactly these choices, made as `name` when it is new."""
        key = tuple(choices)
        if key not in self._by_choices:
            code = self._codes.fresh(name)
            self._by_choices[key] = code
            self.documents[code] = {
                "label": label(title or _summary(key)),
                "choices": [{"code": item.code, "label": label(item.label)} for item in key],
            }
        return self._by_choices[key]


def _summary(choices: Sequence[ChoiceText]) -> str:
    text = " / ".join(item.label for item in choices)
    return text if len(text) <= _LABEL_LIMIT else f"{text[: _LABEL_LIMIT - 1]}…"
