"""Spec cases: a rule, the types of its fields, a record, and what comes out, as a person writes them down.

    about: What this file is about.
    now: 2026-03-05T14:20
    types: {age: integer, lesion: {size: decimal}}
    cases:
      - {expr: "[age] + 1", record: {age: 71}, gives: 72}
      - {expr: "[agee] + 1", error: UnknownField, at: 1, caret: "^^^^^^", suggests: "Did you mean [age]?"}

`gives: missing` and `gives: unknown` are the same to the back ends. An error may tell its `line`, the column
`at` which it stands, the `caret` under that line, what it `suggests` and 建议, the suggestion in Chinese.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from rules_dsl.checker import check
from rules_dsl.errors import BadCase, RuleError
from rules_dsl.reading import parse
from rules_dsl.types import RuleType, type_of_field
from rules_dsl.values import Context, Missing

_EXPECTED_OF_ERRORS: Final = ("line", "at", "caret", "suggests", "建议")
_KEYS: Final = frozenset(
    {"expr", "types", "record", "gives", "error", "now", "zone", "not on", "why", *_EXPECTED_OF_ERRORS}
)


@dataclass(frozen=True)
class Case:
    """One line of a case file.

    `error` is the name of an error's class, and `wrong` what is expected of it. `not_on` are back ends that
    refuse such a rule.
    """

    name: str
    rule: str
    types: dict[str, Any]
    record: dict[str, Any]
    gives: Any
    error: str | None
    wrong: Mapping[str, Any]
    context: Context
    not_on: tuple[str, ...]


@dataclass(frozen=True)
class Failure:
    """A case that came out otherwise: what was expected, and what came."""

    case: Case
    expected: str
    found: str


def read_cases(content: object, name: str, usual: Context) -> list[Case]:
    """The cases of a file's `content`; `usual` is their context where neither they nor the file has one.

    Raises:
        BadCase: when it is no case file, at the first case that can't be read.
    """
    if not isinstance(content, Mapping) or not isinstance(content.get("cases"), list):
        raise BadCase(case=name, reason="there is no list of `cases`", reason_zh="没有 `cases` 列表")
    usual = _context(content, usual)
    return [
        _case(entry, f"{name}-{number}", content.get("types") or {}, usual)
        for number, entry in enumerate(content["cases"], start=1)
    ]


def _case(entry: Any, name: str, types: Any, usual: Context) -> Case:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("expr"), str):
        raise BadCase(case=name, reason="it has no `expr`", reason_zh="没有 `expr`")
    if strange := sorted(str(key) for key in entry.keys() - _KEYS):
        listed = ", ".join(strange)
        raise BadCase(case=name, reason=f"it has {listed}", reason_zh=f"含有 {listed}")
    if ("gives" in entry) is ("error" in entry):
        raise BadCase(
            case=name, reason="it needs either `gives` or `error`", reason_zh="须写 `gives` 或 `error` 之一"
        )
    try:
        known = read_types({**types, **(entry.get("types") or {})})
        record = read_record(entry.get("record") or {}, known)
        context = _context(entry, usual)
    except RuleError as error:
        raise BadCase(case=name, reason=error.message("en"), reason_zh=error.message("zh")) from None
    except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
        raise BadCase(case=name, reason=str(error), reason_zh=str(error)) from None
    except KeyError as error:
        field = error.args[0]
        raise BadCase(
            case=name, reason=f"the field {field} has no type", reason_zh=f"字段 {field} 没有类型"
        ) from None
    wrong = {key: entry[key] for key in _EXPECTED_OF_ERRORS if key in entry}
    return Case(
        name, entry["expr"], known, record, entry.get("gives"), entry.get("error"), wrong, context,
        tuple(entry.get("not on") or ()),
    )  # fmt: skip


def _context(entry: Mapping[str, Any], usual: Context) -> Context:
    if "now" not in entry:
        return usual
    now = entry["now"]
    read = now if isinstance(now, datetime) else datetime.fromisoformat(str(now))
    return Context(read, str(entry.get("zone", usual.zone)), usual.lang)


def read_types(described: Mapping[str, Any]) -> dict[str, Any]:
    """`{age: integer, lesion: {size: decimal}}` as rule types."""
    return {
        path: read_types(kind) if isinstance(kind, Mapping) else type_of_field(str(kind))
        for path, kind in described.items()
    }


def read_record(written: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    """A record as YAML or JSON writes it, with the Python values of its fields' types."""
    return {path: read_value(value, types[path]) for path, value in written.items()}


def read_value(value: Any, kind: Any) -> Any:
    """One value; `{missing: refused}` is a missing one with its reason."""
    if value is None:
        return None
    if isinstance(value, Mapping) and value.keys() == {"missing"}:
        return Missing(value["missing"])
    if isinstance(kind, Mapping):
        return [read_record(related, kind) for related in value]
    reader = _READERS.get(kind)
    return value if reader is None else reader(value)


def _read_datetime(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


_READERS: Final[dict[RuleType, Callable[[Any], Any]]] = {
    RuleType.DECIMAL: lambda value: Decimal(str(value)),
    RuleType.NUMBER: float,
    RuleType.DATE: lambda value: value if isinstance(value, date) else date.fromisoformat(str(value)),
    RuleType.DATETIME: _read_datetime,
    RuleType.TIME: lambda value: value if isinstance(value, time) else time.fromisoformat(str(value)),
}


def same(found: Any, expected: Any) -> bool:
    """Whether a value is the one a case gives; numbers to 15 digits, as a person writes them."""
    if expected in ("missing", "unknown", None):
        return found is None
    if isinstance(expected, bool) or found is None or isinstance(found, bool):
        return found is expected
    if isinstance(expected, int | float):
        return isinstance(found, int | float | Decimal) and math.isclose(
            float(found), expected, rel_tol=1e-14
        )
    return bool(found == expected)


def failure_of(case: Case, value: Callable[[Case], Any]) -> Failure | None:
    """How `case` fails where `value` evaluates it; None where it comes out as it says."""
    try:
        check(parse(case.rule), case.types)
        found = value(case) if case.error is None else None
    except RuleError as error:
        return _failure_of_error(case, error)
    if case.error is not None:
        return Failure(case, case.error, "no error")
    return None if same(found, case.gives) else Failure(case, _shown(case.gives), _shown(found))


def _failure_of_error(case: Case, error: RuleError) -> Failure | None:
    kinds = [kind.__name__ for kind in type(error).__mro__]
    if case.error is None:
        return Failure(case, _shown(case.gives), error.explain("en"))
    if case.error not in kinds:
        return Failure(case, case.error, f"{kinds[0]}: {error.explain('en')}")
    for key, expected in case.wrong.items():
        found = told_by(error)[key]
        if found != expected:
            return Failure(case, f"{key}: {expected}", f"{key}: {found}")
    return None


def told_by(error: RuleError) -> dict[str, Any]:
    """What a case may expect of an error, by the case's own words."""
    caret = error.caret().rpartition("\n")[2]
    return {
        "line": error.line,
        "at": error.column,
        "caret": caret.replace("\u3000", " ").strip(),
        "suggests": error.suggestion,
        "建议": error.suggestion_zh,
    }


def _shown(value: Any) -> str:
    if value is None:
        return "missing"
    return str(value).lower() if isinstance(value, bool) else str(value)
