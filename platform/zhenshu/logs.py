"""Logs: one JSON object per line, with known keys only, so that no value of a patient can get in.

A message's own arguments are never filled in and an error's text is never written: both may quote a value.
Business code logs a constant name and known keys: `log.info("plan_applied", extra={"plan_id": 7})`.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import structlog

ROOMS = frozenset({"zhenshu", "rules_dsl", "metamodel", "forms", "modules", "assembly"})
# Their messages are templates that hold no data of ours until they are filled in.
KNOWN = ROOMS | {"alembic", "celery", "gunicorn", "kombu"}

KEYS = frozenset(
    {
        "attempts",
        "catalogue_revision",
        "child",
        "code",
        "count",
        "duty",
        "error",
        "event_id",
        "exit_code",
        "file_id",
        "job_id",
        "kind",
        "listener",
        "method",
        "milliseconds",
        "pid",
        "plan_id",
        "port",
        "queue",
        "request_id",
        "revision",
        "route",
        "seconds",
        "state",
        "status",
        "subject_id",
        "where",
    }
)
FRAMES = 12
LONGEST = 500  # characters of one value


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send every log of this process to `stream` (standard error) in our form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in (*ROOMS, "gunicorn"):
        logging.getLogger(name).setLevel(level)
    # The file broker has no host; kombu warns of that at each connection.
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[_known_keys, structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _known_keys(_logger: Any, _method: str, given: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in given.items() if key in KEYS or key in ("event", "exc_info")}


class JsonLines(logging.Formatter):
    """A record as one line: when, how grave, who, what, and the known facts."""

    def format(self, record: logging.LogRecord) -> str:
        facts = structlog.contextvars.get_contextvars() | vars(record)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        line |= {key: _short(facts[key]) for key in sorted(KEYS) if key in facts}
        return json.dumps(line | _what_failed(record), ensure_ascii=False)


def _event(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in KNOWN and isinstance(record.msg, str):
        return record.msg[:LONGEST]
    return f"{record.module}:{record.lineno}"


def _short(value: Any) -> Any:
    """Plain values only: an object's own words are nobody's known fact."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_short(item) for item in value[:50]]
    return str(value)[:LONGEST] if isinstance(value, str) else type(value).__name__


def _what_failed(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info or record.exc_info[1] is None:
        return {}
    error = record.exc_info[1]
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": where}
