"""Rules of a definition as REDCap logic: which variables a rule of one record type may name there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metamodel.exchange.report import Text, both
from rules_dsl import RedcapName, RuleError, RuleType, parse, print_redcap, type_of_field


@dataclass(frozen=True, slots=True)
class Variables:
    """The types of the variables that a rule reaches, by code; names are codes in a written dictionary."""

    types: Mapping[str, RuleType]

    def name_of(self, path: str) -> RedcapName | None:
        found = self.types.get(path)
        return None if found is None else RedcapName(path, found)


def variables_of(document: Mapping[str, Any]) -> dict[str, Variables]:
    """By record type, what its rules reach in one project.

    The root's fields are reached from everywhere unless there are events: then REDCap would look for them
    in the event at hand, and a definition does not tell in which one they are filled.
    """
    types = {item["code"]: _types(item) for item in document["record_types"]}
    root = next((item["code"] for item in document["record_types"] if not item.get("parent")), None)
    near = types[root] if root is not None and not document.get("events") else {}
    return {code: Variables({**near, **own}) for code, own in types.items()}


def _types(record_type: Mapping[str, Any]) -> dict[str, RuleType]:
    return {field["code"]: _type(field) for field in record_type["fields"]}


def _type(field: Mapping[str, Any]) -> RuleType:
    result = field.get("options", {}).get("result") if field["type"] == "calculated" else None
    return type_of_field(result or field["type"])


def redcap_text(rule: str, variables: Variables) -> tuple[str, Text | None]:
    """The logic, or "" and the reason why REDCap can't say it."""
    try:
        return print_redcap(parse(rule), variables), None
    except RuleError as error:
        return "", both(error.message("zh"), error.message("en"))
