"""What the properties of definitions are called, and how their values are said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from metamodel.field_types import UnknownFieldType, field_type
from metamodel.plans.changes.change import Document, Words

PROPERTIES: Final[Mapping[str, Words]] = {
    "label": Words("名称", "label"),
    "description": Words("说明", "description"),
    "help": Words("填写说明", "help text"),
    "category": Words("类别", "category"),
    "code": Words("编码", "code"),
    "type": Words("类型", "type"),
    "unit": Words("单位", "unit"),
    "options": Words("类型选项", "type options"),
    "value_set": Words("值域", "value set"),
    "required": Words("必填", "required"),
    "required_if": Words("必填条件", "required if"),
    "shown_if": Words("显示条件", "shown if"),
    "calculation": Words("计算公式", "calculation"),
    "minimum": Words("最小值", "minimum"),
    "maximum": Words("最大值", "maximum"),
    "checks": Words("校验规则", "checks"),
    "identifying": Words("标识信息", "identifying"),
    "masking": Words("脱敏方式", "masking"),
    "hidden": Words("隐藏", "hidden"),
    "missing_codes": Words("缺失代码", "missing-data codes"),
    "element": Words("数据元", "data element"),
    "parent": Words("上级记录类型", "parent record type"),
    "repeats": Words("可重复", "repeats"),
    "events": Words("适用访视", "events"),
    "key": Words("主键字段", "key field"),
    "storage": Words("数据来源", "storage"),
    "writer": Words("写入方", "writer"),
    "patient_path": Words("患者路径", "patient path"),
    "centre_path": Words("中心路径", "centre path"),
    "record_type": Words("记录类型", "record type"),
    "standard": Words("标准", "standard"),
    "version": Words("标准版本", "standard's version"),
    "active": Words("启用", "active"),
    "widget": Words("控件", "widget"),
    "arm": Words("分组", "arm"),
    "max_length": Words("最大长度", "maximum length"),
    "scale": Words("小数位", "decimal places"),
    "precision": Words("精度", "precision"),
    "result": Words("结果类型", "result type"),
    "format": Words("格式", "format"),
    "pattern": Words("格式", "pattern"),
    "convert": Words("已有值的换算", "conversion of stored values"),
    "factor": Words("系数", "factor"),
    "offset": Words("加数", "offset"),
    "codes": Words("选项对应", "choices"),
    "step": Words("第几次", "number"),
}
LANGUAGES: Final = {"zh": Words("（中文）", " (Chinese)"), "en": Words("（英文）", " (English)")}
CATEGORIES: Final[Mapping[str, Words]] = {
    "department": Words("科室", "Department"),
    "specialty": Words("专病", "Specialty"),
    "personal": Words("个人", "Personal"),
    "sub": Words("子库", "Sub-database"),
    "core": Words("核心", "Core"),
}
SEVERITIES: Final = {"error": Words("错误", "error"), "warning": Words("提醒", "warning")}
RESULTS: Final = {"number": Words("数字", "Number"), "text": Words("文本", "Text")}
YES: Final = Words("是", "yes")
NO: Final = Words("否", "no")


def property_words(path: str) -> Words:
    """A property as people call it: "help.zh" is 填写说明（中文）; a key we don't know is said as it is."""
    name, _, rest = path.partition(".")
    words = PROPERTIES.get(name, Words.same(name))
    if not rest:
        return words
    if rest in LANGUAGES:
        return Words(words.zh + LANGUAGES[rest].zh, words.en + LANGUAGES[rest].en)
    inner = PROPERTIES.get(rest, Words.same(rest))
    return Words(f"{words.zh} · {inner.zh}", f"{words.en} · {inner.en}")


def value_words(name: str, value: Any) -> Words:
    """A property's value as people say it. Nothing of it is left out."""
    if value is True or value is False:
        return YES if value else NO
    if name == "checks":
        return Words.joined((check_words(item) for item in value), "\n", "\n")
    if name == "options.result" and value in RESULTS:
        return RESULTS[value]
    if name == "type" or name == "options.result":
        return type_words(str(value))
    if name == "category":
        return CATEGORIES.get(str(value), Words.same(str(value)))
    if isinstance(value, str | int | float):
        return Words.same(str(value))
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return Words.joined(Words.same(str(item)) for item in value)
    return Words.same(json.dumps(value, ensure_ascii=False, sort_keys=True))


def check_words(check: Document) -> Words:
    """A check: its expression, how grave it is, what it tells."""
    given = str(check.get("severity") or "error")
    severity = SEVERITIES.get(given, Words.same(given))
    message = check.get("message") or {}
    told = " / ".join(str(message[key]) for key in ("zh", "en") if message.get(key))
    said = f"{check['expression']}"
    ending = f" — {told}" if told else ""
    return Words(f"{said}（{severity.zh}）{ending}", f"{said} ({severity.en}){ending}")


def type_words(name: str) -> Words:
    """A field type: 整数, Integer."""
    try:
        known = field_type(name)
    except UnknownFieldType:
        return Words.same(name)
    return Words(known.label_zh, known.label_en)


def shape_words(name: str, options: Mapping[str, Any]) -> Words:
    """A field type with the options that shape its column: 小数（小数位 2）, Decimal (decimal places 2)."""
    kind = type_words(name)
    said = [(PROPERTIES[key], value_words(f"options.{key}", value)) for key, value in options.items()]
    if not said:
        return kind
    listed = Words.joined(Words(f"{key.zh} {value.zh}", f"{key.en} {value.en}") for key, value in said)
    return Words(f"{kind.zh}（{listed.zh}）", f"{kind.en} ({listed.en})")
