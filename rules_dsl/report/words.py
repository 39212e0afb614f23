"""The words of the report language in English and Chinese, and what each kind of statement may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from rules_dsl.errors import Language
from rules_dsl.report.model import Direction, Kind, State

Word = TypeVar("Word", bound=str)

HEADS: Final[dict[str, dict[Language, str]]] = {
    "package": {"en": "package", "zh": "规则包"},
    "uses": {"en": "uses", "zh": "使用"},
    "term": {"en": "term", "zh": "术语"},
    "ignore": {"en": "ignore", "zh": "忽略"},
    "modifier": {"en": "modifier", "zh": "修饰"},
    "stop": {"en": "stop", "zh": "终止"},
    "side": {"en": "side", "zh": "方位"},
    "site": {"en": "site", "zh": "部位"},
    "density": {"en": "density", "zh": "密度"},
    "change": {"en": "change", "zh": "变化"},
    "grade": {"en": "grade", "zh": "分级"},
    "number": {"en": "number", "zh": "数值"},
    "enum": {"en": "enum", "zh": "枚举"},
    "histology": {"en": "histology", "zh": "组织学"},
    "section": {"en": "section", "zh": "章节"},
    "classify": {"en": "classify", "zh": "归纳"},
    "test": {"en": "test", "zh": "测试"},
}

OPTIONS: Final[dict[str, dict[Language, str]]] = {
    "version": {"en": "version", "zh": "版本"},
    "label": {"en": "label", "zh": "名称"},
    "under": {"en": "under", "zh": "属于"},
    "kind": {"en": "kind", "zh": "种类"},
    "density": {"en": "density", "zh": "密度"},
    "organ": {"en": "organ", "zh": "器官"},
    "direction": {"en": "direction", "zh": "方向"},
    "values": {"en": "values", "zh": "取值"},
    "unit": {"en": "unit", "zh": "单位"},
    "value": {"en": "value", "zh": "值"},
    "behaviour": {"en": "behaviour", "zh": "性质"},
    "default": {"en": "default", "zh": "默认"},
    "side": {"en": "side", "zh": "方位"},
    "near": {"en": "near", "zh": "邻近"},
}

STATES: Final[dict[State, dict[Language, str]]] = {
    "无": {"en": "absent", "zh": "无"},
    "可疑": {"en": "suspected", "zh": "可疑"},
    "既往": {"en": "past", "zh": "既往"},
    "家族": {"en": "family", "zh": "家族"},
    "假设": {"en": "hypothetical", "zh": "假设"},
    "有": {"en": "present", "zh": "有"},
}
DIRECTIONS: Final[dict[Direction, dict[Language, str]]] = {
    "forward": {"en": "forward", "zh": "向后"},
    "backward": {"en": "backward", "zh": "向前"},
    "both": {"en": "both", "zh": "双向"},
}
KINDS: Final[dict[Kind, dict[Language, str]]] = {
    "lesion": {"en": "lesion", "zh": "病变"},
    "sign": {"en": "sign", "zh": "征象"},
    "diagnosis": {"en": "diagnosis", "zh": "诊断"},
    "procedure": {"en": "procedure", "zh": "操作"},
}


@dataclass(frozen=True)
class Shape:
    """What a statement of one kind may say: its options, and whether a list follows it."""

    options: frozenset[str]
    has_items: bool = True


SHAPES: Final[dict[str, Shape]] = {
    "package": Shape(frozenset({"version", "label"}), False),
    "uses": Shape(frozenset(), False),
    "term": Shape(frozenset({"under", "kind", "density", "side"})),
    "ignore": Shape(frozenset()),
    "modifier": Shape(frozenset({"direction"})),
    "stop": Shape(frozenset()),
    "side": Shape(frozenset()),
    "site": Shape(frozenset({"organ", "side"})),
    "density": Shape(frozenset()),
    "change": Shape(frozenset()),
    "grade": Shape(frozenset({"values", "default"})),
    "number": Shape(frozenset({"unit", "near"})),
    "enum": Shape(frozenset({"value"})),
    "histology": Shape(frozenset({"behaviour"})),
    "section": Shape(frozenset()),
    "classify": Shape(frozenset()),
    "test": Shape(frozenset()),
}


def canonical(table: Mapping[Word, dict[Language, str]], written: str) -> Word | None:
    """The key of `table` that `written` spells in either language."""
    for key, spelled in table.items():
        if written == key or written in spelled.values():
            return key
    return None
