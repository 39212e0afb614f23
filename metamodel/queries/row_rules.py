"""Row rules of grants: which rows of a record type they reach, as SQL over its main table or an alias of it.

A rule is text of the rule language over the record and those above it. It is judged by the system, whatever
its reader may see. One that no longer fits its record type reaches nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, FromClause, and_, false, literal, or_, select, true

from metamodel.catalogue.model import RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings, Where
from metamodel.queries.columns import OtherRecords, sql_column
from metamodel.records.access import Access
from metamodel.records.grades import above, known_graded
from metamodel.records.session import Session
from metamodel.records.system import patient_column
from rules_dsl import RuleError, RuleType, Tree, check, parse
from rules_dsl.nodes import Binary, Call, walk
from rules_dsl.sql import SqlColumn, SqlRelated, compile_sql, prepare_sqlite
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.grant import HIGHEST_GRADE
from zhenshu.security.grants.errors import RowRuleWrong
from zhenshu.security.policy import Action, Reach, Scope, Visibility
from zhenshu.security.subject import SYSTEM

log = logging.getLogger(__name__)

Limits = tuple[tuple[Reach, ...], ...]  # a row has to be within one reach of each

_MEMO: Final = "queries.row_rules"
_CONDITIONS: Final = "queries.row_conditions"
_MEMO_SIZE: Final = 512
_ALL: Final = {"plain": Visibility.SHOW, "identifying": Visibility.SHOW}


def bound(uow: UnitOfWork, record_type: RecordType, scope: Scope) -> Scope:
    """The scope with its limits as a predicate over the record type's rows."""
    if not scope.limits:
        return scope
    session = Session(uow)
    session.access = _Everything(uow)
    limits = scope.limits
    by_grade = any(reach.grade < HIGHEST_GRADE for limit in limits for reach in limit)
    if by_grade and not known_graded(uow, session.database(record_type)):
        limits = [[replace(reach, grade=HIGHEST_GRADE) for reach in limit] for limit in limits]
    wanted = tuple(
        tuple(dict.fromkeys(limit)) for limit in limits if not any(reach.unlimited for reach in limit)
    )
    if not wanted:
        return replace(scope, rows=None)
    return replace(scope, rows=lambda main: _within(session, record_type, wanted, main))


def check_row_rule(uow: UnitOfWork, record_type: RecordType, rule: str) -> None:
    """
    Raises:
        RowRuleWrong: when the rule can't say which of these records a grant reaches.
    """
    session = Session(uow)
    session.access = _Everything(uow)
    main = record_type.main.alias()
    try:
        _rule_condition(session, record_type, rule, main)
    except RuleError as error:
        raise RowRuleWrong(
            record_type=record_type.path, en=error.message("en"), zh=error.message("zh"), line=error.line,
            column=error.column, caret=error.caret(), suggestion=error.suggestion,
            suggestion_zh=error.suggestion_zh,
        ) from error  # fmt: skip


class _Everything(Access):
    """Sees all: a rule of a grant is no question of its subject's."""

    def scope(self, action: Action, record_type: RecordType) -> Scope:
        return Scope(SYSTEM, action, self._uow.channel, None, _ALL)


def _within(
    session: Session, record_type: RecordType, limits: Limits, main: FromClause
) -> ColumnElement[bool]:
    """The rows of `main` that lie within one reach of each limit.

    What means the same whenever it is asked is made once for all who have such grants: making it takes longer
    than the database takes to answer.
    """
    if main is not record_type.main or not all(
        _plain(session, record_type, reach.rule) for limit in limits for reach in limit if reach.rule
    ):
        return _made(session, record_type, limits, main)
    memo: dict[Any, tuple[FromClause, ColumnElement[bool]]]
    memo = session.uow.instance.memo.setdefault(_CONDITIONS, {})
    name = (record_type.path, record_type.release_id, session.uow.conn.dialect.name, limits)
    kept = memo.get(name)
    if kept is None or kept[0] is not main:  # a catalogue compiled again makes its tables anew
        if len(memo) >= _MEMO_SIZE:
            memo.clear()
        kept = memo[name] = main, _made(session, record_type, limits, main)
    return kept[1]


def _made(session: Session, record_type: RecordType, limits: Limits, main: FromClause) -> ColumnElement[bool]:
    def reached(limit: Sequence[Reach]) -> ColumnElement[bool]:
        return or_(false(), *(_reached(session, record_type, reach, main) for reach in limit))

    return and_(true(), *map(reached, limits))


def _reached(
    session: Session, record_type: RecordType, reach: Reach, main: FromClause
) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if reach.owner is not None:
        if "owner" not in main.c:  # a room's own table
            return false()
        conditions.append(main.c.owner == reach.owner)
    if reach.patient is not None:
        column = patient_column(record_type, main)
        if column is None:
            return false()
        conditions.append(column == reach.patient)
    if reach.rule:
        conditions.append(_ruled(session, record_type, reach.rule, main))
    if reach.grade < HIGHEST_GRADE:
        conditions.append(~above(record_type, reach.grade, main))
    return and_(true(), *conditions)


def _ruled(session: Session, record_type: RecordType, rule: str, main: FromClause) -> ColumnElement[bool]:
    try:
        return _rule_condition(session, record_type, rule, main)
    except (RuleError, RowRuleWrong):
        log.warning("row_rule_broken", extra={"record_type": record_type.path})
        return false()


def _plain(session: Session, record_type: RecordType, rule: str) -> bool:
    """Whether the rule means the same whenever it is asked; one that is broken is told of each time."""
    try:
        return _checked(session, record_type, rule).plain
    except (RuleError, RowRuleWrong):
        return False


@dataclass(frozen=True)
class _Checked:
    """A rule that fits its record type."""

    tree: Tree
    types: ReachTypes

    @property
    def own(self) -> bool:
        """Whether the main table has all it names."""
        return all(
            hit.where is Where.OWN and (hit.field.place is None or hit.field.place.part == 0)
            for hit in self.types.reached.values()
        )

    @cached_property
    def plain(self) -> bool:
        """Whether it means the same whenever it is asked, and needs no function of ours."""
        nodes = list(walk(self.tree.root))
        matches = any(isinstance(node, Binary) and node.op == "matches" for node in nodes)
        return not matches and not any(isinstance(node, Call) for node in nodes)


def _rule_condition(
    session: Session, record_type: RecordType, rule: str, main: FromClause
) -> ColumnElement[bool]:
    """
    Raises:
        RuleError, RowRuleWrong: when the rule can't be used for the record type.
    """
    return _compiled(session, record_type, _checked(session, record_type, rule), main)


def _compiled(
    session: Session, record_type: RecordType, found: _Checked, main: FromClause
) -> ColumnElement[bool]:
    uow = session.uow
    dialect: Literal["sqlite", "postgresql"] = "sqlite" if uow.sqlite else "postgresql"
    if uow.sqlite and not found.plain:
        driver: Any = uow.conn.connection.driver_connection
        prepare_sqlite(driver)
    if found.own:
        columns = _OwnColumns(session, record_type, found.types, main)
        return compile_sql(found.tree, found.types, columns, dialect, session.context)
    others = OtherRecords(session, found.types)
    condition = compile_sql(found.tree, found.types, others, dialect, session.context)
    within = select(literal(1)).select_from(others.source).where(others.main.c.id == main.c.id, condition)
    return within.correlate(main).exists()


def _checked(session: Session, record_type: RecordType, rule: str) -> _Checked:
    memo: dict[tuple[str, int, str], _Checked] = session.uow.instance.memo.setdefault(_MEMO, {})
    name = (record_type.path, record_type.release_id, rule)
    if name not in memo:
        if len(memo) >= _MEMO_SIZE:
            memo.clear()
        memo[name] = _check(session, record_type, rule)
    return memo[name]


def _check(session: Session, record_type: RecordType, rule: str) -> _Checked:
    tree = parse(rule)
    types = ReachTypes(Surroundings(record_type, session.database(record_type)))
    if check(tree, types) is not RuleType.BOOLEAN:
        raise _wrong(record_type, "it is a value, not a condition.", "它是一个值，而不是条件。")
    if types.ranged or any(hit.where is Where.OTHER for hit in types.reached.values()):
        raise _wrong(
            record_type, "it may name fields of the record and of those above it alone.",
            "只能使用本记录及其上级记录的字段。",
        )  # fmt: skip
    outward = any(hit.where is Where.ANCESTOR for hit in types.reached.values())
    if outward and record_type.storage == "mapped":
        raise _wrong(record_type, "these records have none above them.", "这类记录没有上级记录。")
    return _Checked(tree, types)


def _wrong(record_type: RecordType, en: str, zh: str) -> RowRuleWrong:
    return RowRuleWrong(record_type=record_type.path, en=en, zh=zh)


class _OwnColumns:
    """The resolver of a rule that names columns of the main table alone."""

    def __init__(
        self, session: Session, record_type: RecordType, types: ReachTypes, main: FromClause
    ) -> None:
        self._session, self._type, self._types, self._main = session, record_type, types, main

    def column(self, path: str) -> SqlColumn:
        item = self._types.reached[path].field
        return sql_column(self._session, self._type, item, self._main, self._main)

    def related(self, path: str) -> SqlRelated:
        raise AssertionError(path)  # refused when it was checked
