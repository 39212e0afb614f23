"""Records of keyed types: one array of numbers per owner, in the order of a registered list of names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from metamodel.catalogue.model import RecordType
from metamodel.records.bulk import Inserter, encode_json
from metamodel.records.draft import Draft
from metamodel.records.errors import DuplicateRecord, RecordError, RecordInvalid
from metamodel.records.grades import inherit
from metamodel.records.history import Historian
from metamodel.records.placing import check_events, find_parents, number_repeats
from metamodel.records.problems import duplicate_record, row_not_permitted
from metamodel.records.session import Session
from metamodel.records.shapes import NewRecord, Provenance, Saved
from metamodel.records.uniqueness import outside_rows
from metamodel.storage import KEYED_COLUMNS, SYSTEM_COLUMNS, next_record_ids
from metamodel.storage.layout import ACTIVE
from metamodel.tables import keyed_names
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action

VALUES = "$values"  # where the diff of a keyed record tells of its array


class NamesDiffer(RecordError):
    """Version {version} of {code} has other names already. Nothing was changed; give it a new version."""

    status = 409
    zh = "{code} 的版本 {version} 已有不同的名称列表。未作任何修改，请使用新的版本号。"


class WrongLength(RecordError):
    """{given} values were given for {needed} names. Nothing was changed."""

    zh = "名称共 {needed} 个，但给出了 {given} 个值。未作任何修改。"


class NotNumbers(RecordError):
    """A value is neither a finite number nor empty. Nothing was changed."""

    zh = "存在既非有限数值也非空的值。未作任何修改。"


class NotKeyed(RecordError):
    """Records of {type} are not arrays of named numbers. Nothing was changed."""

    zh = "{type} 的记录不是命名数值数组。未作任何修改。"


def register_names(uow: UnitOfWork, code: str, version: str, names: Sequence[str]) -> int:
    """Register the list of names of one algorithm version; its id. Registering it again changes nothing.

    Raises:
        NamesDiffer: when that version has other names.
    """
    if (known := _names(uow, code, version)) is None:
        row = {"code": code, "version": version, "names": list(names)}
        return int(uow.conn.execute(insert(keyed_names).returning(keyed_names.c.id), row).scalar_one())
    if known[1] != list(names):
        raise NamesDiffer(code=code, version=version)
    return known[0]


def _names(uow: UnitOfWork, code: str, version: str) -> tuple[int, list[str]] | None:
    query = select(keyed_names.c.id, keyed_names.c.names).where(
        keyed_names.c.code == code, keyed_names.c.version == version
    )
    row = uow.conn.execute(query).first()
    return None if row is None else (row.id, list(row.names))


def add_keyed(
    session: Session, record_type: RecordType, parent: int | None, version: str,
    values: Sequence[float | None], provenance: Provenance | None,
) -> Saved:  # fmt: skip
    """Add the array of one owner; `values` follow the names of `version`, None where there is none.

    Raises:
        NotKeyed, WrongLength, NotNumbers, RecordInvalid, Denied: see their messages.
        NotFound: when no names are registered for `version`.
    """
    if record_type.storage != "keyed":
        raise NotKeyed(type=record_type.path)
    session.access.scope(Action.ADD, record_type)
    found = _names(session.uow, record_type.names, version)
    if found is None:
        raise NotFound(kind="list of names", kind_zh="名称列表", name=f"{record_type.names} {version}")
    numbers = _checked(found[1], values)
    draft = _placed(session, record_type, parent)
    try:
        _insert(session, record_type, draft, [parent, found[0], numbers])
    except IntegrityError as error:
        raise DuplicateRecord([duplicate_record()]) from error
    inherit(session.uow, session.database(record_type), record_type, {draft.id: parent})
    if outside_rows(session.access, session.uow, record_type, [draft]):
        raise RecordInvalid([row_not_permitted()])
    historian = Historian(session.uow, session.compiled(record_type), "add", provenance)
    digest = sha256(encode_json(numbers).encode()).hexdigest()
    told = {VALUES: [None, {"version": version, "count": len(numbers), "sha256": digest}]}
    historian.note(draft.id, 1, draft.patient, told, {}, None)
    historian.write()
    session.note("add", record_type, patients=[draft.patient], detail={"ids": [draft.id], "version": version})
    session.announce("add", record_type, [draft.id])
    return Saved(draft.id, 1)


def _checked(names: Sequence[str], values: Sequence[float | None]) -> list[float | None]:
    if len(values) != len(names):
        raise WrongLength(given=len(values), needed=len(names))
    numbers = [None if value is None else float(value) for value in values]
    if not all(number is None or math.isfinite(number) for number in numbers):
        raise NotNumbers()
    return numbers


def _placed(session: Session, record_type: RecordType, parent: int | None) -> Draft:
    draft = Draft(0, NewRecord({}, parent))
    find_parents(session.uow, session.access, record_type, session.database(record_type), [draft])
    check_events(record_type, [draft])
    draft.problems += [one for one in number_repeats(session.uow, record_type, [draft]) if one]
    if draft.failed:
        raise RecordInvalid(draft.problems)
    (draft.id,) = next_record_ids(session.uow, 1)
    return draft


def _insert(session: Session, record_type: RecordType, draft: Draft, array: list[object]) -> None:
    uow = session.uow
    by, at = uow.subject.name, uow.at
    row = [
        draft.id, draft.patient, draft.new.parent, draft.new.event, draft.repeat_key, draft.centre,
        uow.subject.id, record_type.release_id, 1, ACTIVE, by, at, by, at, None, *array,
    ]  # fmt: skip
    inserter = Inserter(record_type.main, (*SYSTEM_COLUMNS, *KEYED_COLUMNS), uow.conn.dialect)
    with uow.conn.begin_nested():
        inserter.insert(uow.conn, [row])
