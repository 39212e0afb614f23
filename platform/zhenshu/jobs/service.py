"""What jobs need of the whole house: their kinds, a way to wake workers, and who a user is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from zhenshu.jobs.model import UnknownJobKind
from zhenshu.security.subject import Subject

if TYPE_CHECKING:
    from zhenshu.instance import Instance
    from zhenshu.jobs.run import JobRun
    from zhenshu.rooms import Room

LEASE_SECONDS = 60.0

LoadSubject = Callable[[Connection, int], Subject]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job. `run` does the work, checkpoint by checkpoint, and returns what is to be kept.

    A job that dies with its worker starts again at most `max_attempts` times in all, from its cursor.
    """

    name: str
    label: Mapping[str, str]  # {"zh": ..., "en": ...}
    run: Callable[[JobRun], Mapping[str, Any] | None]
    queue: str = "default"
    max_attempts: int = 3


@dataclass(frozen=True)
class JobService:
    """The job side of an instance. `wake` sends a job's id to the workers of its queue."""

    kinds: Mapping[str, JobKind]
    wake: Callable[[str, int], None]
    load_subject: LoadSubject | None = None
    lease_seconds: float = LEASE_SECONDS

    def kind(self, name: str) -> JobKind:
        """
        Raises:
            UnknownJobKind: when no room brought it.
        """
        if name not in self.kinds:
            raise UnknownJobKind(kind=name)
        return self.kinds[name]


def bind_jobs(
    instance: Instance,
    kinds: Iterable[JobKind],
    *,
    load_subject: LoadSubject | None = None,
    wake: Callable[[str, int], None] | None = None,
    lease_seconds: float = LEASE_SECONDS,
) -> None:
    """Tell `instance` which jobs exist. Without `wake`, messages go out by the broker of the settings.

    With `load_subject`, a job runs with the permissions its user holds when it starts, not those of
    the time it was submitted.
    """
    named = {kind.name: kind for kind in kinds}
    sender = wake or _by_broker(instance)
    instance.memo[JobService] = JobService(named, sender, load_subject, lease_seconds)


def bind_rooms(instance: Instance, rooms: Iterable[Room]) -> None:
    """Bind the jobs of `rooms`; each runs with what its user may do when it starts."""
    from zhenshu.audit.labels import bind_audit_names
    from zhenshu.security.grants.parties import bind_grant_check
    from zhenshu.security.subjects import load_subject  # brings Flask-AppBuilder, which no job needs before
    from zhenshu.storage import bind_file_check

    rooms = list(rooms)
    bind_grant_check(instance, rooms)
    bind_file_check(instance, rooms)
    bind_audit_names(instance, rooms)
    bind_jobs(instance, (kind for room in rooms for kind in room.jobs), load_subject=load_subject)


def worker(instance: Instance, rooms: Iterable[Room]) -> Any:
    """The Celery app of a job worker that serves `rooms`."""
    from zhenshu.jobs.celery_app import make_worker_app

    bind_rooms(instance, rooms)
    return make_worker_app(instance)


def job_service(instance: Instance) -> JobService:
    """What `bind_jobs` left; an instance without jobs knows no kind."""
    if JobService not in instance.memo:
        bind_jobs(instance, ())
    service: JobService = instance.memo[JobService]
    return service


def _by_broker(instance: Instance) -> Callable[[str, int], None]:
    def wake(queue: str, job_id: int) -> None:
        from zhenshu.jobs.celery_app import send  # Celery takes long to import; readers never need it

        send(instance, queue, job_id)

    return wake
