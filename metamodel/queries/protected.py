"""Looking for encrypted values: candidates by their keyed hashes, then each verified on the opened value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Column, ColumnElement, and_, case, func, null, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.expression import bindparam

from metamodel.catalogue import Field, RecordType
from metamodel.queries.errors import TooManyToOpen
from metamodel.records.compiled import joined
from metamodel.records.session import Session
from metamodel.storage.layout import blind_name, pairs_name
from metamodel.storage.protected import Opener, blind_index, indexed_text
from rules_dsl.functions.texts import fold
from rules_dsl.sql import ProtectedTests

MOST_OPENED: Final = 50_000  # values that one question may open


class ProtectedLookup:
    """What a filter may ask of a protected field: `element` is its column, `record_id` that of its record.

    The question is answered at once, for all records; which of them may be seen, the filter around it says.
    """

    def __init__(
        self, session: Session, record_type: RecordType, item: Field, element: ColumnElement[Any],
        record_id: ColumnElement[int],
    ) -> None:  # fmt: skip
        self._session = session
        self._type = record_type
        self._item = item
        self._element = element
        self._record_id = record_id
        assert item.place is not None
        self._index = blind_index(session.uow, item.place.name)
        self._columns = record_type.tables[item.place.part].c
        self._name = item.place.name

    def one_of(self, values: Sequence[Any]) -> ColumnElement[Any]:
        known = [value for value in values if value is not None]
        column: Column[Any] = self._columns[blind_name(self._name)]
        # A text has one index with its variants of width and case; equal it is by code point.
        wanted = {value if isinstance(value, str) else indexed_text(value) for value in known}

        def equal(value: Any) -> bool:
            return (value if isinstance(value, str) else indexed_text(value)) in wanted

        return self._found(column.in_([one for value in known for one in self._index.all_of(value)]), equal)

    def contains(self, part: str) -> ColumnElement[Any]:
        folded = fold(part)
        return self._found(self._with_pairs(part), lambda value: folded in fold(str(value)))

    def _with_pairs(self, part: str) -> ColumnElement[bool]:
        """Texts with all pairs of `part`, or with too many to have been kept."""
        column: Column[Any] = self._columns[pairs_name(self._name)]
        # Both tell where the bytes begin, 0 where they are not.
        find = func.instr if self._session.uow.sqlite else func.pg_catalog.position
        held = [
            and_(true(), *(find(column, pair) > 0 for pair in pairs)) for pairs in self._index.pairs_in(part)
        ]
        return or_(column == b"", *held)

    def _found(self, condition: ColumnElement[bool], holds: Callable[[Any], bool]) -> ColumnElement[Any]:
        ids = [record_id for record_id, value in self._opened(condition) if holds(value)]
        return case((self._element.is_(None), null()), else_=self._among(ids))

    def _opened(self, condition: ColumnElement[bool]) -> Iterator[tuple[int, Any]]:
        main, uow = self._type.main, self._session.uow
        assert self._item.place is not None
        query = (
            select(main.c.id, main.c.patient, self._columns[self._name])
            .select_from(joined(self._type, {self._item.place.part}))
            .where(self._columns[self._name].is_not(None), condition)
            .limit(MOST_OPENED + 1)
        )
        rows = [list(row) for row in uow.conn.execute(query)]
        if len(rows) > MOST_OPENED:
            raise TooManyToOpen(field=self._item.code, limit=MOST_OPENED)
        Opener({2: self._item}, 0, 1).open(uow, rows)
        return ((record_id, value) for record_id, _, value in rows if value is not None)

    def _among(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """One parameter, however many they are."""
        if self._session.uow.sqlite:
            listed = func.json_each(json.dumps(list(ids))).table_valued("value")
            return self._record_id.in_(select(listed.c.value))
        return self._record_id == func.any(bindparam(None, list(ids), ARRAY(BigInteger), unique=True))


class ProtectedThrough:
    """The same questions of a field that is reached through something, e.g. a subquery."""

    def __init__(
        self, inner: ProtectedTests, through: Callable[[ColumnElement[Any]], ColumnElement[Any]]
    ) -> None:
        self._inner = inner
        self._through = through

    def one_of(self, values: Sequence[Any]) -> ColumnElement[Any]:
        return self._through(self._inner.one_of(values))

    def contains(self, part: str) -> ColumnElement[Any]:
        return self._through(self._inner.contains(part))
