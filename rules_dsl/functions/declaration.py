"""How a function of the language declares itself: names, signature, help, and what each back end does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rules_dsl.nodes import Node
from rules_dsl.types import RuleType


class SqlKit(Protocol):
    """The building blocks that a function's SQL may use; the SQL back end has one kit per database.

    Elements are SQLAlchemy's, but a declaration only passes them on.
    """

    def call(self, name: str, *args: Any) -> Any:
        """A database function of numbers, by a name that both databases know."""
        ...

    def number(self, value: float) -> Any:
        """A double as a bound value."""
        ...

    def let(self, values: Sequence[Any], body: Callable[..., Any], repeat_plain: bool = True) -> Any:
        """`body` over `values`, each computed once however often the body names it."""
        ...

    def when(self, condition: Any, value: Any, otherwise: Any = None) -> Any:
        """`value` where `condition` is true, else `otherwise` (missing)."""
        ...

    def lower(self, text: Any) -> Any: ...

    def upper(self, text: Any) -> Any: ...

    def trim(self, text: Any) -> Any: ...

    def length(self, text: Any) -> Any: ...

    def concat(self, texts: Sequence[Any]) -> Any: ...

    def substring(self, text: Any, start: int, length: int) -> Any: ...

    def text_number(self, text: Any) -> Any: ...

    def divide(self, left: Any, right: Any) -> Any:
        """A quotient of doubles, missing where it is undefined or out of range."""
        ...

    def fixed(self, number: Any, units: Any, digits: int) -> Any:
        """The text of `number`, whose magnitude is so many `units` of that many decimals."""
        ...

    def replace(self, text: Any, old: Any, new: Any) -> Any: ...

    def position(self, text: Any, part: Any) -> Any: ...

    def left(self, text: Any, count: Any) -> Any: ...

    def right(self, text: Any, count: Any) -> Any: ...

    def text_part(self, text: Any, separator: Any, number: int) -> Any: ...

    def md5(self, text: Any) -> Any: ...

    def hmac(self, text: Any, key: Any) -> Any: ...

    def part(self, moment: Any, part: str) -> Any: ...

    def seconds(self, moment: Any) -> Any: ...

    def add_days(self, moment: Any, days: Any) -> Any: ...

    def add_months(self, moment: Any, count: Any, size: int) -> Any:
        """`moment` so many units of `size` months later."""
        ...

    def age_years(self, birth: Any, at: Any) -> Any: ...

    def age_months(self, birth: Any, at: Any) -> Any: ...

    def date_of(self, moment: Any) -> Any: ...


@dataclass(frozen=True)
class Parameter:
    """One argument: which types it takes, and whether it must be a literal, may be left out or repeat.

    `words` maps every spelling that a literal may have to the one that the back ends get; `whole` are the
    least and the greatest value of a whole literal.
    """

    name: str
    zh: str
    types: frozenset[RuleType]
    literal: bool = False
    default: Node | None = None
    repeats: bool = False
    words: Mapping[str, str] | None = None
    whole: tuple[int, int] = (1, 1_000_000)


@dataclass(frozen=True)
class Function:
    """A function of the language.

    `form` names a special form that the checker takes apart itself (`if`, `any`...); otherwise
    `python` gets the present argument values and `sql` a kit and their elements. A missing argument
    makes the result missing without a call. `small` says that the result is 0 or has a magnitude
    between 1e-20 and 1e20, so that arithmetic on it can't overflow. `browser` is false for functions
    that only the server runs.
    """

    name: str
    zh: str
    parameters: tuple[Parameter, ...]
    result: RuleType | None
    doc: str
    doc_zh: str
    example: str
    gives: str
    python: Callable[..., Any] | None = None
    sql: Callable[..., Any] | None = None
    form: str | None = None
    small: bool = False
    browser: bool = True

    def signature(self) -> str:
        """`round(number, digits = 0)`, for help and documentation."""
        return f"{self.name}({', '.join(_written(parameter) for parameter in self.parameters)})"

    def arity(self) -> tuple[int, int | None]:
        """The least and the largest number of arguments; None where there is no largest."""
        least = sum(parameter.default is None for parameter in self.parameters)
        repeats = any(parameter.repeats for parameter in self.parameters)
        return least, None if repeats else len(self.parameters)


def _written(parameter: Parameter) -> str:
    if parameter.repeats:
        return f"{parameter.name}, ..."
    return f"[{parameter.name}]" if parameter.default is not None else parameter.name
