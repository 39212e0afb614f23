"""The SQL back end: a checked rule becomes a SQLAlchemy expression; NULL stands for missing and unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Time,
    case,
    cast,
    func,
    type_coerce,
)
from sqlalchemy.sql.elements import TypeCoerce
from sqlalchemy.types import TypeEngine

from rules_dsl.checker import analyse
from rules_dsl.errors import ProtectedField, SqlCannotRun
from rules_dsl.functions.texts import fold
from rules_dsl.nodes import NOWHERE
from rules_dsl.sql.aggregates import deviation_of, median_of, over_records
from rules_dsl.sql.bounds import MOST_ADDED, SAFE_HIGH, bounds
from rules_dsl.sql.kit import BaseKit, Element
from rules_dsl.sql.nesting import SHALLOW, check_nesting
from rules_dsl.sql.numbers import FLIPPED, compare_nearly, compare_nearly_to, compare_stored
from rules_dsl.sql.postgresql import PostgresqlKit
from rules_dsl.sql.resolver import ProtectedTests, SqlColumn, SqlResolver
from rules_dsl.sql.shapes import combined, compare, first_present, negated, sum_of
from rules_dsl.sql.sqlite import SqliteKit
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
from rules_dsl.types import NUMERIC, TEXTUAL, FieldTypes, RuleType, TypeResolver
from rules_dsl.values import Context

Dialect: TypeAlias = Literal["sqlite", "postgresql"]
Columns: TypeAlias = tuple[SqlResolver, ...]

_KITS: Final[dict[str, type[BaseKit]]] = {"sqlite": SqliteKit, "postgresql": PostgresqlKit}
_MOST_LISTED: Final = 1_000  # columns of one SELECT: PostgreSQL has 1,664, SQLite 2,000
_RESULTS: Final[dict[RuleType, TypeEngine[Any]]] = {
    RuleType.NUMBER: Float(),
    RuleType.BOOLEAN: Boolean(),
    RuleType.DATE: Date(),
    RuleType.DATETIME: DateTime(),
    RuleType.TIME: Time(),
}


def compile_sql(
    tree: Tree,
    types: FieldTypes | TypeResolver,
    columns: SqlResolver,
    dialect: Dialect,
    context: Context,
) -> ColumnElement[Any]:
    """The rule as an expression over `columns`; today and now are bound from `context`.

    A condition is a three-valued SQL boolean. Numbers come out as doubles, except a bare integer field;
    dates and times as Python values. On SQLite, `matches` needs `prepare_sqlite` on the connection.

    Raises:
        RuleTypeError: when the rule does not fit the types.
        SqlCannotRun: when the rule is fine but this database can't run it.
    """
    checked = analyse(tree, types)
    if checked.type is RuleType.RECORDS:
        raise SqlCannotRun(tree.text, reason="it is no value", reason_zh="它不是一个值")
    compiler = _Compiler(_KITS[dialect](), context, tree.text)
    top = Double(checked, type=RuleType.NUMBER) if _is_stored_decimal(checked) else checked
    element = compiler.build(top, (columns,))
    if dialect == "sqlite" and tree.root.depth > SHALLOW:
        check_nesting(element, tree.text)
    result: TypeEngine[Any] | None = _RESULTS.get(top.type)
    return element if result is None else type_coerce(element, result)


def _is_stored_decimal(node: Typed) -> bool:
    return isinstance(node, Reference) and node.type is RuleType.DECIMAL


class _Compiler:
    """Builds one expression. `columns` are the resolvers from the innermost scope outward."""

    def __init__(self, kit: BaseKit, context: Context, text: str = "") -> None:
        self._text = text
        self._kit = kit
        self._context = context

    def build(self, node: Typed, columns: Columns) -> Element:
        """The element of `node`, carrying the type that this database gives it."""
        element: Element = self._build(node, columns)
        kind = self._kit.types.get(node.type)
        if kind is None or node.type is RuleType.BOOLEAN or isinstance(element, TypeCoerce):
            return element
        return type_coerce(element, kind)

    def _all(self, nodes: Sequence[Typed], columns: Columns) -> list[Element]:
        return [self.build(node, columns) for node in nodes]

    @singledispatchmethod
    def _build(self, node: Typed, columns: Columns) -> Any:
        reason = f"{type(node).__name__} has no SQL form"
        raise SqlCannotRun(reason=reason, reason_zh=reason)

    @_build.register
    def _(self, node: Constant, columns: Columns) -> Any:
        return self._kit.constant(node.value, node.type)

    @_build.register
    def _(self, node: Reference, columns: Columns) -> Any:
        return self._column(node, columns).element

    def _protected(self, node: Typed, columns: Columns) -> ProtectedTests | None:
        """What may be asked of `node`, if it is an encrypted field."""
        while isinstance(node, Double | Written):
            node = node.item
        if not isinstance(node, Reference):
            return None
        return columns[node.outward].column(node.path).protected

    def _column(self, node: Reference, columns: Columns) -> SqlColumn:
        """The column of a field, read as the database keeps it whatever type the caller gave it."""
        column = columns[node.outward].column(node.path)
        if column.protected is not None:
            raise ProtectedField(self._text, node.span or NOWHERE, path=f"[{node.path}]")
        kind = self._kit.types.get(column.type)
        return column if kind is None else replace(column, element=type_coerce(column.element, kind))

    @_build.register
    def _(self, node: Reason, columns: Columns) -> Any:
        column = columns[node.outward].column(node.path)
        if column.reason is None:
            raise SqlCannotRun(
                reason=f"the reason why [{node.path}] is missing is not stored",
                reason_zh=f"没有存储 [{node.path}] 的缺失原因",
            )
        return self._kit.when(column.element.is_(None), column.reason)

    @_build.register
    def _(self, node: Moment, columns: Columns) -> Any:
        now = self._context.local_now
        return self._kit.constant(now if node.name == "now" else now.date(), node.type)

    @_build.register
    def _(self, node: Double, columns: Columns) -> Any:
        if isinstance(node.item, Reference):
            return self._kit.stored_double(self._column(node.item, columns))
        return cast(self.build(node.item, columns), Float())

    @_build.register
    def _(self, node: Midnight, columns: Columns) -> Any:
        return self._kit.midnight(self.build(node.item, columns))

    @_build.register
    def _(self, node: Shifted, columns: Columns) -> Any:
        return self._kit.shifted(self.build(node.item, columns), node.months, node.seconds)

    @_build.register
    def _(self, node: Written, columns: Columns) -> Any:
        return self._kit.written(self._number(node.item, columns))

    @_build.register
    def _(self, node: Negative, columns: Columns) -> Any:
        return self._kit.number(0.0) - self.build(node.item, columns)

    @_build.register
    def _(self, node: Arithmetic, columns: Columns) -> Any:
        sides = bounds(node.left), bounds(node.right)
        left, right = self.build(node.left, columns), self.build(node.right, columns)
        return self._kit.arithmetic(node.op, left, right, sides)

    @_build.register
    def _(self, node: Nearly, columns: Columns) -> Any:
        left, right, op = node.left, node.right, node.op
        if isinstance(left, Constant):
            left, right, op = right, left, FLIPPED[op]
        if isinstance(right, Constant) and right.value is not None:
            return compare_nearly_to(self._kit, op, self.build(left, columns), float(right.value))
        return compare_nearly(self._kit, op, self.build(left, columns), self.build(right, columns))

    @_build.register
    def _(self, node: Exactly, columns: Columns) -> Any:
        if node.op in ("=", "<>"):
            for item, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(other, Constant) and (tests := self._protected(item, columns)) is not None:
                    found = tests.one_of([other.value])
                    return found if node.op == "=" else negated(found)
        if node.left.type in NUMERIC:
            return compare_stored(self._kit, node, lambda item: self._number(item, columns))
        left, right = self.build(node.left, columns), self.build(node.right, columns)
        if node.left.type in TEXTUAL and node.op not in ("=", "<>"):
            left = self._kit.ordered_text(left)
        return compare(node.op, left, right)

    def _number(self, node: Typed, columns: Columns) -> SqlColumn:
        if isinstance(node, Reference):
            return self._column(node, columns)
        return SqlColumn(self.build(node, columns), node.type)

    @_build.register
    def _(self, node: OneOf, columns: Columns) -> Any:
        if (tests := self._protected(node.item, columns)) is not None:
            return tests.one_of(node.values)
        return self.build(node.item, columns).in_(
            [self._kit.constant(value, node.item.type) for value in node.values]
        )

    @_build.register
    def _(self, node: Combined, columns: Columns) -> Any:
        return combined(node.op, self._all(node.items, columns))

    @_build.register
    def _(self, node: Not, columns: Columns) -> Any:
        return negated(self.build(node.item, columns))

    @_build.register
    def _(self, node: Absent, columns: Columns) -> Any:
        if isinstance(node.item, Reference):
            return columns[node.item.outward].column(node.item.path).element.is_(None)
        return self.build(node.item, columns).is_(None)

    @_build.register
    def _(self, node: TextTest, columns: Columns) -> Any:
        tests = self._protected(node.item, columns)
        sought = node.part.value if isinstance(node.part, Constant) else None
        if tests is not None and node.op == "contains" and sought:
            return tests.contains(sought)
        text = self.build(node.item, columns)
        part = self._folded(node.part, columns)
        test = self._kit.contains if node.op == "contains" else self._kit.starts_with
        return test(text, part)

    def _folded(self, node: Typed, columns: Columns) -> Element:
        if isinstance(node, Constant) and node.value is not None:
            return self._kit.text(fold(node.value))
        return self._kit.lower(self.build(node, columns))

    @_build.register
    def _(self, node: Matches, columns: Columns) -> Any:
        return self._kit.matches(self.build(node.item, columns), node.pattern.text)

    @_build.register
    def _(self, node: Holds, columns: Columns) -> Any:
        return self._kit.holds(self.build(node.item, columns), node.code)

    @_build.register
    def _(self, node: Conditional, columns: Columns) -> Any:
        condition = self.build(node.condition, columns)
        return case((condition, self.build(node.then, columns)), else_=self.build(node.otherwise, columns))

    @_build.register
    def _(self, node: FirstPresent, columns: Columns) -> Any:
        return first_present(self._all(node.items, columns))

    @_build.register
    def _(self, node: Apply, columns: Columns) -> Any:
        sql = node.function.sql
        assert sql is not None
        return sql(self._kit, *self._all(node.arguments, columns), *node.literals)

    @_build.register
    def _(self, node: OfValues, columns: Columns) -> Any:
        items = self._all(node.items, columns)
        if len(items) > 1 and node.kind in ("min", "max"):
            return self._kit.extreme(node.kind, items)
        if node.kind in ("median", "stdev"):
            if len(items) > _MOST_LISTED:
                raise SqlCannotRun(
                    reason=f"{node.kind} takes at most {_MOST_LISTED} listed values",
                    reason_zh=f"{node.kind} 最多列出 {_MOST_LISTED} 个值",
                )
            # repeated constants would be folded, and fail, before the guards are reached
            whole = median_of if node.kind == "median" else deviation_of
            return self._kit.let(items, lambda *values: whole(self._kit, values), repeat_plain=False)
        wide = sum(bounds(item)[1] for item in node.items) > SAFE_HIGH and node.kind in ("sum", "mean")
        return self._kit.let(items, lambda *values: self._of_values(node.kind, values, wide))

    def _of_values(self, kind: str, values: Sequence[Element], wide: bool) -> Element:
        zero, one = self._kit.number(0.0), self._kit.number(1.0)
        if kind in ("min", "max"):
            return values[0]
        count = sum_of([case((value.is_(None), zero), else_=one) for value in values])
        if kind == "count":
            return count
        listed = [func.coalesce(value, zero, type_=Float()) for value in values]
        total = self._kit.added(listed) if wide else sum_of(listed)
        present = func.nullif(count, zero, type_=Float())
        if kind == "sum":
            return self._kit.when(present.is_not(None), total)
        return self._kit.guarded("/", total, present) if wide else total / present

    @_build.register
    def _(self, node: OfRecords, columns: Columns) -> Any:
        related = columns[node.outward].related(node.path)
        inner = (related.columns, *columns)
        body = self._kit.boolean(True) if node.body is None else self.build(node.body, inner)
        by = None if node.by is None else self.build(node.by, inner)
        wide = node.body is not None and bounds(node.body)[1] > MOST_ADDED
        return over_records(self._kit, node.kind, related, body, by, wide)
