"""How many of the records that a subject may see break each rule, and for how many that can't be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, select, true

from metamodel.catalogue import Database, RecordType
from metamodel.definitions.mentions import mentions, parsed
from metamodel.quality.opened import count_opened
from metamodel.quality.rules import QualityRule
from metamodel.queries import QueryNotAllowed, QueryWrong
from metamodel.queries.columns import require_clear
from metamodel.queries.conditions import Filter
from metamodel.queries.errors import QueryOfProtected
from metamodel.records.session import Session
from rules_dsl import RuleError
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security import Action, Denied

AT_A_TIME: Final = 40  # rules in one statement


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Of `total` records `failed` break the rule, and for `unknown` it can't be told."""

    total: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Count:
    """A rule's count, or why there is none."""

    rule: QualityRule
    found: RuleCount | None
    problem: ZhenshuError | None = None


def may_see(uow: UnitOfWork, database: Database, record_type: RecordType, rule: QualityRule) -> bool:
    """Whether the subject sees in clear all that the rule is about; nobody else learns how many break it."""
    tree = parsed(rule.wrong)
    if isinstance(tree, RuleError):
        return True
    session = Session(uow)
    try:
        for mention in mentions(tree, record_type, database):
            if mention.reached is not None:
                require_clear(session, mention.reached.type, mention.reached.field)
            elif mention.records is not None:
                session.access.scope(Action.VIEW, mention.records)
    except (QueryNotAllowed, Denied):
        return False
    return True


def count_rules(uow: UnitOfWork, record_type: RecordType, rules: Sequence[QualityRule]) -> list[Count]:
    """The counts in the order of `rules`; those that the subject may not see are left out.

    Raises:
        Denied: when the subject may not view the records.
    """
    found: list[Count] = []
    for start in range(0, len(rules), AT_A_TIME):
        found += _counted(uow, record_type, rules[start : start + AT_A_TIME])
    return found


def _counted(uow: UnitOfWork, record_type: RecordType, rules: Sequence[QualityRule]) -> list[Count]:
    session = Session(uow)
    rows = Filter(session, record_type, None)
    opened: dict[str, RuleCount] = {}
    truths: list[ColumnElement[bool]] = []
    problems: dict[str, ZhenshuError] = {}
    asked: list[QualityRule] = []
    for rule in rules:
        try:
            truths.append(rows.further(rule.wrong).label(f"r{len(truths)}"))
            asked.append(rule)
        except (QueryNotAllowed, Denied):
            continue
        except QueryOfProtected:
            opened[rule.key] = RuleCount(*count_opened(session, record_type, rule.wrong))
        except QueryWrong as error:
            problems[rule.key] = error
    told = select(record_type.main.c.id, *truths).select_from(rows.source).where(*rows.condition)
    table = told.cte("told").prefix_with("MATERIALIZED")  # each truth worked out once per record
    sums: list[ColumnElement[int]] = [func.count()]
    for column in list(table.c)[1:]:
        sums += [func.count().filter(column.is_(true())), func.count().filter(column.is_(None))]
    total, *numbers = uow.conn.execute(select(*sums).select_from(table)).one()
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    counts = {rule.key: RuleCount(total, *pair) for rule, pair in zip(asked, pairs, strict=True)} | opened
    return [
        Count(rule, counts.get(rule.key), problems.get(rule.key))
        for rule in rules
        if rule.key in counts or rule.key in problems
    ]
