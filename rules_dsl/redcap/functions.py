"""REDCap's functions in terms of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from rules_dsl.errors import NotTranslatable
from rules_dsl.functions.dates import SECONDS
from rules_dsl.nodes import Binary, Call, IsMissing, Literal, Logic, Node, Unary
from rules_dsl.redcap.parts import (
    Part,
    as_condition,
    as_date,
    as_number,
    as_text,
    condition,
    unify,
)
from rules_dsl.types import NUMERIC, TEXTUAL, RuleType

Handler = Callable[[Sequence[Part]], Part]
_LAYOUTS: Final = frozenset({"dmy", "mdy", "ymd"})


def called(name: str, args: Sequence[Part]) -> Part:
    """The call of a REDCap function, translated.

    Raises:
        NotTranslatable: when there is no such function, or no such form of it, in our language.
    """
    handler = _HANDLERS.get(name.lower())
    if handler is None:
        raise NotTranslatable(f"the function {name} has no counterpart", f"函数 {name} 没有对应")
    try:
        return handler(args)
    except (IndexError, ValueError):
        raise NotTranslatable(
            f"{name} is called with arguments that REDCap does not document",
            f"函数 {name} 的参数不符合 REDCap 的说明",
        ) from None


def _number(node: Node) -> Part:
    return Part(node, RuleType.NUMBER)


def _numeric(name: str) -> Handler:
    """A function of one number that is called the same, or `name`, here."""

    def translate(args: Sequence[Part]) -> Part:
        (argument,) = args
        return _number(Call(name, (as_number(argument),)))

    return translate


def _over_numbers(name: str) -> Handler:
    def translate(args: Sequence[Part]) -> Part:
        return _number(Call(name, tuple(as_number(argument) for argument in args)))

    return translate


def _digits(args: Sequence[Part]) -> int:
    if len(args) == 1:
        return 0
    node = args[1].node
    if isinstance(node, Unary) and node.op == "-" and isinstance(node.item, Literal):
        return -int(str(node.item.value))
    return int(args[1].literal or "")


def _round(args: Sequence[Part]) -> Part:
    digits = _digits(args)
    places = Literal("number", Decimal(abs(digits)))
    return _number(Call("round", (as_number(args[0]), Unary("-", places) if digits < 0 else places)))


def _rounding_by(name: str) -> Handler:
    """`roundup` and `rounddown`: to a number of decimals by `ceil` or `floor` of the scaled number."""

    def translate(args: Sequence[Part]) -> Part:
        digits, value = _digits(args), as_number(args[0])
        if digits == 0:
            return _number(Call(name, (value,)))
        scale = Literal("number", Decimal(10) ** digits)
        return _number(Binary("/", Call(name, (Binary("*", value, scale),)), scale))

    return translate


def _logarithm(args: Sequence[Part]) -> Part:
    """REDCap's log is natural unless a base is given."""
    value = as_number(args[0])
    if len(args) == 1:
        return _number(Call("ln", (value,)))
    if args[1].literal == "10":
        return _number(Call("log10", (value,)))
    return _number(Binary("/", Call("ln", (value,)), Call("ln", (as_number(args[1]),))))


def _power(args: Sequence[Part]) -> Part:
    base, exponent = args
    return _number(Binary("^", as_number(base), as_number(exponent)))


def _if(args: Sequence[Part]) -> Part:
    test, then, otherwise = args
    branches, kind = unify([then, otherwise])
    return Part(Call("if", (as_condition(test), *branches)), kind)


def _datediff(args: Sequence[Part]) -> Part:
    """Signed only when the last argument says so; the date format matters for literals alone."""
    start, end, unit = args[:3]
    options = [_option(argument) for argument in args[3:]]
    layout = next((option for option in options if option in _LAYOUTS), "ymd")
    if unit.literal not in SECONDS:
        raise NotTranslatable("datediff without a written unit", "datediff 没有写明单位")
    dates = as_date(start, layout).node, as_date(end, layout).node
    difference = Call("datediff", (*dates, Literal("text", unit.literal)))
    return _number(difference if "true" in options else Call("abs", (difference,)))


def _option(part: Part) -> str:
    if isinstance(part.node, Literal) and part.node.kind == "boolean":
        return "true" if part.node.value else "false"
    return (part.literal or "").lower()


def _date_part(name: str) -> Handler:
    def translate(args: Sequence[Part]) -> Part:
        (argument,) = args
        return _number(Call(name, (as_date(argument).node,)))

    return translate


def _is_blank(args: Sequence[Part]) -> Part:
    (argument,) = args
    return condition(IsMissing(argument.node))


def _is_number(args: Sequence[Part]) -> Part:
    (argument,) = args
    convert = argument.type in TEXTUAL and argument.type not in NUMERIC
    node = Call("number", (argument.node,)) if convert else argument.node
    return condition(Unary("not", IsMissing(node)))


def _not(args: Sequence[Part]) -> Part:
    """True where the condition is not: REDCap knows no unknown."""
    (argument,) = args
    branches = Literal("boolean", False), Literal("boolean", True)
    return condition(Call("if", (as_condition(argument), *branches)))


def _text_test(op: str, negated: bool = False) -> Handler:
    """A test of a text; a blank holds nothing."""

    def translate(args: Sequence[Part]) -> Part:
        text, part = args
        test = Binary(op, as_text(text), as_text(part))
        if not negated:
            return condition(test)
        return condition(Logic("or", (IsMissing(text.node), Unary("not", test))))

    return translate


def _text_function(name: str, result: RuleType = RuleType.TEXT) -> Handler:
    def translate(args: Sequence[Part]) -> Part:
        return Part(Call(name, tuple(as_text(argument) for argument in args)), result)

    return translate


def _end(name: str) -> Handler:
    """`left` and `right`: so many characters of a text."""

    def translate(args: Sequence[Part]) -> Part:
        text, length = args
        return Part(Call(name, (as_text(text), as_number(length))), RuleType.TEXT)

    return translate


def _mid(args: Sequence[Part]) -> Part:
    text, start, length = args
    places = (Literal("number", Decimal(int(place.literal or ""))) for place in (start, length))
    return Part(Call("substring", (as_text(text), *places)), RuleType.TEXT)


_HANDLERS: Final[dict[str, Handler]] = {
    "abs": _numeric("abs"),
    "concat": _text_function("concat"),
    "contains": _text_test("contains"),
    "datediff": _datediff,
    "day": _date_part("day"),
    "exp": _numeric("exp"),
    "exponential": _numeric("exp"),
    "if": _if,
    "isblank": _is_blank,
    "isblankormissingcode": _is_blank,
    "isblankornull": _is_blank,
    "isnumber": _is_number,
    "left": _end("left"),
    "length": _text_function("length", RuleType.NUMBER),
    "log": _logarithm,
    "lower": _text_function("lower"),
    "max": _over_numbers("max"),
    "mean": _over_numbers("mean"),
    "median": _over_numbers("median"),
    "mid": _mid,
    "min": _over_numbers("min"),
    "month": _date_part("month"),
    "not": _not,
    "not_contain": _text_test("contains", negated=True),
    "not_start_with": _text_test("starts with", negated=True),
    "pow": _power,
    "replace_text": _text_function("replace"),
    "right": _end("right"),
    "round": _round,
    "rounddown": _rounding_by("floor"),
    "roundup": _rounding_by("ceil"),
    "sqrt": _numeric("sqrt"),
    "starts_with": _text_test("starts with"),
    "sum": _over_numbers("sum"),
    "trim": _text_function("trim"),
    "upper": _text_function("upper"),
    "year": _date_part("year"),
}
