"""Run measurements on SQLite and on PostgreSQL, one after the other, and print one JSON line each.

python -m benchmarks [NAME ...]

Names: audit, change, export, load, masking, policy, publish, records, rest, rules, rules_node; or all.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys

from sqlalchemy.engine import make_url

from tests.postgres import Cluster, find_binaries

WITHOUT_DATABASE = ("rules_node",)
NAMES = (
    "audit", "change", "export", "load", "masking", "policy", "publish", "records", "rest", "rules",
    *WITHOUT_DATABASE,
)  # fmt: skip

# Durable, as in production; memory for a machine that also runs the server.
DURABLE = {
    "shared_buffers": "512MB",
    "max_connections": "60",
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "lc_messages": "C",
}


def main(names: list[str]) -> int:
    chosen = names or list(NAMES)
    if unknown := [name for name in chosen if name not in NAMES]:
        print(f"no such measurement: {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    print(
        f'{{"machine": "{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"}}'
    )
    return max(run(name) for name in chosen)


def run(name: str) -> int:
    failed = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
    if name in WITHOUT_DATABASE:
        return failed
    binaries = find_binaries()
    if binaries is None:
        print("PostgreSQL was not measured: its server programs are not installed", file=sys.stderr)
        return failed
    cluster = Cluster(binaries, DURABLE)
    try:
        with cluster.database() as url:
            whole = make_url(url).render_as_string(hide_password=False)
            command = [sys.executable, "-m", f"benchmarks.{name}", whole]
            return max(failed, subprocess.run(command, check=False).returncode)
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
