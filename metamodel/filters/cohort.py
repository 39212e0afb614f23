"""A cohort's criteria, one after the other: how many records each takes in, leaves out and can't tell of.

Inclusion keeps records for which the criterion is true; exclusion removes those for which it is true. So an
unknown one is left out by an inclusion and stays through an exclusion, and is counted in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from metamodel.catalogue import Label, RecordType
from metamodel.queries import QueryNotAllowed, QueryWrong
from metamodel.queries.conditions import Filter
from metamodel.records.session import Session
from rules_dsl.limits import MAX_CHARACTERS
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError


class CriterionKind(StrEnum):
    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition and what becomes of the records that meet it."""

    kind: CriterionKind
    where: str
    label: Label = field(default_factory=Label)


@dataclass(frozen=True, slots=True)
class Found:
    """Records, and the filter that finds them; None where it would be too long for one."""

    count: int
    where: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """Of the records that reached a criterion: those that stay, those that leave, and those of either for
    which it could not be told."""

    stay: Found
    leave: Found
    unknown: Found


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many records there were at first, and each criterion's step."""

    start: int
    steps: tuple[Step, ...]

    @property
    def where(self) -> str | None:
        """The cohort as one filter."""
        return self.steps[-1].stay.where


class CriterionWrong(ZhenshuError):
    """Criterion {number} can't be used: {en} Nothing was counted."""

    status = 422
    zh = "第 {number} 条标准无法使用：{zh} 未作统计。"

    def details(self) -> dict[str, Any]:
        return {"number": self.values["number"], **self.values["place"]}


def funnel(uow: UnitOfWork, record_type: RecordType, criteria: Sequence[Criterion]) -> Funnel:
    """The criteria over the records that the subject may see, in one statement.

    Raises:
        CriterionWrong: when one can't be read, does not fit the fields, or is no condition.
        QueryNotAllowed: when one names a field that the subject does not see in clear.
        Denied: when the subject may not view the records.
    """
    rows = Filter(Session(uow), record_type, None)
    truths = [_read(rows, number, item) for number, item in enumerate(criteria, start=1)]
    named = [truth.label(f"c{number}") for number, truth in enumerate(truths)]
    query = select(record_type.main.c.id, *named).select_from(rows.source).where(*rows.condition)
    # Worked out once per record: an optimizer may write each truth wherever it is looked at.
    told = query.cte("told").prefix_with("MATERIALIZED")
    counted: list[ColumnElement[int]] = [func.count()]
    reached: list[ColumnElement[bool]] = []
    for number, item in enumerate(criteria):
        truth: ColumnElement[Any] = told.c[f"c{number}"]
        stays = truth.is_(true()) if item.kind is CriterionKind.INCLUDE else _not_true(truth)
        counted.append(_count_where(*reached, truth.is_(None)))
        reached.append(stays)
        counted.append(_count_where(*reached))
    found = uow.conn.execute(select(*counted).select_from(told)).one()
    return Funnel(found[0], tuple(_steps(found, criteria)))


@contextmanager
def numbered(number: int) -> Iterator[None]:
    """What is wrong within is said of the criterion with this number.

    Raises:
        CriterionWrong: when something is.
    """
    try:
        yield
    except QueryNotAllowed:
        raise
    except QueryWrong as error:
        en, zh = error.values["en"], error.values["zh"]
        raise CriterionWrong(number=number, en=en, zh=zh, place=error.details()) from error


def _read(rows: Filter, number: int, item: Criterion) -> ColumnElement[bool]:
    with numbered(number):
        if not item.where.strip():
            raise QueryWrong(en="it is empty.", zh="它是空的。")
        return rows.further(item.where)


def _not_true(truth: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(truth.is_(false()), truth.is_(None))


def _count_where(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(and_(*conditions))


def _steps(found: Sequence[int], criteria: Sequence[Criterion]) -> Iterator[Step]:
    """`found` is the count at first, then for each criterion the unknown ones and those that stay."""
    before = found[0]
    reached: list[str] = []
    for item, unknown, stay in zip(criteria, found[1::2], found[2::2], strict=True):
        takes = item.kind is CriterionKind.INCLUDE
        true, other = f"({item.where})", f"if({item.where}, false, true)"
        stays, leaves = (true, other) if takes else (other, true)
        yield Step(
            Found(stay, _all_of(*reached, stays)),
            Found(before - stay, _all_of(*reached, leaves)),
            Found(unknown, _all_of(*reached, f"({item.where}) is missing")),
        )
        reached.append(stays)
        before = stay


def _all_of(*conditions: str) -> str | None:
    where = " and ".join(conditions)
    return where if len(where) <= MAX_CHARACTERS else None
