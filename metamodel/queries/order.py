"""The order of a page, and the condition that continues it after a given record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, false, or_

from metamodel.catalogue.model import Field, RecordType
from metamodel.queries.columns import require_clear
from metamodel.queries.errors import OrderNotAllowed
from metamodel.queries.shapes import Order
from metamodel.records.session import Session
from metamodel.records.system import system_columns
from rules_dsl import RuleType
from zhenshu.errors import NotFound

SYSTEM_ORDER = ("id", "event", "repeat_key", "created_at", "updated_at")
TEXTS = (RuleType.TEXT, RuleType.CHOICE)


@dataclass(frozen=True)
class Term:
    """One column of the order; missing values come last, in either direction."""

    column: ColumnElement[Any]
    descending: bool
    to_json: Callable[[Any], Any]
    from_json: Callable[[Any], Any]
    nullable: bool = True

    def clause(self) -> UnaryExpression[Any]:
        ordered = self.column.desc() if self.descending else self.column.asc()
        # Said only where it matters: SQLite would not use an index for it.
        return ordered.nulls_last() if self.nullable else ordered

    def beyond(self, value: Any) -> ColumnElement[bool]:
        """Rows that come strictly after those with `value`."""
        if value is None:
            return false()
        further = self.column < value if self.descending else self.column > value
        return or_(further, self.column.is_(None)) if self.nullable else further

    def same(self, value: Any) -> ColumnElement[bool]:
        return self.column.is_(None) if value is None else self.column == value


def order_terms(session: Session, record_type: RecordType, order: Order) -> list[Term]:
    """The terms of `order`, the id last.

    Raises:
        QueryNotAllowed: for a field that the subject does not see in clear.
        NotFound: for a name that is neither a field nor a system column to sort by.
    """
    terms = [_term(session, record_type, name, descending) for name, descending in order if name != "id"]
    last = next((descending for name, descending in order if name == "id"), False)
    return [*terms, Term(record_type.main.c.id, last, _same, _same, nullable=False)]


def _term(session: Session, record_type: RecordType, name: str, descending: bool) -> Term:
    if (item := record_type.by_code.get(name)) is not None:
        require_clear(session, record_type, item)
        if item.protected:
            raise OrderNotAllowed(field=item.code)
        column = _comparable(session, record_type, item)
        return Term(column, descending, item.type.to_json(item), item.type.reader(item))
    main = record_type.main
    if name not in SYSTEM_ORDER or name not in system_columns(record_type):
        raise NotFound(kind="field to sort by", kind_zh="排序字段", name=name)
    if name.endswith("_at"):
        return Term(main.c[name], descending, datetime.isoformat, datetime.fromisoformat)
    return Term(main.c[name], descending, _same, _same)


def _comparable(session: Session, record_type: RecordType, item: Field) -> ColumnElement[Any]:
    """Text sorts by code point on both databases."""
    column = record_type.column(item.code)
    if session.uow.sqlite or item.type.rule_type_of(item) not in TEXTS:
        return column
    return column.collate("C")


def after(terms: Sequence[Term], values: Sequence[Any]) -> ColumnElement[bool]:
    """The rows that follow the record with these values: a term decides where all before it are equal."""
    options = []
    for position, (term, value) in enumerate(zip(terms, values, strict=True)):
        equal = [before.same(known) for before, known in zip(terms[:position], values, strict=False)]
        options.append(and_(*equal, term.beyond(value)))
    return or_(*options)


def _same(value: Any) -> Any:
    return value
