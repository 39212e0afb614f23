"""A compiled field from its type, options and choices."""

from __future__ import annotations

from typing import Any

from metamodel.catalogue import Field, compile_field, compile_value_set
from tests.builders import a_value_set


def a_field(type: str, choices: tuple[str, ...] = ("1", "2", "9"), **options: Any) -> Field:
    value_sets = {"codes": compile_value_set("codes", a_value_set(*choices))}
    needs = type in ("choice", "multi_choice")
    item = {"code": "x", "type": type, "options": options} | ({"value_set": "codes"} if needs else {})
    return compile_field(item, value_sets)


def read(type: str, value: Any, **options: Any) -> Any:
    field = a_field(type, **options)
    return field.type.reader(field)(value)
