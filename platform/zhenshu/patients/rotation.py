"""A new wrapping key for all patients' keys, batch by batch; the old one is retired when nothing needs it.

Each batch commits by itself, so that a rotation goes on wherever it was stopped. What patients' keys seal
stays as it is: only their wrapping is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import JobKind, JobRun, submit
from zhenshu.patients.index import patient_key, wrapping_key
from zhenshu.patients.keys import context_of
from zhenshu.security.secrets import seal, unseal

KIND: Final = "keys.rotate"
BATCH: Final = 1000  # patients of one transaction


def begin_rotation(uow: UnitOfWork) -> int:
    """Make a new wrapping key the current one; its version. A rotation under way goes on with its own.

    The key's file is on disk before the database knows of it.
    """
    c = wrapping_key.c
    query = select(c.version, c.state).with_for_update()
    states: dict[int, str] = {row.version: row.state for row in uow.conn.execute(query)}
    current = next(version for version, state in states.items() if state == "current")
    if "retiring" in states.values():
        return current
    version = max(states) + 1
    uow.instance.secrets.create_wrapping(version)
    uow.conn.execute(update(wrapping_key).where(c.state == "current").values(state="retiring"))
    uow.conn.execute(insert(wrapping_key).values(version=version, state="current", created_at=uow.at))
    record(uow, "rotate", "keys", str(version))
    return version


def rewrap_batch(uow: UnitOfWork) -> int:
    """Wrap the next keys with the current wrapping key; how many there were.

    Raises:
        NotDecryptable: when one was altered, or its wrapping key is another one. Nothing was changed.
    """
    secrets, c = uow.instance.secrets, patient_key.c
    current = _current(uow)
    query = select(c.patient_id, c.wrapped, c.key_version).where(
        c.key_version != current, c.wrapped.is_not(None)
    )
    rows = uow.conn.execute(query.order_by(c.patient_id).limit(BATCH).with_for_update()).all()
    new, old = secrets.wrapping(current), {row.key_version: secrets.wrapping(row.key_version) for row in rows}
    for row in rows:
        context = context_of(row.patient_id)
        key = unseal(old[row.key_version], bytes(row.wrapped), context)
        here = c.patient_id == row.patient_id
        wrapped = seal(new, key, context)
        uow.conn.execute(update(patient_key).where(here).values(wrapped=wrapped, key_version=current))
    return len(rows)


def retire(uow: UnitOfWork) -> list[int]:
    """Retire the versions that no patient's key needs; which those were.

    Writers who began under an old version hold its row, so this waits until they are done.
    """
    c = wrapping_key.c
    retiring = uow.conn.scalars(select(c.version).where(c.state == "retiring").with_for_update()).all()
    needed = select(patient_key.c.key_version).where(patient_key.c.wrapped.is_not(None)).distinct()
    idle = sorted(set(retiring) - set(uow.conn.scalars(needed)))
    if idle:
        end = update(wrapping_key).where(c.version.in_(idle))
        uow.conn.execute(end.values(state="retired", retired_at=uow.at))
        record(uow, "retire", "keys", ",".join(map(str, idle)))
    return idle


def left(uow: UnitOfWork) -> int:
    """How many patients' keys are still wrapped with an older key."""
    c = patient_key.c
    waiting = (c.key_version != _current(uow), c.wrapped.is_not(None))
    return uow.conn.execute(select(func.count()).select_from(patient_key).where(*waiting)).scalar_one()


def submit_rotation(uow: UnitOfWork) -> int:
    """Begin a rotation and queue the job that carries it through."""
    begin_rotation(uow)
    return submit(uow, KIND, {})


def run_rotation(run: JobRun) -> Mapping[str, Any]:
    """The job: until nothing is wrapped with an older key."""
    done = int((run.cursor or {}).get("done", 0))
    while True:
        with run.write() as uow:
            wrapped = rewrap_batch(uow)
            done += wrapped
            run.checkpoint(done, done + left(uow), {"done": done}, uow)
            if not wrapped and (retire(uow) or not _is_retiring(uow)):
                return {"keys": done}


def rotate(write: Callable[[], Any]) -> int:
    """The same at once, for the command line; `write` opens a writing unit. How many keys were wrapped."""
    with write() as uow:
        begin_rotation(uow)
    done = 0
    while True:
        with write() as uow:
            wrapped = rewrap_batch(uow)
            done += wrapped
            if not wrapped and (retire(uow) or not _is_retiring(uow)):
                return done


def _current(uow: UnitOfWork) -> int:
    query = select(wrapping_key.c.version).where(wrapping_key.c.state == "current")
    version: int = uow.conn.execute(query).scalar_one()
    return version


def _is_retiring(uow: UnitOfWork) -> bool:
    query = select(wrapping_key.c.version).where(wrapping_key.c.state == "retiring")
    return uow.conn.execute(query).first() is not None


ROTATION: Final = JobKind(KIND, {"zh": "轮换密钥", "en": "Rotate keys"}, run_rotation)
