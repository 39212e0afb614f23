"""A wide record type of mixed fields, and seeded values for it: the shape the figures are measured on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

# Per ten fields, as in a registry form: mostly numbers and choices, some dates, a little text.
KINDS = (
    "string", "choice", "decimal", "integer", "date",
    "boolean", "decimal", "choice", "multi_choice", "string",
)  # fmt: skip
CHOICES = tuple(str(code) for code in range(1, 9))
WORDS = ("结节", "磨玻璃", "实性", "钙化", "空洞", "胸膜", "淋巴结", "正常", "随访", "吸烟史")


def document(code: str, width: int) -> dict[str, Any]:
    """A database with one record type of `width` fields, with the rules a form of that size has."""
    fields = [_field("record_id", "string", required=True), _field("name", "string", identifying=True)]
    fields += [_field(f"v{n}", KINDS[n % len(KINDS)]) for n in range(width - 4)]
    fields.append(_field("sum", "calculated", calculation="round([v2] + [v6], 1)"))
    fields.append(
        _field("late", "calculated", options={"result": "boolean"}, calculation="[v4] > @2020-01-01")
    )
    by_code = {field["code"]: field for field in fields}
    by_code["v2"] |= {"minimum": 0, "maximum": 1000, "required": True}
    by_code["v4"] |= {"maximum": "today"}
    by_code["v3"] |= {"shown_if": "[v5] = true", "minimum": 0}
    check = {
        "expression": "[v6] >= 0 or [v5] = true",
        "message": {"zh": "应为非负", "en": "Must not be negative"},
    }
    by_code["v6"] |= {"checks": [check]}
    choices = [{"code": code, "label": {"zh": f"选项{code}", "en": f"Choice {code}"}} for code in CHOICES]
    return {
        "kind": "database", "code": code, "label": {"zh": code, "en": code},
        "value_sets": {"set": {"label": {"zh": "", "en": ""}, "choices": choices}},
        "record_types": [
            {"code": "case", "label": {"zh": "病例", "en": "Case"}, "parent": None,
             "key": "record_id", "fields": fields},
        ],
    }  # fmt: skip


def _field(code: str, kind: str, **more: Any) -> dict[str, Any]:
    field = {"code": code, "label": {"zh": code, "en": code}, "type": kind}
    if kind in ("choice", "multi_choice"):
        field["value_set"] = "set"
    return field | more


def rows(width: int, count: int, start: int = 0, seed: int = 7) -> Iterator[dict[str, Any]]:
    """`count` records as a file would give them: texts, about one value in five absent."""
    source = random.Random(seed + start)
    for number in range(start, start + count):
        row: dict[str, Any] = {"record_id": f"P{number:07d}", "name": f"患者{number}"}
        for n in range(width - 4):
            row[f"v{n}"] = _value(source, n)
        yield row


def _value(source: random.Random, n: int) -> str | None:
    if n > 9 and source.random() < 0.2:
        return None
    kind = KINDS[n % len(KINDS)]
    if kind == "string":
        return " ".join(source.choices(WORDS, k=3))
    if kind == "choice":
        return source.choice(CHOICES)
    if kind == "multi_choice":
        return ";".join(source.sample(CHOICES, 2))
    if kind == "decimal":
        return f"{source.random() * 100:.2f}"
    if kind == "integer":
        return str(source.randrange(120))
    if kind == "boolean":
        return source.choice("01")
    return f"{source.randrange(2000, 2025)}-{source.randrange(1, 13):02d}-{source.randrange(1, 29):02d}"
