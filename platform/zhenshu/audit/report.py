"""Who reached a patient's data: summed up by person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from zhenshu.audit.labels import Key, Named, field_names
from zhenshu.audit.names import ACTS, Touch
from zhenshu.audit.searching import conditions
from zhenshu.audit.trail import audit_entry
from zhenshu.db.unit_of_work import UnitOfWork

_c = audit_entry.c


@dataclass
class Reach:
    """One person's acts on a patient's data. `fields` are the fields' codes with their names."""

    subject_id: int | None
    subject_name: str
    first_at: datetime
    last_at: datetime
    counts: dict[Touch, int] = field(default_factory=lambda: dict.fromkeys(Touch, 0))
    fields: dict[str, Named | None] = field(default_factory=dict)


def patient_reaches(uow: UnitOfWork, patient: int, period: Mapping[str, Any]) -> list[Reach]:
    """By person, latest first. What auditors did is in the trail, but is no reach of theirs.

    Raises:
        NoSuchInstant: when `from` or `to` of the period is none.
    """
    columns = _c.subject_id, _c.subject_name, _c.action, _c.at, _c.resource_kind, _c.resource, _c.fields
    asked = {"patient": patient, **period}
    query = select(*columns).where(*conditions(asked), _c.resource_kind != "audit").order_by(_c.id)
    found: dict[tuple[int | None, str], Reach] = {}
    named: dict[Key, set[str]] = {}
    seen: dict[tuple[int | None, str], set[tuple[Key, str]]] = {}
    for row in uow.conn.execute(query):
        touch = ACTS[row.action].touch if row.action in ACTS else None
        if touch is None:
            continue
        person, key = (row.subject_id, row.subject_name), (row.resource_kind, row.resource)
        reach = found.setdefault(person, Reach(row.subject_id, row.subject_name, row.at, row.at))
        reach.last_at = row.at
        reach.counts[touch] += 1
        named.setdefault(key, set()).update(row.fields or ())
        seen.setdefault(person, set()).update((key, code) for code in row.fields or ())
    names = {key: field_names(uow, key, codes) for key, codes in named.items()}
    for person, pairs in seen.items():
        for key, code in sorted(pairs):
            found[person].fields.setdefault(code, names[key].get(code))
    return sorted(found.values(), key=lambda reach: reach.last_at, reverse=True)
