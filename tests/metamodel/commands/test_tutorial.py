"""The tutorial, typed into a real shell beside a real server."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.architecture.tree import ROOT
from tests.metamodel.commands.manual import blocks
from tests.servers import free_port, unavailable

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PAGE = ROOT / "docs" / "tutorial" / "first-database.md"
SERVED = "127.0.0.1:8080"


class Terminal:
    """A shell in `folder` that knows the command `zhenshu`, and the instance that it is about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        programs = folder / "bin"
        programs.mkdir()
        command = programs / "zhenshu"
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import assembly; assembly.main()" "$@"\n')
        command.chmod(0o700)
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
            "ZHENSHU_HOME": str(folder / "var"),
            "ZHENSHU_LANGUAGE": "en",
            "ZHENSHU_WEB_WORKERS": "1",
            "LANG": "C.UTF-8",
        }

    def run(self, script: str) -> None:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"

    def serve(self) -> subprocess.Popen[bytes]:
        with (self.folder / "up.log").open("wb") as log:
            return subprocess.Popen(
                ["zhenshu", "up", "--port", str(self.port)], cwd=self.folder, env=self.environment,
                executable=self.folder / "bin" / "zhenshu", stdout=log, stderr=log,
            )  # fmt: skip

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A served instance with the account that the demonstration makes."""
    if shutil.which("curl") is None:
        unavailable("curl")
    terminal = Terminal(tmp_path)
    terminal.run("zhenshu init && zhenshu users add designer --role research_admin")
    server = terminal.serve()
    deadline = time.monotonic() + 60
    while not terminal.answers():
        assert server.poll() is None and time.monotonic() < deadline, (tmp_path / "up.log").read_text()
        time.sleep(0.2)
    yield terminal
    server.terminate()
    server.wait(timeout=30)


def test_the_tutorial_works_as_it_is_written(terminal: Terminal) -> None:
    steps = list(blocks(PAGE))
    assert any(SERVED in step for step in steps)

    terminal.run("\n".join(steps).replace(SERVED, f"127.0.0.1:{terminal.port}"))

    [rejected] = terminal.rows("rejected.csv")
    assert (rejected["row"], rejected["field"]) == ("4", "sex")
    assert len(terminal.rows("visits-out.csv")) == 3
    book = openpyxl.load_workbook(terminal.folder / "low.xlsx")
    assert [row[0] for row in book.worksheets[0].values][1:] == ["A2"]
    patients = terminal.rows("patients-out.csv")
    assert [row["Number"] for row in patients] == ["A1", "A2", "A3", "A4"]
    assert [float(row["Height"]) for row in patients] == [176, 162.5, 170, 159]
    assert json.loads((terminal.folder / "database.json").read_text())["release"] == 1
