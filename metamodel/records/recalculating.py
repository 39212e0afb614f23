"""Calculating stored records anew, and what a change of some records does to the calculations of others.

Values are those that saving the record would store, to the last digit; only records whose values differ are
written, each with a revision that says it was calculated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select, text, update

from metamodel.catalogue.dependencies import Place, dependencies_of
from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.records.around import Neighbour, load_around
from metamodel.records.compiled import CompiledType
from metamodel.records.history import CALCULATED, Historian, changed_values
from metamodel.records.rowreader import row_reader
from metamodel.records.session import Session
from metamodel.records.shapes import Provenance
from metamodel.records.validation import Validator
from metamodel.storage.layout import ACTIVE
from metamodel.storage.protected import protected_columns
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import submit
from zhenshu.patients import load_keys

KIND: Final = "records.recalculate"
AT_ONCE: Final = 200  # records calculated in the transaction that makes it necessary; more are a job's
BUCKETS: Final = 512
_LOCK_SPACE: Final = 0x7A63  # tells these advisory locks from others

Values = Mapping[str, Any]


def settle(
    session: Session, record_type: RecordType, changed: Iterable[Place], patients: Iterable[int | None],
    wrote: Collection[int], back: Collection[str] = (),
) -> None:  # fmt: skip
    """Bring calculations of other records up to date after records of `record_type` were `wrote`; those of
    the types `back` came back from the trash.

    As many records as the act itself wrote, and at least `AT_ONCE`, are done here, so that all becomes true
    in one transaction; more are left to a job of that transaction.
    """
    database = session.database(record_type)
    waves = _waves(session, database, changed, back)
    owners = sorted({patient for patient in patients if patient is not None})
    if not waves or not owners:
        return
    limit = max(AT_ONCE, len(wrote))
    found = {kind.code: _ids(session, kind, owners, limit + 1) for kind in waves}
    if sum(map(len, found.values())) > limit:
        submit_recalculation(session, database, waves, owners)
        return
    provenance = {"kind": CALCULATED, "because": {"type": record_type.path, "ids": sorted(wrote)[:10]}}
    for kind in waves:
        recalculate(session, kind, found[kind.code], provenance)


def _waves(
    session: Session, database: Database, changed: Iterable[Place], back: Iterable[str] = ()
) -> list[RecordType]:
    codes = dependencies_of(session.uow, database).waves(changed, back)
    kinds = [database.record_type(code) for code in codes]
    return [kind for kind in kinds if is_calculated_here(kind)]


def all_calculated(session: Session, database: Database) -> list[RecordType]:
    """Every record type with calculations, in an order in which all of them come true."""
    own = [kind for kind in database.record_types if any(item.calculation for item in kind.fields)]
    places = [(kind.code, item.code) for kind in own for item in kind.fields if item.calculation]
    return [kind for kind in own if is_calculated_here(kind)] + _waves(session, database, places)


def is_calculated_here(record_type: RecordType) -> bool:
    """Whether its records are written by the record store, and not by a module that owns them."""
    return record_type.storage == "managed" and record_type.writer == "records"


def _ids(session: Session, kind: RecordType, patients: Sequence[int], most: int) -> list[int]:
    main = kind.main
    query = select(main.c.id).where(main.c.patient.in_(patients), main.c.status == ACTIVE)
    return list(session.uow.conn.scalars(query.order_by(main.c.id).limit(most)))


def submit_recalculation(
    session: Session, database: Database, waves: Iterable[RecordType], patients: Sequence[int] | None
) -> int:
    """Queue the job that calculates the records of these types anew, in this order; `patients` None: all."""
    types = [kind.id for kind in waves]
    owners = None if patients is None else list(patients)
    return submit(session.uow, KIND, {"database": database.code, "types": types, "patients": owners})


def recalculate(
    session: Session, record_type: RecordType, ids: Sequence[int], provenance: Provenance
) -> list[int]:
    """Calculate these records anew; the ids of those whose values changed.

    They are locked first and read afterwards, so that of two acts at once the later one sees both.
    """
    if not ids:
        return []
    return _Recalculation(session, record_type, provenance).run(ids)


class _Recalculation:
    def __init__(self, session: Session, record_type: RecordType, provenance: Provenance) -> None:
        self._session = session
        self._uow = session.uow
        self._type = record_type
        self._compiled: CompiledType = session.compiled(record_type)
        self._validator = Validator(self._compiled.rules, session.context)
        self._provenance = provenance
        self._keys: Mapping[int, bytes] = {}

    def run(self, ids: Sequence[int]) -> list[int]:
        records = self._read(self._locked(ids))
        places = [Neighbour(record["id"], record["parent"], record["patient"]) for record in records]
        rules = self._compiled.rules
        surroundings = load_around(self._uow, self._compiled.surroundings, rules.needs, places)
        differing = []
        for record, around in zip(records, surroundings, strict=True):
            new = self._validator.derived(record, self._reasons(record), around)
            if any(record[code] != value for code, value in new.items()):
                differing.append((record, new))
        written = self._noted(differing)
        if written:
            self._update(written)
            self._report(written)
        return [record["id"] for record, _ in written]

    def _locked(self, ids: Sequence[int]) -> list[int]:
        main = self._type.main
        query = select(main.c.id).where(main.c.id.in_(ids), main.c.status == ACTIVE).order_by(main.c.id)
        return list(self._uow.conn.scalars(query.with_for_update()))

    def _read(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        reader = row_reader(self._uow, self._type, self._type.fields)
        return [dict(zip(reader.names, row, strict=True)) for row in reader.read(self._uow, ids)]

    def _reasons(self, record: Values) -> dict[str, str]:
        known = self._type.by_id
        missing = record["missing"] or {}
        return {known[key].code: code for key, code in missing.items() if key in known}

    def _noted(self, differing: Sequence[tuple[Values, Values]]) -> list[tuple[Values, Values]]:
        """Write a revision of each, and give those that changed. Identifying values of a patient who was
        forgotten stay away."""
        historian = Historian(self._uow, self._compiled, "change", self._provenance)
        keys = self._keys = self._load_keys(differing)
        written = []
        for record, new in differing:
            plain, identifying = changed_values(self._compiled, record, new)
            key = keys.get(record["patient"])
            if key is None and (away := self._kept_away(record, new)):
                new = {**new, **away}
                plain, identifying = changed_values(self._compiled, record, new)
            if plain or identifying:
                version = record["row_version"] + 1
                historian.note(record["id"], version, record["patient"], plain, identifying, key)
                written.append((record, new))
        historian.write()
        return written

    def _load_keys(self, differing: Sequence[tuple[Values, Values]]) -> Mapping[int, bytes]:
        if not self._compiled.calculated & set(self._compiled.identifying):
            return {}
        return load_keys(self._uow, {record["patient"] for record, _ in differing} - {None})

    def _kept_away(self, record: Values, new: Values) -> Values:
        """Stored values of the fields that nothing can be written to without the patient's key."""
        return {
            code: record[code]
            for code in self._compiled.identifying
            if code in new and new[code] != record[code]
        }

    def _update(self, written: Sequence[tuple[Values, Values]]) -> None:
        for part, table in enumerate(self._type.tables):
            fields = [
                item
                for item in self._type.fields
                if item.calculation and item.place is not None and item.place.part == part
            ]
            if not fields and part > 0:
                continue
            values = [self._stored_values(fields, record, new) for record, new in written]
            sets: dict[str, Any] = {name: bindparam(f"new_{name}") for name in values[0]}
            if part == 0:
                sets |= self._system(table)
            rows = [
                {"its_id": record["id"]} | {f"new_{name}": value for name, value in row.items()}
                for (record, _), row in zip(written, values, strict=True)
            ]
            self._uow.conn.execute(update(table).where(table.c.id == bindparam("its_id")).values(sets), rows)

    def _stored_values(self, fields: Sequence[Field], record: Values, new: Values) -> dict[str, Any]:
        """What the columns of these fields take."""
        values: dict[str, Any] = {}
        for item in fields:
            assert item.place is not None
            if item.place.protected:
                patient, value = record["patient"], new[item.code]
                key = self._keys.get(patient)
                values |= protected_columns(self._uow, item, record["id"], patient, key, value)
            else:
                values[item.place.name] = new[item.code]
        return values

    def _system(self, table: Any) -> dict[str, Any]:
        return {
            "row_version": table.c.row_version + 1,
            "updated_by": self._uow.subject.name,
            "updated_at": self._uow.at,
            "release_id": self._type.release_id,
        }

    def _report(self, written: Sequence[tuple[Values, Values]]) -> None:
        ids = [record["id"] for record, _ in written]
        fields = {code for record, new in written for code, value in new.items() if record[code] != value}
        detail = {"calculated": len(ids)} | ({"ids": ids} if len(ids) <= 100 else {})
        patients = [record["patient"] for record, _ in written]
        self._session.note("change", self._type, patients=patients, fields=sorted(fields), detail=detail)
        self._session.announce("change", self._type, ids)


def hold(session: Session, types: Iterable[RecordType], ids: Iterable[int | None], of: RecordType) -> None:
    """Before records of `types` are written: keep others away from the calculations of the patients that
    the records `ids` of type `of` belong to, until the transaction ends.

    Where acts at once change records of one patient, each calculates records that the other has locked, and
    they would wait for each other. SQLite has one writer at a time anyway.
    """
    uow = session.uow
    if uow.sqlite:
        return
    involved = dependencies_of(uow, session.database(of)).involved
    if any(kind.code in involved for kind in types):
        known = [item for item in set(ids) if item is not None]
        query = select(of.main.c.patient).where(of.main.c.id.in_(known))
        hold_patients(uow, uow.conn.scalars(query))


def hold_patients(uow: UnitOfWork, patients: Iterable[int | None]) -> None:
    """They share a limited number of locks, which all take in one order."""
    buckets = sorted({patient % BUCKETS for patient in patients if patient is not None})
    if buckets and not uow.sqlite:
        lock = text("SELECT pg_advisory_xact_lock(:space, bucket) FROM unnest(:buckets) bucket")
        uow.conn.execute(lock, {"space": _LOCK_SPACE, "buckets": buckets})
