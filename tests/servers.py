"""Private servers for the tests: started on loopback as a plain user, gone when the test process is gone."""

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypedDict

import pytest

from tests.folders import temporary_root

# A guard process is the server's parent. It waits for either of two ends: the server's own, or that of its
# standard input, which the kernel closes when the test process dies in whatever way (even SIGKILL). The
# server gets the signal $1; the folder $2 is removed.
GUARD = """
signal=$1 folder=$2 log=$3; shift 3
exec 3<&0
"$@" </dev/null >"$log" 2>&1 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -s "$signal" "$server" 2>/dev/null; } &
exec 3<&-
wait "$server"
status=$?
[ -e "$folder/keep" ] || rm -rf "$folder"
exit "$status"
"""


class Identity(TypedDict, total=False):
    """The arguments of subprocess calls that change who the child is."""

    user: str
    group: int
    extra_groups: list[int]


class ServerFailed(RuntimeError):
    """A test server did not start; the message ends with its log."""


def unavailable(what: str) -> NoReturn:
    """Skip a test whose server isn't installed; on CI, where everything must run, fail it instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is required when CI=true", pytrace=False)
    pytest.skip(f"{what} is not installed")


def plain_user(*names: str) -> str | None:
    """The first of `names` that exists here, when we are root (servers refuse root); None otherwise."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in (*names, "nobody") if name in known)


def private_folder(prefix: str, user: str | None) -> Path:
    """A new folder, readable by `user` alone."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=temporary_root()))
    if user is not None:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    return folder


def free_port() -> int:
    """A loopback TCP port that nobody uses now. Another process may still take it first: start again then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run_as(user: str | None, command: Sequence[str | Path]) -> None:
    """Run `command` as `user` to its end.

    Raises:
        ServerFailed: when it exits non-zero.
    """
    done = subprocess.run(
        command, **identity(user), cwd="/", capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode:
        raise ServerFailed(f"{command[0]} failed:\n{done.stdout}\n{done.stderr}")


def identity(user: str | None) -> Identity:
    """`user`'s identity and none of our groups; ours for None."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


class Server:
    """A running server process in a private folder.

    Args:
        command: runs the server in the foreground.
        folder: its private folder, removed when it stops.
        user: whose identity it takes on, or None for ours.
        is_ready: whether it answers yet.
        stop_signal: name of the signal for its fastest clean end, e.g. "QUIT".

    Raises:
        ServerFailed: when it ends or isn't ready within `patience` seconds.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        user: str | None,
        is_ready: Callable[[], bool],
        stop_signal: str,
        patience: float = 30,
    ) -> None:
        self.folder = folder
        self._log = folder / "log"
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "guard", stop_signal, folder, self._log, *command],
            stdin=subprocess.PIPE,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is for pytest, which then stops us in order
            **identity(user),
        )
        atexit.register(self.stop)
        self._wait_until(is_ready, patience)

    def _wait_until(self, is_ready: Callable[[], bool], patience: float) -> None:
        deadline = time.monotonic() + patience
        (self.folder / "keep").touch()  # the log must outlive a failed start
        while not is_ready():
            if self._guard.poll() is not None or time.monotonic() > deadline:
                log = self._log.read_text(errors="replace") if self._log.exists() else "(no log)"
                self.stop()
                raise ServerFailed(f"The server did not start:\n{log[-3000:]}")
            time.sleep(0.05)
        (self.folder / "keep").unlink()

    def stop(self) -> None:
        """End the server and remove its folder. Safe to call again."""
        atexit.unregister(self.stop)
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)
