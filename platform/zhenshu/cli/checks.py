"""The ground's own checks: tables, trail, jobs, events, files, keys."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from zhenshu.audit import verify
from zhenshu.db.migrations import differences, require_head
from zhenshu.events import given_up
from zhenshu.instance import Instance
from zhenshu.jobs.sweep import expired_leases
from zhenshu.rooms import Check
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM
from zhenshu.storage import verify_files


def _tables(instance: Instance) -> Sequence[str]:
    require_head(instance)
    return differences(instance)


def _trail(instance: Instance) -> Sequence[str]:
    return [str(fault) for fault in verify(instance)]


def _leases(instance: Instance) -> Sequence[str]:
    with instance.read(SYSTEM, Channel.API) as uow:
        return [f"job {job_id}: its worker fell silent" for job_id in expired_leases(uow)]


def _events(instance: Instance) -> Sequence[str]:
    with instance.read(SYSTEM, Channel.API) as uow:
        found = given_up(uow)
    return [f"event {event}: {listener} gave it up after {error}" for event, listener, error in found]


def _files(instance: Instance) -> Sequence[str]:
    return list(verify_files(instance))


def _secrets(instance: Instance) -> Sequence[str]:
    folder = instance.settings.secrets_folder
    Secrets.load(folder)
    return list(_open_to_others(folder, sorted(folder.glob("*.key"))))


def _open_to_others(folder: Path, keys: Sequence[Path]) -> Iterator[str]:
    for path, allowed in ((folder, 0o700), *((key, 0o600) for key in keys)):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~allowed:
            yield f"{path}: mode {mode:04o}, should be {allowed:04o}"


OWN = (
    Check("database tables", _tables),
    Check("audit trail", _trail),
    Check("job leases", _leases),
    Check("event delivery", _events),
    Check("stored files", _files),
    Check("secrets", _secrets),
)
