"""What a grant would open, and what a subject reaches: numbers of rows and fields, never a value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, func, select, true

from metamodel.catalogue import Database, RecordType
from metamodel.queries.row_rules import bound
from metamodel.records.access import Access, scope_of
from metamodel.storage.layout import ACTIVE
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security import SYSTEM, Action, Denied, Reach, Scope, Subject, Visibility
from zhenshu.security.grants.model import NewGrant

SMALLEST: Final = 10  # a number of records below it could tell something of one of them


@dataclass(frozen=True, slots=True)
class Opened:
    """Rows of a record type that a grant reaches, of all, and its fields by how they are seen."""

    database: Database
    type: RecordType
    rows: int | None
    total: int | None
    shown: int
    masked: int
    hidden: int


def opened_by(uow: UnitOfWork, database: Database, record_type: RecordType, new: NewGrant) -> Opened:
    """What the grant alone would open of a record type."""
    owner = _owner(new) if new.own else None
    reach = Reach(owner, new.where, new.grade)
    classes = {name: Visibility(how) for name, how in new.classes.items()}
    scope = Scope(SYSTEM, Action.VIEW, uow.channel, None, classes, () if reach.unlimited else ((reach,),))
    rows = (
        None if new.own and owner is None else rows_within(uow, record_type, bound(uow, record_type, scope))
    )
    total = rows_within(uow, record_type, replace(scope, limits=()))
    seen = Counter(scope.visibility(item.field_class) for item in record_type.fields)
    told = [discreet(uow, record_type, number) for number in (rows, total)]
    kinds = (Visibility.SHOW, Visibility.MASK, Visibility.HIDE)
    return Opened(database, record_type, told[0], told[1], *(seen[each] for each in kinds))


def _owner(new: NewGrant) -> int | None:
    """Whose rows they are; nobody's in particular where the grant is for many."""
    return int(new.subject_value) if new.subject_kind == "user" else None


def rows_within(uow: UnitOfWork, record_type: RecordType, scope: Scope) -> int:
    """How many records a scope reaches, those in the trash left out."""
    if not record_type.tables:
        return 0
    main = record_type.main
    kept: ColumnElement[bool] = true() if record_type.storage == "mapped" else main.c.status == ACTIVE
    within = true() if scope.rows is None else scope.rows(main)
    return uow.conn.execute(select(func.count()).select_from(main).where(kept, within)).scalar_one()


def discreet(uow: UnitOfWork, record_type: RecordType, number: int | None) -> int | None:
    """The number for whoever may view all these records; to others small ones are not told."""
    if number is None or number >= SMALLEST:
        return number
    access = Access(uow)
    whole = access.permits(record_type) and access.scope(Action.VIEW, record_type).rows is None
    return number if whole else None


def scope_for(uow: UnitOfWork, subject: Subject, action: Action, record_type: RecordType) -> Scope | None:
    """The scope of somebody else, judged in this unit of work; None where nothing allows the action."""
    own, uow.subject = uow.subject, subject
    try:
        return scope_of(uow, action, record_type)
    except Denied:
        return None
    finally:
        uow.subject = own
