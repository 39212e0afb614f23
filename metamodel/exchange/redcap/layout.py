"""Forms of a definition from the order of a dictionary's rows: sections, texts and fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from metamodel.exchange.names import label
from metamodel.exchange.redcap.plain_text import plain_text
from metamodel.exchange.redcap.project import Variable
from metamodel.exchange.report import Report, both

_LAYOUT = (
    ("alignment", "自定义对齐", "custom alignment"),
    ("question_number", "题号", "question number"),
    ("matrix_group", "矩阵分组", "matrix group"),
    ("matrix_ranking", "矩阵排序", "matrix ranking"),
    ("annotation", "字段批注/动作标签", "field annotation or action tag"),
)


def form_items(
    variables: Iterable[Variable], codes: Mapping[str, str], text_rules: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Items in order. `codes` has the field code of each variable that became a field, `text_rules` the
    skip rule of each that became a text."""
    items: list[dict[str, Any]] = []
    section = ""
    for variable in variables:
        if variable.section and variable.section != section:
            section = variable.section
            items.append({"section": label(plain_text(section))})
        if variable.name in codes:
            items.append({"field": codes[variable.name]} | _widget(variable))
        elif variable.kind == "descriptive":
            rule = text_rules.get(variable.name)
            text = {"text": label(plain_text(variable.label) or variable.name)}
            items.append(text | ({"shown_if": rule} if rule else {}))
    return items


def _widget(variable: Variable) -> dict[str, str]:
    return {"widget": "radio"} if variable.kind == "radio" else {}


def report_layout(variable: Variable, report: Report) -> None:
    """Note what a form here has no place for."""
    for name, zh, en in _LAYOUT:
        if text := getattr(variable, name):
            report.drop(
                variable.where,
                both(zh, en),
                both("此处的版面没有对应项", "forms here have no such thing"),
                text,
            )
