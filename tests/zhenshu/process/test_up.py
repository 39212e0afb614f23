"""`zhenshu up` as one tree: it serves, heals, stops in order, and leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.instances import an_instance
from tests.servers import free_port

pytestmark = pytest.mark.slow

HOUSE = "tests.zhenshu.process.house"
PROGRAM = f"""
import sys
from zhenshu.cli import build_cli
from zhenshu.process import Programs
from {HOUSE} import make_instance
web = sys.argv.pop(1)
programs = Programs("{HOUSE}:" + web, "{HOUSE}:worker_app", "{HOUSE}:steward")
build_cli([], make_instance, programs)()
"""


class Tree:
    """A running `zhenshu up` with its port and log."""

    def __init__(
        self, home: Path, database_url: str = "", port: int | None = None, web: str = "web_app"
    ) -> None:
        self.port = port or free_port()
        self._log = home / "up.log"
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
            "ZHENSHU_HOME": str(home),
            "ZHENSHU_DATABASE_URL": database_url,
            "ZHENSHU_WEB_WORKERS": "1",
            "ZHENSHU_LANGUAGE": "en",
        }
        command = [sys.executable, "-c", PROGRAM, web, "up", "--port", str(self.port)]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def answers(self) -> bool:
        try:
            return bool(self.get("/pid"))
        except OSError:
            return False

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not happen:\n{self.log[-3000:]}"
            time.sleep(0.1)


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [one for child in map(int, children) for one in (child, *descendants(child))]


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[..., Tree]]:
    """Starts a tree over an instance of its own; whatever is left of it is killed after the test."""
    trees: list[Tree] = []

    def start(database_url: str = "", port: int | None = None, web: str = "web_app") -> Tree:
        home = tmp_path / f"home-{len(trees)}"
        an_instance(home, database_url).close()
        trees.append(Tree(home, database_url, port, web))
        return trees[-1]

    yield start
    for tree in trees:
        left = descendants(tree.process.pid) if tree.process.poll() is None else []
        for pid in (tree.process.pid, *left):
            if is_alive(pid) and tree.process.poll() is None:
                os.kill(pid, signal.SIGKILL)
        tree.process.wait()


def test_it_serves_pages_runs_jobs_and_stops_without_breaking_a_request(
    up: Callable[..., Tree], database_url: str
) -> None:
    tree = up(database_url)
    tree.wait_until(tree.answers, "an answer")
    job_id = tree.get("/submit")
    tree.wait_until(lambda: "'twice': 42" in tree.get(f"/job/{job_id}"), "the job's end")
    tree.wait_until(lambda: len(descendants(tree.process.pid)) == 4, "steward, web, web worker, job worker")
    family = descendants(tree.process.pid)

    with ThreadPoolExecutor() as pool:
        slow = pool.submit(tree.get, "/slow")
        time.sleep(1)
        tree.process.terminate()

        assert slow.result(timeout=20) == "slow but whole"
    assert tree.process.wait(timeout=20) == 0, tree.log
    assert not [pid for pid in family if is_alive(pid)]
    assert f"http://127.0.0.1:{tree.port}" in tree.log and "Zhenshu has stopped." in tree.log


def test_a_killed_child_comes_back(up: Callable[..., Tree]) -> None:
    tree = up()
    tree.wait_until(tree.answers, "an answer")
    tree.wait_until(lambda: len(descendants(tree.process.pid)) == 4, "all children")
    family = descendants(tree.process.pid)
    for pid in family:
        os.kill(pid, signal.SIGKILL)

    tree.wait_until(lambda: not any(map(is_alive, family)), "their end")
    tree.wait_until(tree.answers, "an answer again")
    job_id = tree.get("/submit")
    tree.wait_until(lambda: "'twice': 42" in tree.get(f"/job/{job_id}"), "the job's end")


def test_a_killed_supervisor_leaves_no_orphans(up: Callable[..., Tree]) -> None:
    tree = up()
    tree.wait_until(lambda: tree.answers() and len(descendants(tree.process.pid)) == 4, "all children")
    family = descendants(tree.process.pid)

    tree.process.kill()
    tree.process.wait()

    tree.wait_until(lambda: not any(map(is_alive, family)), "the end of all")


def test_a_taken_port_is_one_clear_line(up: Callable[..., Tree]) -> None:
    first = up()
    first.wait_until(first.answers, "an answer")
    second = up(port=first.port)

    assert second.process.wait(timeout=30) == 1
    assert second.log == (
        f"Port {first.port} of 127.0.0.1 is taken by another program. "
        "Choose another one: `zhenshu up --port N`.\n"
    )


def test_an_app_that_can_not_start_ends_everything(up: Callable[..., Tree]) -> None:
    tree = up(web="broken_web_app")

    assert tree.process.wait(timeout=60) == 1
    assert "The web process does not start" in tree.log
    assert "RuntimeError" in tree.log


def test_an_instance_that_was_never_made_is_said_to_be_so(tmp_path: Path) -> None:
    tree = Tree(tmp_path)

    assert tree.process.wait(timeout=30) == 1
    assert tree.log.startswith("The database is at revision -") and "zhenshu init" in tree.log
