"""Reading whole rows by id at driver speed: the statement's text is made once, however many columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Dialect, FromClause, select, text

from metamodel.catalogue.model import Field, RecordType
from metamodel.records.system import system_columns
from metamodel.storage.protected import Opener
from zhenshu.db.unit_of_work import UnitOfWork

Row = list[Any]
Loader = Callable[[Any], Any]
MEMO_SIZE = 256


class RowReader:
    """Reads system columns and some fields of one record type by id.

    `names` are those of the values in a row: system columns, then field codes.
    """

    def __init__(self, record_type: RecordType, fields: Sequence[Field], dialect: Dialect) -> None:
        placed = [item for item in fields if item.place is not None]
        main = record_type.main
        system = system_columns(record_type)
        self.names = [*system, *(item.code for item in placed)]
        columns = list(system.values())
        columns += [record_type.column(item.code) for item in placed]
        quote = dialect.identifier_preparer
        listed = ", ".join(f"{quote.quote(one.table.name)}.{quote.quote(one.name)}" for one in columns)
        head = quote.quote(main.name)
        others = [quote.quote(record_type.tables[part].name) for part in sorted(_parts(placed) - {0})]
        joins = "".join(f" JOIN {other} ON {other}.id = {head}.id" for other in others)
        # What a condition is asked of: its columns are one text, or naming them would cost more than reading.
        self._listed = text(listed.replace(":", r"\:"))
        self._main = main
        self._source: FromClause = main
        for part in sorted(_parts(placed) - {0}):
            self._source = self._source.join(
                record_type.tables[part], record_type.tables[part].c.id == main.c.id
            )
        among = "IN (SELECT value FROM json_each(?))" if dialect.name == "sqlite" else "= ANY(%s)"
        self._statement = f"SELECT {listed} FROM {head}{joins} WHERE {head}.id {among}"
        self._columns = columns
        self._dialect = dialect
        self._loaders: list[tuple[int, Loader]] | None = None
        self._id = self.names.index("id")
        protected = {len(system) + n: item for n, item in enumerate(placed) if item.protected}
        self._opener = Opener(protected, self._id, self.names.index("patient")) if protected else None

    def read(self, uow: UnitOfWork, ids: Sequence[int]) -> list[Row]:
        """The rows with these ids, in the order of `ids`; ids without a row are left out.

        Raises:
            NotDecryptable: when a protected value was altered, or is another record's.
        """
        wanted = json.dumps(list(ids)) if self._dialect.name == "sqlite" else list(ids)
        rows = self._loaded(uow, uow.conn.exec_driver_sql(self._statement, (wanted,)))
        place = {record_id: position for position, record_id in enumerate(ids)}
        return sorted(rows, key=lambda row: place[row[self._id]])

    def read_within(self, uow: UnitOfWork, record_id: int, rows: ColumnElement[bool]) -> Row | None:
        """The row with this id, if `rows`, a condition over the main table, covers it: one statement.

        Raises:
            NotDecryptable: as `read` does.
        """
        query = select(self._listed).select_from(self._source).where(self._main.c.id == record_id, rows)
        found = self._loaded(uow, uow.conn.execute(query))
        return found[0] if found else None

    def _loaded(self, uow: UnitOfWork, result: CursorResult[Any]) -> list[Row]:
        """The rows of a result as stored values, opened where they are protected."""
        if self._loaders is None:
            self._loaders = self._find_loaders([column[1] for column in result.cursor.description])
        rows = [list(row) for row in result.fetchall()]
        for position, load in self._loaders:
            for row in rows:
                if row[position] is not None:
                    row[position] = load(row[position])
        if self._opener is not None:
            self._opener.open(uow, rows)
        return rows

    def _find_loaders(self, driver_types: Sequence[Any]) -> list[tuple[int, Loader]]:
        """What turns the driver's values into stored ones, by position; most need nothing."""
        found: list[tuple[int, Loader]] = []
        for position, column in enumerate(self._columns):
            impl = column.type.dialect_impl(self._dialect)
            if (load := impl.result_processor(self._dialect, driver_types[position])) is not None:
                found.append((position, load))
        return found


def _parts(fields: Sequence[Field]) -> set[int]:
    return {item.place.part for item in fields if item.place is not None}


def row_reader(uow: UnitOfWork, record_type: RecordType, fields: Sequence[Field]) -> RowReader:
    """The reader of these fields, made at its first use in this process."""
    memo: dict[Any, RowReader] = uow.instance.memo.setdefault("records.rows", {})
    name = (record_type.release_id, record_type.path, tuple(item.code for item in fields))
    if (found := memo.get(name)) is None:
        if len(memo) >= MEMO_SIZE:
            memo.clear()
        found = memo[name] = RowReader(record_type, fields, uow.conn.dialect)
    return found
