"""Functions with rules of their own: conditions, first present value, choices, related records."""

from __future__ import annotations

from typing import Final

from rules_dsl.functions.declaration import Function, Parameter
from rules_dsl.nodes import Literal
from rules_dsl.types import RuleType

_ANY = frozenset(RuleType)
_RECORDS = frozenset({RuleType.RECORDS})
_TRUE = Literal("boolean", True)
_RECORD_LIST = Parameter("records", "关联记录", _RECORDS)
_CONDITION = Parameter("condition", "条件", frozenset({RuleType.BOOLEAN}))
_VALUES = Parameter("value", "值", _ANY, repeats=True)


def _over_values(name: str, zh: str, doc: str, doc_zh: str, example: str, gives: str) -> Function:
    """A function of present values: listed ones, or an expression over related records."""
    return Function(name, zh, (_VALUES,), None, doc, doc_zh, example, gives, form=name)


def _over_records(name: str, zh: str, doc: str, doc_zh: str, example: str, gives: str) -> Function:
    parameters = (_RECORD_LIST, _CONDITION)
    return Function(name, zh, parameters, RuleType.BOOLEAN, doc, doc_zh, example, gives, form=name)


def _by_order(name: str, zh: str, doc: str, doc_zh: str, example: str, gives: str) -> Function:
    parameters = (_RECORD_LIST, Parameter("by", "排序", _ANY), Parameter("value", "值", _ANY))
    return Function(name, zh, parameters, None, doc, doc_zh, example, gives, form=name)


FUNCTIONS: Final = (
    Function(
        "if",
        "如果",
        (_CONDITION, Parameter("then", "则", _ANY), Parameter("else", "否则", _ANY)),
        None,
        "The second value where the condition is true, the third where it is false or unknown.",
        "条件为真取第二个值；为假或未知取第三个值。",
        "if(2 > 1, 'a', 'b')",
        "a",
        form="if",
    ),
    Function(
        "coalesce",
        "首个有值",
        (_VALUES,),
        None,
        "The first value that is present.",
        "第一个不缺失的值。",
        "coalesce(missing, 7)",
        "7",
        form="coalesce",
    ),
    Function(
        "checked",
        "已勾选",
        (
            Parameter("field", "字段", frozenset({RuleType.CHOICES})),
            Parameter("code", "编码", frozenset({RuleType.TEXT}), literal=True),
        ),
        RuleType.BOOLEAN,
        "Whether a multi-choice field holds the code; the same as `[field] has 'code'`.",
        "多选字段是否勾选了该编码，与 `[字段] 勾选 '编码'` 相同。",
        "checked([symptoms], 'cough')",
        "true",
        form="checked",
    ),
    _over_records(
        "any",
        "任一",
        "Whether the condition is true for one related record; unknown if only unknowns could make it so; "
        "false without records.",
        "是否有一条关联记录满足条件；只有未知的可能时为未知；没有记录为假。",
        "any([lesion], [size] > 8)",
        "true",
    ),
    _over_records(
        "all",
        "全部",
        "Whether the condition is true for every related record; true without records.",
        "是否每条关联记录都满足条件；没有记录为真。",
        "all([lesion], [size] > 8)",
        "false",
    ),
    Function(
        "count",
        "计数",
        (_VALUES,),
        RuleType.NUMBER,
        "How many of the values are present; of related records, how many there are, or how many meet a "
        "condition.",
        "有值的个数；对关联记录，为条数或满足条件的条数。",
        "count(1, missing, 3)",
        "2",
        form="count",
    ),
    _over_values(
        "min",
        "最小值",
        "The smallest present number or date.",
        "有值中最小的数或日期。",
        "min(3, missing, 2)",
        "2",
    ),
    _over_values(
        "max",
        "最大值",
        "The largest present number or date.",
        "有值中最大的数或日期。",
        "max([lesion.size])",
        "12.5",
    ),
    _over_values(
        "sum",
        "求和",
        "The sum of the present numbers; missing if none is.",
        "有值之和；都缺失则缺失。",
        "sum(1, missing, 3)",
        "4",
    ),
    _over_values(
        "mean",
        "平均值",
        "The mean of the present numbers; missing if none is.",
        "有值的平均值；都缺失则缺失。",
        "mean(1, missing, 3)",
        "2",
    ),
    _over_values(
        "median",
        "中位数",
        "The middle present number, or the mean of the two in the middle; missing if none is.",
        "有值的中位数（个数为偶时取中间两数的平均）；都缺失则缺失。",
        "median(3, missing, 1, 7)",
        "3",
    ),
    _over_values(
        "stdev",
        "标准差",
        "The sample standard deviation (n - 1) of the present numbers; missing for fewer than two, and for "
        "magnitudes above 1e150.",
        "有值的样本标准差（n - 1）；少于两个值或数值超过 1e150 则缺失。",
        "stdev(2, missing, 4, 6)",
        "2",
    ),
    Function(
        "exists",
        "存在",
        (_RECORD_LIST, Parameter("condition", "条件", frozenset({RuleType.BOOLEAN}), default=_TRUE)),
        RuleType.BOOLEAN,
        "Whether there is a related record, or one that meets the condition.",
        "是否有关联记录，或是否有一条满足条件。",
        "exists([lesion])",
        "true",
        form="exists",
    ),
    _by_order(
        "latest",
        "最近",
        "The value of the related record whose `by` is greatest; of equal ones the greatest value. Records "
        "without a `by` don't count; the value may be missing.",
        "排序值最大的关联记录的值，并列时取最大值；没有排序值的记录不计，其值可能缺失。",
        "latest([lesion], [seen], [size])",
        "3",
    ),
    _by_order(
        "earliest",
        "最早",
        "The value of the related record whose `by` is least; of equal ones the least value. Records without "
        "a `by` don't count; the value may be missing.",
        "排序值最小的关联记录的值，并列时取最小值；没有排序值的记录不计，其值可能缺失。",
        "earliest([lesion], [seen], [size])",
        "12.5",
    ),
    Function(
        "missing_reason",
        "缺失原因",
        (Parameter("field", "字段", _ANY),),
        RuleType.TEXT,
        "The code recorded for why the field has no value; missing where it has one or no code was recorded.",
        "字段缺失时登记的原因编码；字段有值或未登记原因则缺失。",
        "missing_reason([weight])",
        "refused",
        form="missing_reason",
    ),
)
