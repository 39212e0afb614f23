"""The Python back end: a checked rule becomes one closure over a record and a context.

A frame is `(record, context, frame around)`, so that an expression inside a quantifier still reaches the
record outside; around the rule's own record is the budget of the evaluation, or None. None stands for
missing and for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any, TypeAlias

from rules_dsl.checker import analyse
from rules_dsl.cost import Budget, count_steps, has_quantifier, steps_for_each
from rules_dsl.functions.dates import shifted
from rules_dsl.functions.texts import fold
from rules_dsl.literals import plain_digits
from rules_dsl.python_aggregates import BY_ORDER, OF_RECORDS, OF_VALUES
from rules_dsl.python_values import (
    ARITHMETIC,
    EXACT,
    LARGEST,
    NEARLY,
    READERS,
    midnight,
    related_records,
    to_double,
)
from rules_dsl.tree import Tree
from rules_dsl.typed import (
    Absent,
    Apply,
    Arithmetic,
    Combined,
    Conditional,
    Constant,
    Double,
    Exactly,
    FirstPresent,
    Holds,
    Matches,
    Midnight,
    Moment,
    Nearly,
    Negative,
    Not,
    OfRecords,
    OfValues,
    OneOf,
    Reason,
    Reference,
    Shifted,
    TextTest,
    Typed,
    Written,
)
from rules_dsl.types import FieldTypes, TypeResolver
from rules_dsl.values import Context, Missing

Record: TypeAlias = Mapping[str, Any]
Frame: TypeAlias = tuple[Record, Context, Any]
Closure: TypeAlias = Callable[[Frame], Any]


def compile_python(tree: Tree, types: FieldTypes | TypeResolver) -> Callable[[Record, Context], Any]:
    """A function of a record and a context giving the rule's value.

    The record maps field paths to values: int, float, Decimal, bool, str, date, datetime (naive), time, a
    list of codes, and for related records a list of such mappings; what is absent, None or `Missing` is
    missing. Numbers come out as float where computed, else as stored; None is missing or unknown.

    Raises:
        RuleTypeError: when the rule does not fit the types. The function itself raises RuleTooCostly when
            quantifiers over many related records would take too long.
    """
    checked = analyse(tree, types)
    run = build(checked)

    def evaluate_rule(record: Record, context: Context) -> Any:
        return run((record, context, None))

    def evaluate_counted(record: Record, context: Context) -> Any:
        return run((record, context, Budget()))

    return evaluate_counted if has_quantifier(checked) else evaluate_rule


@singledispatch
def build(node: Typed) -> Closure:
    """The closure of a checked expression."""
    raise TypeError(f"Python can't run {type(node).__name__}")


@build.register
def _(node: Constant) -> Closure:
    value = node.value
    return lambda frame: value


@build.register
def _(node: Reference) -> Closure:
    path, outward, read = node.path, node.outward, READERS.get(node.type)

    def field(frame: Frame) -> Any:
        for _ in range(outward):
            frame = frame[2]
        value = frame[0].get(path)
        if value is None or value.__class__ is Missing:
            return None
        return value if read is None else read(value)

    def own_field(frame: Frame) -> Any:
        value = frame[0].get(path)
        if value is None or value.__class__ is Missing:
            return None
        return value if read is None else read(value)

    return field if outward else own_field


@build.register
def _(node: Reason) -> Closure:
    path, outward = node.path, node.outward

    def reason(frame: Frame) -> str | None:
        for _ in range(outward):
            frame = frame[2]
        value = frame[0].get(path)
        return value.code if value.__class__ is Missing else None

    return reason


@build.register
def _(node: Moment) -> Closure:
    if node.name == "today":
        return lambda frame: frame[1].local_now.date()
    return lambda frame: frame[1].local_now


@build.register
def _(node: Double) -> Closure:
    return _applied(to_double, build(node.item))


@build.register
def _(node: Midnight) -> Closure:
    return _applied(midnight, build(node.item))


@build.register
def _(node: Shifted) -> Closure:
    months, seconds = node.months, node.seconds
    return _applied(lambda moment: shifted(moment, months, seconds), build(node.item))


@build.register
def _(node: Written) -> Closure:
    return _applied(plain_digits, build(node.item))


@build.register
def _(node: Negative) -> Closure:
    return _applied(lambda value: 0.0 - value, build(node.item))


def _applied(function: Callable[[Any], Any], item: Closure) -> Closure:
    """`function` of a present value."""

    def apply(frame: Frame) -> Any:
        value = item(frame)
        return None if value is None else function(value)

    return apply


@build.register
def _(node: Arithmetic) -> Closure:
    left, right, operate = build(node.left), build(node.right), ARITHMETIC[node.op]

    def calculate(frame: Frame) -> float | None:
        a = left(frame)
        if a is None:
            return None
        b = right(frame)
        if b is None:
            return None
        result = operate(a, b)
        return result if result is not None and -LARGEST <= result <= LARGEST else None

    return calculate


@build.register
def _(node: Exactly) -> Closure:
    return _compared(node.left, node.right, EXACT[node.op])


@build.register
def _(node: Nearly) -> Closure:
    return _compared(node.left, node.right, NEARLY[node.op])


@build.register
def _(node: OneOf) -> Closure:
    values = frozenset(node.values)
    return _applied(lambda value: value in values, build(node.item))


@build.register
def _(node: TextTest) -> Closure:
    if node.op == "contains":
        return _compared(node.item, node.part, lambda item, part: fold(part) in fold(item))
    return _compared(node.item, node.part, lambda item, part: fold(item).startswith(fold(part)))


def _compared(left_node: Typed, right_node: Typed, compare: Callable[[Any, Any], bool]) -> Closure:
    """A test of two present values; unknown when one is missing."""
    left, right = build(left_node), build(right_node)
    if isinstance(right_node, Constant) and right_node.value is not None:
        return _compared_to(left, right_node.value, compare)

    def test(frame: Frame) -> bool | None:
        a = left(frame)
        if a is None:
            return None
        b = right(frame)
        return None if b is None else compare(a, b)

    return test


def _compared_to(left: Closure, value: Any, compare: Callable[[Any, Any], bool]) -> Closure:
    def test(frame: Frame) -> bool | None:
        a = left(frame)
        return None if a is None else compare(a, value)

    return test


@build.register
def _(node: Combined) -> Closure:
    items = [build(item) for item in node.items]
    decisive = node.op == "or"

    def combine(frame: Frame) -> bool | None:
        result: bool | None = not decisive
        for item in items:
            value: bool | None = item(frame)
            if value is decisive:
                return decisive
            if value is None:
                result = None
        return result

    return combine


@build.register
def _(node: Not) -> Closure:
    return _applied(lambda value: not value, build(node.item))


@build.register
def _(node: Absent) -> Closure:
    item = build(node.item)
    return lambda frame: item(frame) is None


@build.register
def _(node: Matches) -> Closure:
    return _applied(node.pattern.search, build(node.item))


@build.register
def _(node: Holds) -> Closure:
    code = node.code
    return _applied(lambda codes: code in codes, build(node.item))


@build.register
def _(node: Conditional) -> Closure:
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)
    return lambda frame: then(frame) if condition(frame) is True else otherwise(frame)


@build.register
def _(node: FirstPresent) -> Closure:
    items = [build(item) for item in node.items]

    def first(frame: Frame) -> Any:
        for item in items:
            value = item(frame)
            if value is not None:
                return value
        return None

    return first


@build.register
def _(node: Apply) -> Closure:
    function, literals = node.function.python, tuple(node.literals)
    arguments = [build(argument) for argument in node.arguments]
    assert function is not None

    def apply(frame: Frame) -> Any:
        values = []
        for argument in arguments:
            value = argument(frame)
            if value is None:
                return None
            values.append(value)
        return function(*values, *literals)

    return apply


@build.register
def _(node: OfValues) -> Closure:
    items, aggregate = [build(item) for item in node.items], OF_VALUES[node.kind]
    return lambda frame: aggregate([value for item in items if (value := item(frame)) is not None])


@build.register
def _(node: OfRecords) -> Closure:
    path, outward = node.path, node.outward
    body: Closure = (lambda frame: True) if node.body is None else build(node.body)
    by = None if node.by is None else build(node.by)
    aggregate = OF_RECORDS[node.kind] if by is None else BY_ORDER[node.kind]
    steps = steps_for_each(node)

    def over(frame: Frame) -> Any:
        owner = frame
        for _ in range(outward):
            owner = owner[2]
        frames = [(record, frame[1], frame) for record in related_records(owner[0], path)]
        count_steps(frame, steps * len(frames))
        if by is None:
            return aggregate([body(inner) for inner in frames])
        return aggregate([(by(inner), body(inner)) for inner in frames])

    return over


__all__ = ["build", "compile_python"]
