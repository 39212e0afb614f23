"""Functions of numbers. All arithmetic is in IEEE doubles; a result out of range is missing."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, Final

from rules_dsl.functions.declaration import Function, Parameter, SqlKit
from rules_dsl.nodes import Literal
from rules_dsl.types import NUMERIC, RuleType

NUMBER_ARGUMENT = Parameter("number", "数值", NUMERIC)

HALF_TOLERANCE: Final = 2.0**-51
EXACT_INTEGERS: Final = 1e15
EXPONENT_LIMIT: Final = 700.0


def round_half_away(value: float, digits: int) -> float:
    """`value` rounded to `digits` decimals, halves away from zero.

    A value within two units in the last place of a half counts as that half, so that 1.005
    (stored as 1.00499999999999989...) gives 1.01. From 1e15 units on, doubles have no half to round.
    """
    magnitude = abs(value)
    if digits >= 0:
        scale = 10.0**digits
        if magnitude >= EXACT_INTEGERS / scale:
            return value
        scaled = magnitude * scale
        rounded = math.floor(scaled + 0.5 + scaled * HALF_TOLERANCE) / scale
    else:
        scale = 10.0**-digits
        if magnitude < 0.1 or magnitude >= EXACT_INTEGERS * scale:
            return 0.0 if magnitude < 0.1 else value
        scaled = magnitude / scale
        rounded = math.floor(scaled + 0.5 + scaled * HALF_TOLERANCE) * scale
    return (-rounded if value < 0 else rounded) + 0.0


def _round_sql(kit: SqlKit, value: Any, digits: int) -> Any:
    scale = 10.0 ** abs(digits)

    def rounded(x: Any) -> Any:
        magnitude = kit.call("abs", x)
        scaled = magnitude * kit.number(scale) if digits >= 0 else magnitude / kit.number(scale)
        shifted = kit.call("floor", scaled + kit.number(0.5) + scaled * kit.number(HALF_TOLERANCE))
        result = shifted / kit.number(scale) if digits >= 0 else shifted * kit.number(scale)
        limit = EXACT_INTEGERS / scale if digits >= 0 else EXACT_INTEGERS * scale
        signed = kit.when(x < kit.number(0.0), -result, result) + kit.number(0.0)
        small = kit.when(magnitude < kit.number(1e-200 if digits >= 0 else 0.1), kit.number(0.0), signed)
        return kit.when(magnitude >= kit.number(limit), x, small)

    return kit.let([value], rounded)


def _sqrt(value: float) -> float | None:
    return math.sqrt(value) if value >= 0 else None


def _logarithm(value: float) -> float | None:
    return math.log(value) if value > 0 else None


def _logarithm10(value: float) -> float | None:
    return math.log10(value) if value > 0 else None


def _exponential(value: float) -> float | None:
    if value > EXPONENT_LIMIT:
        return None
    return 0.0 if value < -EXPONENT_LIMIT else math.exp(value)


def _positive_only(name: str) -> Any:
    def sql(kit: SqlKit, value: Any) -> Any:
        return kit.let([value], lambda x: kit.when(x > kit.number(0.0), kit.call(name, x)))

    return sql


def _sqrt_sql(kit: SqlKit, value: Any) -> Any:
    return kit.let([value], lambda x: kit.when(x >= kit.number(0.0), kit.call("sqrt", x)))


def _exponential_sql(kit: SqlKit, value: Any) -> Any:
    def guarded(x: Any) -> Any:
        tiny = kit.when(x < kit.number(-EXPONENT_LIMIT), kit.number(0.0), kit.call("exp", x))
        return kit.when(x <= kit.number(EXPONENT_LIMIT), tiny)

    return kit.let([value], guarded)


def _mod(number: float, divisor: float) -> float | None:
    """What is left of `number`, with the sign of `divisor`; a nearly whole quotient counts as whole."""
    if divisor == 0:
        return None
    quotient = number / divisor
    if not abs(quotient) < EXACT_INTEGERS:
        return None
    whole = math.floor(quotient + abs(quotient) * HALF_TOLERANCE)
    left = number - divisor * whole
    return left if (left > 0) == (divisor > 0) else 0.0


def _mod_sql(kit: SqlKit, number: Any, divisor: Any) -> Any:
    zero = kit.number(0.0)

    def remainder(x: Any, y: Any, quotient: Any) -> Any:
        size = kit.call("abs", quotient)
        near = kit.when(size < kit.number(1e-200), zero, size * kit.number(HALF_TOLERANCE))
        left = x - y * kit.call("floor", quotient + near)
        signed = kit.let([left], lambda rest: kit.when((rest > zero) == (y > zero), rest, zero))
        return kit.when(size < kit.number(EXACT_INTEGERS), signed)

    return kit.let(
        [number, divisor],
        lambda x, y: kit.let([kit.divide(x, y)], lambda quotient: remainder(x, y, quotient)),
    )


def _sign(number: float) -> float:
    return float((number > 0) - (number < 0))


def _sign_sql(kit: SqlKit, number: Any) -> Any:
    zero, one = kit.number(0.0), kit.number(1.0)
    return kit.let(
        [number],
        lambda x: kit.when(x > zero, one, kit.when(x < zero, kit.number(-1.0), kit.when(x == zero, zero))),
    )


def _format(value: float, digits: int) -> str | None:
    scale = 10.0**digits
    if abs(value) >= EXACT_INTEGERS / scale:
        return None
    scaled = abs(value) * scale
    units = math.floor(scaled + 0.5 + scaled * HALF_TOLERANCE)
    whole, part = divmod(units, 10**digits)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def _format_sql(kit: SqlKit, value: Any, digits: int) -> Any:
    scale = 10.0**digits

    def written(x: Any) -> Any:
        size = kit.call("abs", x)
        scaled = size * kit.number(scale)
        shifted = kit.call("floor", scaled + kit.number(0.5) + scaled * kit.number(HALF_TOLERANCE))
        units = kit.when(size < kit.number(1e-200), kit.number(0.0), shifted)
        text = kit.let([units], lambda count: kit.fixed(x, count, digits))
        return kit.when(size < kit.number(EXACT_INTEGERS / scale), text)

    return kit.let([value], written)


FUNCTIONS: Final = (
    Function(
        "round",
        "四舍五入",
        (
            NUMBER_ARGUMENT,
            Parameter(
                "digits",
                "小数位数",
                frozenset({RuleType.INTEGER}),
                literal=True,
                default=Literal("number", Decimal(0)),
                whole=(-15, 15),
            ),
        ),
        RuleType.NUMBER,
        "Rounds to that many decimals (-15 to 15), halves away from zero.",
        "按位数四舍五入（-15 到 15 位），一半时远离零。",
        "round(2.5)",
        "3",
        python=round_half_away,
        sql=_round_sql,
    ),
    Function(
        "abs",
        "绝对值",
        (NUMBER_ARGUMENT,),
        RuleType.NUMBER,
        "The number without its sign.",
        "去掉正负号。",
        "abs(-3)",
        "3",
        python=abs,
        sql=lambda kit, x: kit.call("abs", x),
    ),
    Function(
        "floor",
        "向下取整",
        (NUMBER_ARGUMENT,),
        RuleType.NUMBER,
        "The largest whole number not above it.",
        "不大于该数的最大整数。",
        "floor(-2.5)",
        "-3",
        python=lambda x: float(math.floor(x)),
        sql=lambda kit, x: kit.call("floor", x),
    ),
    Function(
        "ceil",
        "向上取整",
        (NUMBER_ARGUMENT,),
        RuleType.NUMBER,
        "The smallest whole number not below it.",
        "不小于该数的最小整数。",
        "ceil(2.1)",
        "3",
        python=lambda x: float(math.ceil(x)),
        sql=lambda kit, x: kit.call("ceil", x) + kit.number(0.0),
    ),
    Function(
        "sqrt",
        "平方根",
        (NUMBER_ARGUMENT,),
        RuleType.NUMBER,
        "The square root; missing below zero.",
        "平方根；负数得缺失。",
        "sqrt(9)",
        "3",
        python=_sqrt,
        sql=_sqrt_sql,
    ),
    Function(
        "ln",
        "自然对数",
        (NUMBER_ARGUMENT,),
        RuleType.NUMBER,
        "The natural logarithm; missing at or below zero.",
        "自然对数；零和负数得缺失。",
        "ln(1)",
        "0",
        python=_logarithm,
        sql=_positive_only("ln"),
    ),
    Function(
        "log10",
        "常用对数",
        (NUMBER_ARGUMENT,),
        RuleType.NUMBER,
        "The logarithm to base 10; missing at or below zero.",
        "以 10 为底的对数；零和负数得缺失。",
        "log10(100)",
        "2",
        python=_logarithm10,
        sql=_positive_only("log10"),
    ),
    Function(
        "exp",
        "指数",
        (NUMBER_ARGUMENT,),
        RuleType.NUMBER,
        "e to this power; missing above 700, zero below -700.",
        "e 的该次幂；大于 700 得缺失，小于 -700 得 0。",
        "exp(0)",
        "1",
        python=_exponential,
        sql=_exponential_sql,
    ),
    Function(
        "mod",
        "取余",
        (NUMBER_ARGUMENT, Parameter("divisor", "除数", NUMERIC)),
        RuleType.NUMBER,
        "What division leaves over, with the sign of the divisor; missing for zero and where the quotient "
        "reaches 1e15.",
        "除法的余数，符号与除数相同；除数为零或商达到 1e15 则缺失。",
        "mod(-7, 3)",
        "2",
        python=_mod,
        sql=_mod_sql,
    ),
    Function(
        "sign",
        "正负号",
        (NUMBER_ARGUMENT,),
        RuleType.NUMBER,
        "1 above zero, 0 at zero, -1 below.",
        "正数得 1，零得 0，负数得 -1。",
        "sign(-3)",
        "-1",
        python=_sign,
        sql=_sign_sql,
        small=True,
    ),
    Function(
        "power",
        "乘方",
        (NUMBER_ARGUMENT, Parameter("exponent", "次数", NUMERIC)),
        RuleType.NUMBER,
        "The number to that power; the same as `number ^ exponent`.",
        "数值的若干次方，与 `数值 ^ 次数` 相同。",
        "power(2, 10)",
        "1024",
        form="power",
    ),
    Function(
        "text",
        "转文本",
        (NUMBER_ARGUMENT,),
        RuleType.TEXT,
        "All digits of a whole or decimal field, without idle zeros.",
        "整数或小数字段的全部数字，不含多余的零。",
        "text(8.10)",
        "8.1",
        form="text",
    ),
    Function(
        "format",
        "格式化",
        (
            NUMBER_ARGUMENT,
            Parameter("digits", "小数位数", frozenset({RuleType.INTEGER}), literal=True, whole=(0, 15)),
        ),
        RuleType.TEXT,
        "The number with that many decimals (0 to 15), halves away from zero; missing where it has more than "
        "15 digits in all.",
        "按固定小数位数（0 到 15 位）书写，一半时远离零；总位数超过 15 位则缺失。",
        "format(2.5, 2)",
        "2.50",
        python=_format,
        sql=_format_sql,
    ),
)
