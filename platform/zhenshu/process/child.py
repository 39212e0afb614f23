"""The program of every child of the supervisor: `python -m zhenshu.process.child ROLE PROGRAM PARENT ...`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Any, NoReturn

from zhenshu import logs
from zhenshu.process.parent import stop_with
from zhenshu.process.programs import load
from zhenshu.settings import Settings


def main(arguments: Sequence[str]) -> int:
    role, program, parent, *rest = arguments
    stop_with(int(parent))
    logs.configure()
    if role == "web":
        _serve_web(program, int(rest[0]))
    return {"worker": _serve_jobs, "steward": _serve_steward}[role](program)


def _serve_web(program: str, handle: int) -> NoReturn:
    settings = Settings.load()
    options = {
        "config": "python:zhenshu.process.gunicorn_settings",
        "bind": f"fd://{handle}",
        "workers": settings.web_workers,
        "threads": settings.web_threads,
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments, f"{program}()"])


def _serve_jobs(program: str) -> int:
    from zhenshu.jobs.celery_app import run_worker

    return run_worker(load(program)())


def _serve_steward(program: str) -> int:
    stopping = threading.Event()

    def stop(*_: Any) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    load(program)().run(stopping)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
