"""The reference page of field types, made from the registry: `python -m metamodel.field_types.reference`."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from metamodel.field_types.base import FieldType
from metamodel.field_types.formats import FORMATS
from metamodel.field_types.registry import ALL

HEAD = """# Field types

<!-- Made from the registry by `python -m metamodel.field_types.reference`; a test fails when it lags. -->

Every field of a record type has one of these types. Files may write full-width digits and signs. Blank text
means that there is no value. A value that can't be read is refused with its reason, never changed in silence.
"""


def render() -> str:
    """The page as Markdown."""
    rows = "\n".join(
        f"| [`{item.name}`](#{item.name}) | {item.label_zh} | {item.label_en} | {item.rule_type} |"
        for item in ALL
    )
    table = f"| type | 中文 | English | in rules |\n| --- | --- | --- | --- |\n{rows}\n"
    sections = "\n".join(_section(item) for item in ALL)
    return f"{HEAD}\n{table}\n{sections}\n{_formats()}"


def _section(item: FieldType) -> str:
    lines = [f"## `{item.name}`", "", inspect.cleandoc(item.__doc__ or ""), ""]
    lines.append(f"- Widget: `{item.widget}`")
    lines.append(f"- Filters: {', '.join(f'`{name}`' for name in item.operators)}")
    lines.append(f"- Minimum and maximum: {'yes' if item.ordered else 'no'}")
    lines.append(f"- Value set: {'needed' if item.needs_value_set else 'none'}")
    lines += [f"- Option `{name}`: {_values(schema)}" for name, schema in _options(item).items()]
    formats = ", ".join(f"{package} `{text}`" for package, text in item.export_format.items())
    lines.append(f"- Statistics packages: {formats}")
    return "\n".join(lines) + "\n"


def _options(item: FieldType) -> dict[str, Any]:
    properties: dict[str, Any] = item.options_schema.get("properties", {})
    return properties


def _values(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f'`"{value}"`' for value in schema["enum"])
    if schema["type"] == "integer":
        return f"a whole number from {schema['minimum']:,} to {schema['maximum']:,}"
    return "a regular expression (RE2) that the whole text must match"


def _formats() -> str:
    rows = "\n".join(f"| `{item.name}` | {item.zh} | {item.en} |" for item in FORMATS.values())
    return f"## Formats of `string`\n\n| format | 中文 | English |\n| --- | --- | --- |\n{rows}\n"


if __name__ == "__main__":
    sys.stdout.write(render())
