"""Celery carries wake-up messages, nothing else: each holds a job's id, and the job table has the rest."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celery import Celery
from celery.signals import setup_logging, worker_shutting_down

from zhenshu.jobs.execute import work
from zhenshu.jobs.service import job_service

if TYPE_CHECKING:
    from zhenshu.instance import Instance

TASK = "zhenshu.job"
PREFIX = "zhenshu."
_APP = "zhenshu.jobs.celery_app"


def make_worker_app(instance: Instance, queues: tuple[str, ...] | None = None) -> Celery:
    """The app of a worker that serves `queues`, or those of every kind of job known to `instance`.

    A message wakes it; it then runs the most urgent waiting jobs of its queues until none is left. Being
    told to stop, it lets the running job end at its next checkpoint and gives it back.
    """
    served = queues or tuple(sorted({kind.queue for kind in job_service(instance).kinds.values()}))
    app = _make_app(instance, served or ("default",))
    stopping = threading.Event()

    def stop(**_: Any) -> None:
        stopping.set()

    worker_shutting_down.connect(stop, weak=False)

    def wake(job_id: int) -> int:
        return work(instance, served, stopping)

    app.task(wake, name=TASK, ignore_result=True)
    return app


def send(instance: Instance, queue: str, job_id: int) -> None:
    """Wake the workers of `queue` for a job that waits there."""
    if _APP not in instance.memo:
        instance.memo[_APP] = _make_app(instance, (queue,))
    app: Celery = instance.memo[_APP]
    app.send_task(TASK, args=(job_id,), queue=PREFIX + queue, ignore_result=True)


def broker_folder(instance: Instance) -> Path:
    return instance.settings.home / "broker"


def sweep_broker(instance: Instance) -> None:
    """Remove the embedded broker's read messages, which the transport leaves behind."""
    for path in (broker_folder(instance) / "processed").glob("*.msg"):
        path.unlink(missing_ok=True)


def _make_app(instance: Instance, queues: tuple[str, ...]) -> Celery:
    app = Celery("zhenshu", set_as_current=False)
    app.conf.update(
        task_queues={PREFIX + queue: {"exchange": PREFIX + queue} for queue in queues},
        task_create_missing_queues=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        **_broker(instance),
    )
    return app


def _broker(instance: Instance) -> dict[str, Any]:
    if url := instance.settings.broker_url:
        return {"broker_url": url}
    folder = broker_folder(instance)
    parts = {name: folder / name for name in ("messages", "processed", "control")}
    for part in parts.values():
        part.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {
        "data_folder_in": str(parts["messages"]),
        "data_folder_out": str(parts["messages"]),
        "processed_folder": str(parts["processed"]),
        "control_folder": str(parts["control"]),
        "store_processed": True,  # else they are moved through the machine's shared /tmp
        "polling_interval": 0.2,
    }
    return {
        "broker_url": "filesystem://",
        "broker_transport": "zhenshu.jobs.transport:Transport",
        "broker_transport_options": options,
    }


def run_worker(app: Celery) -> int:
    """Serve in this process until SIGTERM or SIGINT; return the exit code."""
    setup_logging.connect(_keep_our_logging, weak=False)
    worker = app.Worker(
        pool="solo",  # one process, so that nothing is orphaned when it is killed
        concurrency=1,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _keep_our_logging(**_: Any) -> None:
    """Celery sets up no logging of its own once someone answers its signal."""
