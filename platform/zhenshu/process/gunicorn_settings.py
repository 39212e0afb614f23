"""Settings of the web server that never differ; read by gunicorn itself (`--config python:...`).

Its messages go to our own log; requests are logged by the application, without queries.
"""

from __future__ import annotations

from pathlib import Path

from zhenshu import logs

GRACE = 30  # seconds that running requests get to end

worker_class = "gthread"
graceful_timeout = GRACE
limit_request_line = 8190  # bytes, the most it takes: a filter is part of its page's address
timeout = 120  # seconds after which a worker whose main loop hangs is replaced
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {},  # leave it as `on_starting` made it
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def on_starting(_server: object) -> None:
    logs.configure()
