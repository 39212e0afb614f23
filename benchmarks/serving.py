"""A served instance for measurements: `zhenshu up` in processes of its own, and a client with a token."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import orjson

from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user
from zhenshu.security.grants.standing import give_standing
from zhenshu.security.roles import sync_roles
from zhenshu.security.secrets import Secrets
from zhenshu.security.tokens import create_token
from zhenshu.settings import Settings

START_SECONDS = 60


class Server:
    """A running server; `instance` is the same installation seen from this process."""

    def __init__(self, instance: Instance, process: subprocess.Popen[str], address: str, token: str) -> None:
        self.instance = instance
        self.address = address
        self._process = process
        # The standard library's own client: what it costs is small beside what is measured.
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=120)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def get(self, path: str, params: dict[str, Any]) -> Any:
        return self._ask("GET", f"{path}?{urlencode(params)}", None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("POST", path, orjson.dumps(body))

    def _ask(self, method: str, path: str, body: bytes | None) -> Any:
        response = self._send(method, f"/api/v1{path}", body)
        content = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {content[:500]!r}")
        return orjson.loads(content)

    def _send(self, method: str, path: str, body: bytes | None) -> HTTPResponse:
        """Send it; once more on a new connection where the server has closed an idle one."""
        try:
            self._connection.request(method, path, body, self._headers)
            return self._connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, RemoteDisconnected):
            self._connection.close()
            self._connection.request(method, path, body, self._headers)
            return self._connection.getresponse()

    def memory(self) -> int:
        """Resident megabytes of the whole process tree; shared pages are counted once per process."""
        return sum(int(fields[21]) for fields in self._tree()) * os.sysconf("SC_PAGE_SIZE") // 2**20

    def processor_seconds(self) -> float:
        """What the processes of the whole tree have used of the processors so far."""
        return sum(int(fields[11]) + int(fields[12]) for fields in self._tree()) / os.sysconf("SC_CLK_TCK")

    def _tree(self) -> list[list[str]]:
        """/proc/PID/stat of the process and all below it, from the third field on."""
        known = {int(path.parent.name): _stat(path) for path in Path("/proc").glob("[0-9]*/stat")}
        tree = {self._process.pid}
        while grown := {pid for pid, fields in known.items() if fields and int(fields[1]) in tree} - tree:
            tree |= grown
        return [known[pid] for pid in tree if known.get(pid)]

    def stop(self) -> None:
        self._connection.close()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=30)
        self.instance.close()


@contextmanager
def served(home: Path, url: str = "") -> Iterator[Server]:
    """Serve a new instance in `home` on a free port; stopped afterwards."""
    instance = Instance(Settings(home=home, database_url=url))
    Secrets.create(instance.settings.secrets_folder)
    upgrade(instance)
    sync_roles(instance, ())
    with instance.write(SYSTEM, Channel.API) as uow:
        give_standing(uow, ("researcher",))
    process = _start(home, url)
    try:
        server = Server(instance, process, _address(process), _token(instance))
        yield server
        server.stop()
    finally:
        if process.poll() is None:
            process.kill()


def _start(home: Path, url: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "ZHENSHU_HOME": str(home), "ZHENSHU_DATABASE_URL": url, "ZHENSHU_LANGUAGE": "en",
    }  # fmt: skip
    program = Path(sys.executable).with_name("zhenshu")
    with (home / "server.log").open("w") as log:
        return subprocess.Popen(
            [program, "up", "--port", "0"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True,
            start_new_session=True,
        )  # fmt: skip


def _address(process: subprocess.Popen[str]) -> str:
    """Where it says it serves, once it does."""
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    if found is None:
        raise RuntimeError(f"the server did not start: {line}")
    end = time.monotonic() + START_SECONDS
    while not _answers(f"{found[0]}/healthz"):
        if time.monotonic() > end:
            raise RuntimeError("the server does not answer")
        time.sleep(0.05)
    return found[0]


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _token(instance: Instance) -> str:
    """One who sees identifying fields masked, as most do, and may add records."""
    with instance.write(SYSTEM, Channel.API) as uow:
        user = create_user(uow, "bench", "researcher", "Measured-Twice-7").user
        return create_token(uow, user.id, "bench").value


def _stat(path: Path) -> list[str]:
    """The fields after the name, or none when the process has just ended."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []
