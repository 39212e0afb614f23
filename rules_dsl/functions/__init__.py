"""The functions of the language: one visible list, found by English or Chinese name."""

from __future__ import annotations

from typing import Final

from rules_dsl.functions import dates, forms, numbers, texts
from rules_dsl.functions.declaration import Function, Parameter, SqlKit

FUNCTIONS: Final[tuple[Function, ...]] = (
    *forms.FUNCTIONS,
    *numbers.FUNCTIONS,
    *texts.FUNCTIONS,
    *dates.FUNCTIONS,
)

_BY_NAME: Final = {function.name: function for function in FUNCTIONS}
_BY_CHINESE: Final = {function.zh: function for function in FUNCTIONS}


def function_named(name: str) -> Function | None:
    """The function called `name` in English (any case) or Chinese."""
    return _BY_NAME.get(name.lower()) or _BY_CHINESE.get(name)


def function_names() -> list[str]:
    """All English and Chinese names, for suggestions and completion."""
    return [*_BY_NAME, *_BY_CHINESE]


__all__ = ["FUNCTIONS", "Function", "Parameter", "SqlKit", "function_named", "function_names"]
