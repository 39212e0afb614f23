"""The supervisor: starts the children, starts a dead one again, and stops all of them in order."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zhenshu.errors import ZhenshuError
from zhenshu.process.gunicorn_settings import GRACE
from zhenshu.process.programs import Programs

log = logging.getLogger(__name__)

LOOK = 0.2  # seconds between two looks at the children
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a dead child starts again; doubles
STEADY = 10.0  # a child that lived this long is said to have started well
TRIES = 4  # deaths in a row of a child that never started well, before all give up


class PortTaken(ZhenshuError):
    """Port {port} of {host} is taken by another program. Choose another one: `zhenshu up --port N`."""

    zh = "{host} 的端口 {port} 已被其他程序占用。请另选端口：`zhenshu up --port N`。"


class CannotListen(ZhenshuError):
    """Address {host}:{port} can't be listened on: {detail}."""

    zh = "无法监听地址 {host}:{port}：{detail}。"


class ChildKeepsDying(ZhenshuError):
    """The {child} process does not start; its log above says why. Everything was stopped."""

    zh = "{child} 进程无法启动，原因见上方日志。所有进程均已停止。"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    Raises:
        PortTaken: when another program listens there.
        CannotListen: for an address that isn't ours, a port that we may not take, and the like.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host=host, port=port) from error
        raise CannotListen(host=host, port=port, detail=error.strerror or error) from error
    return listener


@dataclass
class Child:
    """One process that should always be there."""

    name: str
    command: Sequence[str]
    handles: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    steady: bool = False
    deaths: int = 0
    due: float = field(default=0.0)  # monotonic time of its next start

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal is for the supervisor, which stops us in order.
        self.process = subprocess.Popen(self.command, pass_fds=self.handles, start_new_session=True)
        self.started = time.monotonic()
        log.info("child_started", extra={"child": self.name, "pid": self.process.pid})

    def look(self) -> None:
        """Note a death, and when to start again; start when it is time."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        alive = self.process.poll() is None
        if now - self.started >= STEADY:
            self.steady, self.deaths = True, 0
        if not alive:
            self.deaths += 1
            pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
            names = {"child": self.name, "exit_code": self.process.returncode, "seconds": pause}
            log.error("child_died", extra=names)
            self.process, self.due = None, now + pause

    def hopeless(self) -> bool:
        return not self.steady and self.deaths >= TRIES

    def send(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


class Supervisor:
    """Runs `zhenshu up` on a listening socket until SIGTERM, SIGINT or SIGHUP."""

    def __init__(self, listener: socket.socket, programs: Programs, job_workers: int) -> None:
        self._stopping = threading.Event()
        handle = listener.fileno()
        names = [f"worker-{number}" for number in range(1, job_workers + 1)]
        self.children = [
            Child("steward", _command("steward", programs.steward)),
            Child("web", _command("web", programs.web, str(handle)), (handle,)),
            *(Child(name, _command("worker", programs.worker)) for name in names),
        ]

    def run(self) -> None:
        """Serve, then stop the children: requests end, jobs are given back, nothing is left running.

        Raises:
            ChildKeepsDying: when one of them can't be started.
        """
        before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        try:
            while not self._stopping.wait(LOOK):
                for child in self.children:
                    child.look()
                    if child.hopeless():
                        raise ChildKeepsDying(child=child.name)
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, *_: Any) -> None:
        self._stopping.set()

    def _end(self) -> None:
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + GRACE + 5
        for child in self.children:
            if child.process is not None:
                self._wait(child, child.process, deadline)

    def _wait(self, child: Child, process: subprocess.Popen[bytes], deadline: float) -> None:
        try:
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.error("child_killed", extra={"child": child.name, "pid": process.pid})
            process.kill()
            process.wait()


_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _command(role: str, program: str, *rest: str) -> list[str]:
    return [sys.executable, "-m", "zhenshu.process.child", role, program, str(os.getpid()), *rest]
