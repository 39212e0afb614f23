"""Which code the processes run, as import strings, so that each process loads it for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Programs:
    """Import strings "module:function" of functions without arguments.

    `web` gives a WSGI application, `worker` a Celery app, `steward` a `Steward`.
    """

    web: str = "assembly:web_app"
    worker: str = "assembly:worker_app"
    steward: str = "assembly:steward"


def load(program: str) -> Callable[[], Any]:
    module, _, name = program.partition(":")
    function: Callable[[], Any] = getattr(import_module(module), name)
    return function
