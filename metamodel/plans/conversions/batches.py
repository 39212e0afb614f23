"""Converting records in batches: short transactions that wait for no writer and keep none waiting long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, any_, bindparam, delete, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError

from metamodel.field_types import ValueProblem
from metamodel.plans.conversions.log import logged, note, settle, waiting
from metamodel.plans.conversions.work import Work
from metamodel.plans.errors import PlanOutdated
from metamodel.storage.columns import StoredColumn
from metamodel.storage.protected import open_value, seal_value
from metamodel.tables import conversion_failure
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import load_keys

BATCH: Final = 5_000  # records a transaction
SQLITE_BATCH: Final = 1_500  # where one transaction keeps all other writers out
FEW: Final = 1_000  # log entries that the swap may convert by itself
GIVE_WAY: Final = 0.06  # seconds between batches on SQLite, whose other writers do not queue

Failure = tuple[int, ValueProblem]


def batch_of(uow: UnitOfWork) -> int:
    return min(BATCH, SQLITE_BATCH) if uow.sqlite else BATCH


def convert_next(uow: UnitOfWork, work: Work, after: int) -> int | None:
    """Convert the records that follow the id `after`; the last id, or None when there was none."""
    main = work.main.c.id
    query = select(main).where(main > after).order_by(main).limit(batch_of(uow))
    ids: list[int] = list(uow.conn.execute(query).scalars())
    if not ids:
        return None
    done = _convert(uow, work, (main > after) & (main <= ids[-1]), ids, fresh=True)
    note(uow.conn, work.log, [record_id for record_id in ids if record_id not in done])
    return ids[-1]


def convert_logged(uow: UnitOfWork, work: Work) -> bool:
    """Convert what others wrote meanwhile; False when so little is left that the swap can do it."""
    if logged(uow.conn, work.log) <= FEW:
        return False
    return _drain(uow, work) > 0


def convert_rest(uow: UnitOfWork, work: Work) -> None:
    """Convert all that is logged. No other writer is at work, so all of it can be had."""
    while _drain(uow, work):
        pass


def _drain(uow: UnitOfWork, work: Work) -> int:
    entries = waiting(uow.conn, work.log, batch_of(uow))
    ids = sorted({record_id for _, record_id in entries})
    if not ids:
        return 0
    done = _convert(uow, work, _among(uow, work, ids), ids, fresh=False)
    gone = set(ids) - _there(uow, work, ids)
    settled = [seq for seq, record_id in entries if record_id in done or record_id in gone]
    settle(uow.conn, work.log, settled)
    return len(settled)


def _among(uow: UnitOfWork, work: Work, ids: Sequence[int]) -> ColumnElement[bool]:
    main = work.main.c.id
    if uow.sqlite:
        return main.in_(ids)
    return main == any_(bindparam("ids", list(ids), ARRAY(BigInteger)))


def _there(uow: UnitOfWork, work: Work, ids: Sequence[int]) -> set[int]:
    return set(uow.conn.execute(select(work.main.c.id).where(_among(uow, work, ids))).scalars())


def _convert(
    uow: UnitOfWork, work: Work, where: ColumnElement[bool], ids: Sequence[int], fresh: bool
) -> set[int]:
    """Convert the records of `where` that no one else holds now; gives their ids.

    `fresh`: nothing was written for them yet, so what becomes empty needs no writing.
    """
    if work.new_part:
        _fill_part(uow, work, where)
    rows = uow.conn.execute(_query(uow, work, where)).all()
    values, failures = _values(uow, work, rows)
    if not fresh:
        forget_failures(uow, work.target.id, ids)
    try:
        _write(uow, work, [item for item in values if not fresh or item[1] is not None])
    except IntegrityError as error:
        raise PlanOutdated(
            plan=work.plan_id,
            why="the field is the key, and two records would have the same value of it.",
            why_zh="该字段是主键，转换后有两条记录的值相同。",
        ) from error
    note_failures(uow, work, failures)
    return {row[0] for row in rows}


def _fill_part(uow: UnitOfWork, work: Work, where: ColumnElement[bool]) -> None:
    """Writers do not know of the new part: records that came meanwhile have no row in it."""
    part = work.part(work.target)
    there = select(literal(1)).where(part.c.id == work.main.c.id).correlate(work.main).exists()
    missing = select(work.main.c.id).where(where, ~there)
    uow.conn.execute(insert(part).from_select(["id"], missing))


def _query(uow: UnitOfWork, work: Work, where: ColumnElement[bool]) -> Select[Any]:
    target = work.part(work.target)
    source = work.main
    rows: Any = source
    for part in sorted({column.part for column in (*work.read, work.target)} - {0}):
        other = work.part(_first(work, part))
        rows = rows.join(other, other.c.id == source.c.id)
    query = select(source.c.id, source.c.patient, *(work.cell(column) for column in work.read))
    query = query.select_from(rows).where(where).order_by(source.c.id)
    return query if uow.sqlite else query.with_for_update(of=target, skip_locked=True)


def _first(work: Work, part: int) -> StoredColumn:
    return next(column for column in (*work.read, work.target) if column.part == part)


def _values(uow: UnitOfWork, work: Work, rows: Sequence[Any]) -> tuple[list[tuple[Any, ...]], list[Failure]]:
    """What the new column's cells become, (id, *cells), and what could not be read."""
    converter, target = work.converter, work.target
    keys = _keys(uow, work, rows)
    opened = _Opened(work, keys)
    values: list[tuple[Any, ...]] = []
    failures: list[Failure] = []
    of, simple = converter.of, work.origin is None
    for record_id, patient, *cells in rows:
        value = opened.source(record_id, patient, cells[0])
        frozen = None if simple else opened.origin(record_id, patient, cells[1])
        try:
            made = of(value, frozen)
        except ValueProblem as problem:
            failures.append((record_id, problem))
            made = None
        if not target.protected:
            values.append((record_id, made))
            continue
        key = keys.get(patient)
        made = None if key is None else made  # of a patient who was forgotten nothing stays
        values.append((record_id, *seal_value(uow, converter.target, record_id, patient, key, made)))
    return values, failures


def _keys(uow: UnitOfWork, work: Work, rows: Sequence[Any]) -> dict[int, bytes]:
    if not any(column.protected for column in (*work.read, work.target)):
        return {}
    return load_keys(uow, {row[1] for row in rows if row[1] is not None})


class _Opened:
    """The values of cells, protected or not."""

    def __init__(self, work: Work, keys: dict[int, bytes]) -> None:
        self._keys = keys
        self._source = work.converter.source
        self._origin = work.converter.original.source if work.converter.original else work.converter.source

    def source(self, record_id: int, patient: int | None, cell: Any) -> Any:
        return self._value(self._source, record_id, patient, cell)

    def origin(self, record_id: int, patient: int | None, cell: Any) -> Any:
        return self._value(self._origin, record_id, patient, cell)

    def _value(self, field: Any, record_id: int, patient: int | None, cell: Any) -> Any:
        if cell is None or not field.protected:
            return cell
        key = None if patient is None else self._keys.get(patient)
        return None if key is None else open_value(key, field, record_id, cell)


def _write(uow: UnitOfWork, work: Work, values: Sequence[tuple[Any, ...]]) -> None:
    """One statement for the whole batch. It writes the new columns alone, so no row version rises."""
    if not values:
        return
    specs = work.target.physical()
    dialect = uow.conn.dialect
    binds = [kind.dialect_impl(dialect).bind_processor(dialect) for _, kind in specs]
    columns = [
        [value if bind is None else bind(value) for value in cells]
        for bind, cells in zip(binds, list(zip(*values, strict=True))[1:], strict=True)
    ]
    ids = [item[0] for item in values]
    table = work.table_of(work.target)
    if uow.sqlite:
        set_ = ", ".join(f"{name} = ?" for name, _ in specs)
        rows = [(*cells, record_id) for record_id, *cells in zip(ids, *columns, strict=True)]
        uow.conn.exec_driver_sql(f"UPDATE {table} SET {set_} WHERE id = ?", rows)
        return
    names = [name for name, _ in specs]
    set_ = ", ".join(f"{name} = v.{name}" for name in names)
    arrays = ", ".join(f"%s::{kind.compile(dialect)}[]" for _, kind in specs)
    uow.conn.exec_driver_sql(
        f"UPDATE {table} AS t SET {set_} FROM unnest(%s::bigint[], {arrays}) AS v (id, {', '.join(names)}) "
        "WHERE t.id = v.id",
        (ids, *columns),
    )


def forget_failures(uow: UnitOfWork, column_id: int, ids: Iterable[int]) -> None:
    c, listed = conversion_failure.c, list(ids)
    for start in range(0, len(listed), 500):
        here = (c.column_id == column_id) & c.record_id.in_(listed[start : start + 500])
        uow.conn.execute(delete(conversion_failure).where(here))


def note_failures(uow: UnitOfWork, work: Work, failures: Sequence[Failure]) -> None:
    """Keep which cells could not be read, and why; never the value, which stays where it was."""
    if not failures:
        return
    rows = [
        {
            "column_id": work.target.id, "record_id": record_id, "plan_id": work.plan_id,
            "code": problem.code, "zh": problem.zh, "en": problem.en,
        }
        for record_id, problem in failures
    ]  # fmt: skip
    uow.conn.execute(insert(conversion_failure), rows)
