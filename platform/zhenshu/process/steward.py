"""The steward: the one process that seals the trail, delivers events and sweeps, every second or so."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhenshu.audit import seal
from zhenshu.audit.retention import sweep_audit
from zhenshu.events import deliver, sweep_events
from zhenshu.jobs import sweep_jobs
from zhenshu.notices import sweep_notices
from zhenshu.process.only_one import only_one
from zhenshu.rooms import Listener
from zhenshu.security.directory.recheck import EVERY, recheck_directory
from zhenshu.security.requests import sweep_requests
from zhenshu.security.sealed_results import sweep_sealed
from zhenshu.security.unused import DAY, sweep_unused
from zhenshu.storage import sweep_files

if TYPE_CHECKING:
    from zhenshu.instance import Instance

log = logging.getLogger(__name__)

LOOK = 2.0  # seconds between two looks at the right to serve


@dataclass(frozen=True, slots=True)
class Duty:
    """Something done again and again, `period` seconds after it ended last."""

    name: str
    period: float
    act: Callable[[], object]


class Steward:
    """Does its duties until it is told to stop; a duty that fails is logged and tried again."""

    def __init__(self, instance: Instance, listeners: Sequence[Listener], pace: float = 1.0) -> None:
        from zhenshu.jobs.celery_app import sweep_broker

        self._instance = instance
        self.duties = (
            Duty("seal", pace, lambda: seal(instance)),
            Duty("seal_all", 3600 * pace, lambda: seal(instance, thorough=True)),
            Duty("deliver", pace / 2, lambda: deliver(instance, listeners)),
            Duty("sweep_jobs", pace, lambda: sweep_jobs(instance)),
            Duty("sweep_broker", 60 * pace, lambda: sweep_broker(instance)),
            Duty("sweep_files", 600 * pace, lambda: sweep_files(instance)),
            Duty("sweep_events", 3600 * pace, lambda: sweep_events(instance)),
            Duty("sweep_notices", 3600 * pace, lambda: sweep_notices(instance)),
            Duty("sweep_sealed", 600 * pace, lambda: sweep_sealed(instance)),
            Duty("sweep_requests", 60 * pace, lambda: sweep_requests(instance)),
            Duty("sweep_audit", 3600 * pace, lambda: sweep_audit(instance)),
            Duty("sweep_unused", DAY * pace, lambda: sweep_unused(instance)),
            Duty("recheck_directory", EVERY * pace, lambda: recheck_directory(instance)),
        )

    def run(self, stopping: threading.Event) -> None:
        """Serve until `stopping` is set; wait first while another steward serves this instance."""
        with only_one(self._instance, stopping) as still_held:
            ended = threading.Event()
            threads = [threading.Thread(target=_repeat, args=(duty, ended)) for duty in self.duties]
            for thread in threads:
                thread.start()
            try:
                while not stopping.wait(LOOK):
                    still_held()
            finally:
                ended.set()
                for thread in threads:
                    thread.join()


def _repeat(duty: Duty, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            duty.act()
        except Exception:  # a busy database, a broken chain: say so, and go on with what still works
            log.exception("duty_failed", extra={"duty": duty.name})
        ended.wait(duty.period)
