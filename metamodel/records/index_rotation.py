"""A new key for all blind indexes, batch by batch, while everybody goes on finding and writing.

Two versions of the key are in use meanwhile: what is written takes the new one, what is looked for may have
either. Each batch commits with how far it has come, so that a rotation goes on wherever it was stopped. When
nothing has an index of the old key any more, it is looked for by the new one alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Column, MetaData, Row, Table, func, insert, inspect, select, update

from metamodel.catalogue.model import ColumnPlace, Field
from metamodel.plans.exclusive import exclusive_unit, patiently
from metamodel.records.reindexing import reindex
from metamodel.storage.columns import StoredColumn, storage_field, stored_columns
from metamodel.storage.layout import build_table, table_name
from metamodel.tables import storage_column, storage_record_type
from zhenshu.audit import record
from zhenshu.db.metadata import catalogue_state
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.jobs import JobKind, JobRun, submit
from zhenshu.patients.identifiers import count_identifiers, reindex_identifiers
from zhenshu.patients.index import index_rotation
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject

KIND: Final = "keys.rotate_index"
BATCH: Final = 500  # values of one transaction
GIVE_WAY: Final = 0.06  # seconds between batches on SQLite, whose other writers do not queue

_r = index_rotation.c


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rotation has come. `unread` values did not open: see `zhenshu check`."""

    version: int
    done: int
    total: int
    unread: int


@dataclass(frozen=True, slots=True)
class _Column:
    """A protected column as it lies in the database, whatever release made it."""

    stored: StoredColumn
    main: Table
    table: Table

    @property
    def sealed(self) -> Column[Any]:
        return self.table.c[self.stored.name]

    @property
    def item(self) -> Field:
        shape = {"id": self.stored.field_id, "type": self.stored.field_type, "options": self.stored.options}
        place = ColumnPlace(self.stored.part, self.stored.name, protected=True)
        return replace(storage_field(shape), place=place)


def begin_index_rotation(instance: Instance, subject: Subject, channel: Channel) -> int:
    """Make a new key the current one, at an instant at which nobody writes; its version.

    A rotation under way goes on with its own. The key's file is on disk before the database knows of it.
    """

    def begin() -> int:
        with exclusive_unit(instance, subject, channel) as uow:
            if len(uow.index_versions) > 1:
                return uow.index_versions[0]
            (former,) = uow.index_versions
            version = former + 1
            instance.secrets.create_indexing(version)
            state = update(catalogue_state).values(index_version=version, index_former=former)
            uow.conn.execute(state.where(catalogue_state.c.id == 1))
            new = {"version": version, "total": _total(uow), "started_at": uow.at}
            uow.conn.execute(insert(index_rotation).values(new))
            record(uow, "rotate", "keys", f"index {version}")
            return version

    return patiently(begin, retry=True)


def step(uow: UnitOfWork) -> Progress | None:
    """The next batch; None when none is left, or no rotation is under way."""
    query = select(index_rotation).where(_r.finished_at.is_(None)).with_for_update()
    if (row := uow.conn.execute(query).first()) is None:
        return None
    if row.place == 0:
        batch = reindex_identifiers(uow, row.after, BATCH)
        return _keep(uow, row, 0, batch.last, batch.count, batch.unread)
    column = _next_column(uow, row.place)
    if column is None:
        return None
    after = row.after if column.stored.id == row.place else 0
    rows = _next_rows(uow, column, after)
    unread = reindex(uow, column.table, column.item, rows)
    return _keep(uow, row, column.stored.id, rows[-1].id if rows else None, len(rows), unread)


def finish_index_rotation(instance: Instance, subject: Subject, channel: Channel) -> Progress:
    """From here on the old key is not asked for. What another process has finished is finished."""

    def finish() -> Progress:
        with exclusive_unit(instance, subject, channel) as uow:
            current, *former = uow.index_versions
            row = uow.conn.execute(select(index_rotation).where(_r.version == current)).one()
            if former:
                ended = update(index_rotation).where(_r.version == current).values(finished_at=uow.at)
                uow.conn.execute(ended)
                state = update(catalogue_state).where(catalogue_state.c.id == 1)
                uow.conn.execute(state.values(index_former=None))
                record(uow, "retire", "keys", ",".join(f"index {version}" for version in former))
            return Progress(row.version, row.done, row.total, row.unread)

    return patiently(finish, retry=True)


def run_index_rotation(run: JobRun) -> Mapping[str, Any]:
    """The job: until nothing has an index of the old key."""
    begin_index_rotation(run.instance, run.subject, Channel.API)

    def batch() -> bool:
        with run.write() as uow:
            if (found := step(uow)) is None:
                return False
            run.checkpoint(found.done, max(found.total, found.done), {"version": found.version}, uow)
        if uow.sqlite:
            time.sleep(GIVE_WAY)
        return True

    while patiently(batch, retry=True):
        pass
    end = finish_index_rotation(run.instance, run.subject, Channel.API)
    return {"values": end.done, "unread": end.unread}


def submit_index_rotation(uow: UnitOfWork) -> int:
    """Queue the job that begins a rotation and carries it through."""
    return submit(uow, KIND, {})


def rotate_index(instance: Instance, subject: Subject, write: Callable[[], Any]) -> Progress:
    """The same at once, for the command line; `write` opens a writing unit."""
    begin_index_rotation(instance, subject, Channel.API)

    def batch() -> bool:
        with write() as uow:
            return step(uow) is not None

    while patiently(batch, retry=True):
        pass
    return finish_index_rotation(instance, subject, Channel.API)


def _keep(uow: UnitOfWork, row: Row[Any], place: int, last: int | None, count: int, unread: int) -> Progress:
    """How far it has come; without a `last` id the place is done and the next one follows."""
    at = (place + 1, 0) if last is None else (place, last)
    done, failed = row.done + count, row.unread + unread
    kept = {"place": at[0], "after": at[1], "done": done, "unread": failed}
    uow.conn.execute(update(index_rotation).where(_r.version == row.version).values(kept))
    return Progress(row.version, done, row.total, failed)


def _next_column(uow: UnitOfWork, place: int) -> _Column | None:
    """The protected column with this id or the next one that exists."""
    c = storage_column.c
    query = select(c.id, c.record_type_id).where(c.protected, c.id >= place).order_by(c.id)
    for column_id, number in uow.conn.execute(query).all():
        if (found := _column(uow, number, column_id)) is not None:
            return found
    return None


def _column(uow: UnitOfWork, number: int, column_id: int) -> _Column | None:
    stored = next(one for one in stored_columns(uow.conn, [number]) if one.id == column_id)
    query = select(storage_record_type.c.definition_id).where(storage_record_type.c.id == number)
    definition_id = uow.conn.execute(query).scalar_one()
    name = table_name(definition_id, number, stored.part)
    there = inspect(uow.conn)
    # One that a publish has booked, or taken back, is not in the database.
    if not there.has_table(name) or stored.name not in {one["name"] for one in there.get_columns(name)}:
        return None
    metadata = MetaData()
    table = build_table(name, stored.part, stored.physical(), metadata)
    main = table if stored.part == 0 else build_table(table_name(definition_id, number), 0, (), metadata)
    return _Column(stored, main, table)


def _next_rows(uow: UnitOfWork, column: _Column, after: int) -> list[Row[Any]]:
    main, table = column.main, column.table
    query = select(main.c.id, main.c.patient, column.sealed)
    if table is not main:
        query = query.join_from(main, table, table.c.id == main.c.id)
    within = (main.c.id > after, column.sealed.is_not(None))
    return list(uow.conn.execute(query.where(*within).order_by(main.c.id).limit(BATCH)))


def _total(uow: UnitOfWork) -> int:
    total, place = count_identifiers(uow), 1
    while (column := _next_column(uow, place)) is not None:
        total += uow.conn.execute(select(func.count(column.sealed))).scalar_one()
        place = column.stored.id + 1
    return total


INDEX_ROTATION: Final = JobKind(
    KIND, {"zh": "更换检索索引密钥", "en": "Replace the key of blind indexes"}, run_index_rotation
)
