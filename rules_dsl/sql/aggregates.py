"""Aggregates in SQL: of related records by subquery, and those of listed values that need more than sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Boolean, Float, Subquery, case, cast, func, null, select

from rules_dsl.python_aggregates import LEAST_SPREAD, MOST_SPREAD
from rules_dsl.sql.bounds import MOST_ADDED, WHOLE_RANGE
from rules_dsl.sql.extreme import Middle
from rules_dsl.sql.kit import BaseKit, Element
from rules_dsl.sql.resolver import SqlRelated
from rules_dsl.sql.shapes import sum_of

_LEAST_SCALED: Final = 1e-200  # smaller ones are nothing beside those that need the scale
_SCALE: Final = 2.0**64
_PLAIN: Final[dict[str, Any]] = {
    "any": func.max,
    "all": func.min,
    "count": func.sum,
    "min": func.min,
    "max": func.max,
    "sum": func.sum,
    "mean": func.avg,
}


def over_records(
    kit: BaseKit, kind: str, related: SqlRelated, body: Element, by: Element | None, wide: bool = False
) -> Element:
    """`kind` of `body` over the related records; latest and earliest order them by `by`.

    The total of `wide` values may pass the largest double.
    """
    items = [_item(kit, kind, body).label("item")]
    if by is not None:
        items.append(by.label("by"))
    rows = (
        select(*items)
        .select_from(related.source)
        .where(related.condition)
        .correlate_except(related.source)
        .subquery()
    )
    if wide and kind in ("sum", "mean"):
        return _of_wide(kit, kind, rows)
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(kit, rows)
    aggregate = _PLAIN[kind](rows.c.item, type_=rows.c.item.type)
    return _outcome(kit, kind, select(aggregate).scalar_subquery())


def _item(kit: BaseKit, kind: str, body: Element) -> Element:
    """What is aggregated of each record; a condition counts 2 when true, 1 when unknown, 0 when false."""
    if kind == "count":
        return case((body, kit.number(1.0)), else_=kit.number(0.0))
    if kind in ("any", "all"):
        truths = [(kit.boolean(True), kit.integer(2)), (kit.boolean(False), kit.integer(0))]
        return case(*truths, value=body, else_=kit.integer(1))
    return body


def _outcome(kit: BaseKit, kind: str, found: Element) -> Element:
    if kind == "count":
        return func.coalesce(found, kit.number(0.0), type_=Float())
    if kind not in ("any", "all"):
        return found
    outcomes = [
        (kit.integer(2), kit.boolean(True)),
        (kit.integer(1), cast(null(), Boolean())),
        (kit.integer(0), kit.boolean(False)),
    ]
    return case(*outcomes, value=found, else_=kit.boolean(kind == "all"))


def _first(kit: BaseKit, rows: Subquery, descending: bool) -> Element:
    """The item of the row that comes first by `by`, then by the item itself, missing ones last."""
    order: list[Element] = [rows.c.by, kit.in_order(rows.c.item)]
    directed = [(part.desc() if descending else part.asc()).nulls_last() for part in order]
    query = select(rows.c.item).where(rows.c.by.is_not(None)).order_by(*directed).limit(1)
    return query.scalar_subquery()


def _of_wide(kit: BaseKit, kind: str, rows: Subquery) -> Element:
    """Sum or mean, missing where the total is beyond the largest double: large values are added scaled down.

    The scale is a power of two, so that it costs no digits.
    """
    item = rows.c.item
    size = func.abs(item, type_=Float())
    near = kit.when(size <= kit.number(MOST_ADDED), item)
    scaled = case((size >= kit.number(_LEAST_SCALED), item * kit.number(1 / _SCALE)), else_=kit.number(0.0))
    far = func.sum(scaled, type_=Float())
    total = case(
        (func.max(size) <= kit.number(MOST_ADDED), func.sum(near, type_=Float())),
        (func.abs(far) <= kit.number(WHOLE_RANGE[1] / _SCALE), far * kit.number(_SCALE)),
        else_=cast(null(), Float()),
    )
    if kind == "sum":
        return select(kit.when(func.count(item) > kit.integer(0), total)).scalar_subquery()
    sums = select(total.label("total"), cast(func.count(item), Float()).label("many")).subquery()
    return select(kit.guarded("/", sums.c.total, sums.c.many)).scalar_subquery()


def _median(kit: BaseKit, rows: Subquery) -> Element:
    placed = (
        select(
            rows.c.item,
            func.row_number().over(order_by=rows.c.item).label("place"),
            func.count().over().label("many"),
        )
        .where(rows.c.item.is_not(None))
        .subquery()
    )
    middle = (
        select(func.min(placed.c.item).label("low"), func.max(placed.c.item).label("high"))
        .where((placed.c.place * 2).between(placed.c.many, placed.c.many + 2))
        .subquery()
    )
    return select(kit.middle(middle.c.low, middle.c.high)).scalar_subquery()


def _deviation(kit: BaseKit, rows: Subquery) -> Element:
    """The steps of `python_aggregates._stdev`."""
    item = rows.c.item
    wide = func.max(func.abs(item)).over() > kit.number(MOST_SPREAD)
    distance = kit.when(~wide, item - func.min(item).over())
    apart = select(distance.label("distance")).where(item.is_not(None)).subquery()
    far = apart.c.distance
    square = case((far >= kit.number(LEAST_SPREAD), far * far), else_=kit.number(0.0))
    sums = select(
        cast(func.count(far), Float()).label("many"),
        func.sum(far).label("total"),
        func.sum(square).label("squares"),
    ).subquery()
    return select(_spread(kit, sums.c.many, sums.c.total, sums.c.squares)).scalar_subquery()


def _spread(kit: BaseKit, many: Element, total: Element, squares: Element) -> Element:
    zero = kit.number(0.0)
    correction = kit.when(total >= kit.number(LEAST_SPREAD), total * total / many, zero)
    left = squares - correction
    variance = kit.when(left > zero, left, zero) / (many - kit.number(1.0))
    return kit.when(many >= kit.number(2.0), kit.call("sqrt", variance))


_SPECIAL: Final[dict[str, Callable[[BaseKit, Subquery], Element]]] = {
    "latest": lambda kit, rows: _first(kit, rows, True),
    "earliest": lambda kit, rows: _first(kit, rows, False),
    "median": _median,
    "stdev": _deviation,
}


def median_of(kit: BaseKit, values: Sequence[Element]) -> Element:
    """The median of listed values, which must be cheap to repeat."""
    return kit.middle(Middle("min", values), Middle("max", values))


def deviation_of(kit: BaseKit, values: Sequence[Element]) -> Element:
    """The sample standard deviation of listed values, which must be cheap to repeat."""
    zero = kit.number(0.0)

    def spread(smallest: Element) -> Element:
        distances = [func.coalesce(value - smallest, zero, type_=Float()) for value in values]
        squares = [kit.when(it >= kit.number(LEAST_SPREAD), it * it, zero) for it in distances]
        present = [kit.when(value.is_(None), zero, kit.number(1.0)) for value in values]
        sums = [sum_of(present), sum_of(distances), sum_of(squares)]
        return kit.let(sums, lambda many, total, square: _spread(kit, many, total, square))

    sizes = [func.abs(value) for value in values]
    narrow = kit.extreme("max", sizes) <= kit.number(MOST_SPREAD)
    return kit.when(narrow, kit.let([kit.extreme("min", values)], spread))
