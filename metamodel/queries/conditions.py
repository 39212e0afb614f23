"""From a filter's text to SQL: parsed, type-checked, permitted, compiled."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ColumnElement, FromClause, false, true

from metamodel.catalogue.model import RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings
from metamodel.queries.columns import MainColumns
from metamodel.queries.errors import QueryOfProtected, QueryWrong
from metamodel.records.session import Session
from metamodel.records.system import system_columns
from metamodel.storage.layout import ACTIVE, TRASHED
from rules_dsl import ProtectedField, RuleError, RuleType, Tree, check, parse
from rules_dsl.sql import compile_sql, prepare_sqlite
from zhenshu.security.policy import Action


class Filter:
    """The rows of a record type that a subject may see and `where` is true for.

    Raises:
        QueryWrong: when `where` can't be read, does not fit the fields, or is no condition.
        QueryNotAllowed: when it names a field that the subject does not see in clear.
        Denied: when the subject may not view the records.
    """

    def __init__(
        self, session: Session, record_type: RecordType, where: str | Tree | None, trashed: bool = False,
        action: Action = Action.VIEW, parent: int | None = None,
    ) -> None:  # fmt: skip
        self._type = record_type
        self._parent = parent
        self._rows = session.access.rows(action, record_type)
        self._status = TRASHED if trashed else ACTIVE
        self._session = session
        around = Surroundings(record_type, session.database(record_type), session.access.permits)
        self._types = ReachTypes(around)
        self.columns = MainColumns(session, self._types)
        self._where: ColumnElement[bool] = true()
        if where is not None and where != "":
            self._where = self.further(where)

    def further(self, where: str | Tree) -> ColumnElement[bool]:
        """Another condition over the same rows, to be asked beside the filter's own.

        `source` then has what it needs as well. Raises what the filter itself does.
        """
        return _compiled(self._session, where, self._types, self.columns)

    @property
    def source(self) -> FromClause:
        return self.columns.source()

    @property
    def condition(self) -> tuple[ColumnElement[bool], ...]:
        main = self._type.main
        status = () if self._type.storage == "mapped" else (main.c.status == self._status,)
        below = () if self._parent is None else (self._below(self._parent),)
        return (self._rows, *below, *status, self._where)

    def _below(self, parent: int) -> ColumnElement[bool]:
        """The records of one parent. Those in a room's own table have none."""
        column = system_columns(self._type).get("parent")
        return false() if column is None else column == parent


def _compiled(
    session: Session, where: str | Tree, types: ReachTypes, columns: MainColumns
) -> ColumnElement[bool]:
    uow = session.uow
    dialect: Literal["sqlite", "postgresql"] = "sqlite" if uow.sqlite else "postgresql"
    if uow.sqlite:
        driver: Any = uow.conn.connection.driver_connection
        prepare_sqlite(driver)
    try:
        tree = parse(where) if isinstance(where, str) else where
        if check(tree, types) is not RuleType.BOOLEAN:
            raise QueryWrong(en="it is a value, not a condition.", zh="它是一个值，而不是条件。")
        return compile_sql(tree, types, columns, dialect, session.context)
    except ProtectedField as error:
        raise QueryOfProtected.of(error) from error
    except RuleError as error:
        raise QueryWrong.of(error) from error
