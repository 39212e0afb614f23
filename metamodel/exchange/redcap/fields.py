"""From a REDCap variable to a field of a definition, without its rules."""

from __future__ import annotations

from typing import Any

from metamodel.exchange.choices import ChoiceText, parse_choices
from metamodel.exchange.names import label
from metamodel.exchange.redcap.bounds import bound
from metamodel.exchange.redcap.plain_text import plain_text
from metamodel.exchange.redcap.project import Variable
from metamodel.exchange.redcap.validation import VALIDATIONS, Validation, validation_of
from metamodel.exchange.redcap.value_sets import ValueSets
from metamodel.exchange.report import Report, both

_NOT_FIELDS = {
    "descriptive": both(
        "说明文字不是字段，已成为表单中的文本", "a text, not a field; it became a text on the form"
    ),
    "file": both("没有文件字段", "there is no file field"),
    "sql": both(
        "选项由源系统的数据库查询产生，不执行外来 SQL",
        "its choices come from a query in the source's database; foreign SQL is never run",
    ),
}
_KINDS_ZH = {"descriptive": "说明文字", "file": "文件", "sql": "查询选项"}
_CHOSEN = {"radio": "choice", "dropdown": "choice", "checkbox": "multi_choice"}
_SIMPLE = {"notes": "long_text", "yesno": "boolean", "truefalse": "boolean", "calc": "calculated"}


def field_document(
    variable: Variable, code: str, value_sets: ValueSets, report: Report
) -> dict[str, Any] | None:
    """The field of `variable`, or None (and a line in the report) when it can't be one."""
    if variable.kind in _NOT_FIELDS:
        what = both(f"{_KINDS_ZH[variable.kind]}（{variable.kind}）变量", f"a {variable.kind} variable")
        report.drop(variable.where, what, _NOT_FIELDS[variable.kind], variable.choices or variable.label)
        report.count(f"{variable.kind} (not a field)")
        return None
    document: dict[str, Any] = {"code": code, "label": label(_label_text(variable, report))}
    document |= _typed(variable, value_sets, report)
    document |= _bounds(variable, document["type"], report)
    if variable.unit:
        document["unit"] = variable.unit
    if variable.required:
        document["required"] = True
    if variable.identifier:
        document["identifying"] = True
    if help_text := _help(variable):
        document["help"] = label(plain_text(help_text))
    renamed = {"redcap": variable.name} if code != variable.name else {}
    if element := dict(variable.element) | renamed:
        document["element"] = element
    report.count("fields")
    return document


def _label_text(variable: Variable, report: Report) -> str:
    text = plain_text(variable.label)
    if text != variable.label:
        reason = both("标签中的 HTML 已转为纯文本", "labels are plain text; the tags were taken out")
        report.drop(variable.where, both("HTML 标签", "HTML in the label"), reason, variable.label)
    return text.strip() or variable.name


def _typed(variable: Variable, value_sets: ValueSets, report: Report) -> dict[str, Any]:
    if variable.kind in _CHOSEN:
        return _choice(variable, value_sets, report)
    if variable.kind in _SIMPLE:
        return {"type": _SIMPLE[variable.kind]}
    if variable.kind == "slider":
        return {"type": "integer"}
    if variable.kind != "text":
        what = both(f"类型 {variable.kind}", f"the type {variable.kind}")
        report.drop(variable.where, what, both("未知类型，已作为文本", "not a known type; taken as text"))
    return _text(variable, report)


def _text(variable: Variable, report: Report) -> dict[str, Any]:
    if variable.choices:
        what = both("文本框的选项栏", "choices of a text box")
        reason = both(
            "不支持术语服务查询，仅保留文本", "terminology look-up is not supported; the text is kept"
        )
        report.drop(variable.where, what, reason, variable.choices)
    found = validation_of(variable.validation)
    if found is None:
        what = both("文本校验类型", "text validation type")
        reason = both("未知校验类型，已作为普通文本", "not a known type; taken as plain text")
        report.drop(variable.where, what, reason, variable.validation)
    return _of_validation(found or VALIDATIONS[""])


def _of_validation(validation: Validation) -> dict[str, Any]:
    return {"type": validation.type} | ({"options": dict(validation.options)} if validation.options else {})


def _choice(variable: Variable, value_sets: ValueSets, report: Report) -> dict[str, Any]:
    choices = variable.value_list_choices or _parsed(variable, report)
    if not choices:
        what = both("没有选项的选择题", "a choice without choices")
        report.drop(variable.where, what, both("已作为文本", "taken as text"))
        return _of_validation(VALIDATIONS[""])
    name = variable.value_list or variable.name
    code = value_sets.code_for(name, choices, title=variable.value_list)
    return {"type": _CHOSEN[variable.kind], "value_set": code}


def _parsed(variable: Variable, report: Report) -> tuple[ChoiceText, ...]:
    parsed = parse_choices(variable.choices)
    for entry in parsed.repeated:
        reason = both("编码已出现过，保留第一个", "its code was there before; the first one is kept")
        report.drop(variable.where, both("重复选项", "a repeated choice"), reason, entry)
    return parsed.choices


def _bounds(variable: Variable, type_name: str, report: Report) -> dict[str, Any]:
    lowest, highest = variable.minimum, variable.maximum
    if variable.kind == "slider":
        lowest, highest = lowest or "0", highest or "100"
    bounds = {}
    for key, text in (("minimum", lowest), ("maximum", highest)):
        if not text:
            continue
        value = bound(type_name, text)
        if value is None:
            reason = both(
                "该类型没有界限，或界限不是固定值", "this type has no bounds, or the bound is no fixed value"
            )
            report.drop(variable.where, both("取值界限", f"the {key}"), reason, text)
        else:
            bounds[key] = value
    if bounds:
        report.count("ranges")
    return bounds


def _help(variable: Variable) -> str:
    if variable.kind != "slider" or not variable.choices:
        return variable.note
    return "\n".join(part for part in (variable.note, variable.choices) if part)
