"""What is wrong with a value or a record. A problem never carries a value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from metamodel.field_types.base import ValueProblem


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, in both languages. `field` is a code, or "" for the record as a whole.

    An "error" keeps the record from being stored; a "warning" does not.
    """

    field: str
    code: str
    zh: str
    en: str
    severity: str = "error"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def unreadable(field: str, problem: ValueProblem) -> Problem:
    return Problem(field, problem.code, problem.zh, problem.en)


def unknown_field(code: str, known: Iterable[str]) -> Problem:
    near = difflib.get_close_matches(code, list(known), n=1)
    zh = f"，是否为 {near[0]}？" if near else "。"
    en = f"; did you mean {near[0]}?" if near else "."
    return Problem(code, "unknown_field", f"没有字段 {code}{zh}", f"There is no field {code}{en}")


def masked_echo(field: str) -> Problem:
    return Problem(
        field,
        "masked_value",
        "该值是脱敏后的显示内容，不能保存；不修改时请不要提交此字段。",
        "This is the masked display, not a value; leave the field out when it does not change.",
    )


@lru_cache(maxsize=4096)  # said of many rows of a batch
def required(field: str) -> Problem:
    return Problem(field, "required", "必填。", "A value is required.")


def too_small(field: str, bound: object) -> Problem:
    return Problem(field, "minimum", f"不能小于 {bound}。", f"Must not be below {bound}.")


def too_large(field: str, bound: object) -> Problem:
    return Problem(field, "maximum", f"不能大于 {bound}。", f"Must not be above {bound}.")


@lru_cache(maxsize=4096)  # said of many rows of a batch
def computed(field: str) -> Problem:
    return Problem(
        field, "computed", "该字段由系统计算，所给的值未被采用。",
        "This field is calculated; the given value was not used.", "warning",
    )  # fmt: skip


@lru_cache(maxsize=4096)  # said of many rows of a batch
def not_shown(field: str) -> Problem:
    return Problem(
        field, "not_shown", "按跳转规则该字段不应填写，所给的值已保留。",
        "By its skip rule this field is not shown; the given value was kept.", "warning",
    )  # fmt: skip


def missing_code_unknown(field: str, known: Iterable[str]) -> Problem:
    listed = ", ".join(known)
    return Problem(
        field, "missing_code", f"缺失原因不在允许范围内：{listed or '无'}。",
        f"This reason for a missing value is not one of: {listed or 'none'}.",
    )  # fmt: skip


def missing_with_value(field: str) -> Problem:
    return Problem(
        field, "missing_with_value", "已填写值，不能同时注明缺失原因。",
        "A field with a value can't have a reason for a missing one.",
    )  # fmt: skip


def parent_missing() -> Problem:
    return Problem(
        "", "parent_missing", "上级记录不存在，或您无权查看。",
        "There is no such parent record, or you may not see it.",
    )  # fmt: skip


def parent_trashed() -> Problem:
    return Problem(
        "", "parent_trashed", "上级记录在回收站中，请先恢复。",
        "The parent record is in the trash; restore it first.",
    )  # fmt: skip


def parent_wrong(expected: str) -> Problem:
    return Problem(
        "", "parent_wrong", f"上级记录应为 {expected}。", f"The parent must be a record of {expected}."
    )


def parent_refused() -> Problem:
    return Problem("", "parent_refused", "该记录类型没有上级记录。", "Records of this type have no parent.")


def event_unknown(event: str, known: Iterable[str]) -> Problem:
    listed = ", ".join(known)
    return Problem(
        "", "unknown_event", f"没有访视 {event or '（空）'}，可用：{listed or '无'}。",
        f"There is no event {event or '(none)'} here; known: {listed or 'none'}.",
    )  # fmt: skip


def not_repeating() -> Problem:
    return Problem(
        "", "not_repeating", "该记录类型不可重复，序号只能为 1。",
        "Records of this type do not repeat; the repeat key can only be 1.",
    )  # fmt: skip


def repeat_key_wrong(largest: int) -> Problem:
    return Problem(
        "", "repeat_key", f"序号应在 1 到 {largest} 之间。", f"The repeat key must be from 1 to {largest}."
    )


def duplicate_key(field: str) -> Problem:
    return Problem(field, "duplicate_key", "已有记录使用该标识值。", "Another record has this key already.")


def duplicate_record() -> Problem:
    return Problem(
        "", "duplicate_record", "该上级记录下同一访视、同一序号的记录已存在。",
        "The parent has a record with this event and repeat key already.",
    )  # fmt: skip


def row_not_permitted() -> Problem:
    return Problem(
        "",
        "row_not_permitted",
        "您的数据范围不包含该记录。",
        "This record is outside the rows you may write.",
    )


def patient_forgotten(field: str) -> Problem:
    return Problem(
        field, "patient_forgotten", "该患者的身份信息已被遗忘，不能再保存身份数据。",
        "This patient was forgotten; identifying values can't be kept any more.",
    )  # fmt: skip
