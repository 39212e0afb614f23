"""`kill -9` of web processes in the middle of writes, through a real `zhenshu up`."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from metamodel.catalogue import RecordType
from metamodel.tables import revision
from tests.assembly.house import ROOMS
from tests.instances import an_instance
from tests.metamodel.live import LUNG, make_live
from tests.subjects import everything_to_all
from zhenshu.audit import audit_entry
from zhenshu.events import outbox_event
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user
from zhenshu.security.roles import sync_roles
from zhenshu.security.tokens import create_token

KILLS, WRITERS = 4, 2
PATH = "/api/v1/databases/lung/records/patient"


@contextmanager
def served(instance: Instance) -> Iterator[tuple[int, int]]:
    """The supervisor's pid and the port of `zhenshu up` over `instance`."""
    environment = os.environ | {
        "ZHENSHU_HOME": str(instance.settings.home),
        "ZHENSHU_DATABASE_URL": instance.settings.database_url,
        "ZHENSHU_LANGUAGE": "en",
    }
    program = Path(sys.executable).with_name("zhenshu")
    with (instance.settings.home / "up.log").open("w") as log:
        process = subprocess.Popen(
            [program, "up", "--port", "0"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        address = re.search(r":(\d+)\s*$", process.stdout.readline())
        assert address is not None
        yield process.pid, int(address[1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def web_processes(supervisor: int) -> list[int]:
    """The processes that answer requests: children of gunicorn's master, the supervisor's own child."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    return [pid for pid, parent in parents.items() if parents.get(parent) == supervisor]


def write_until(stop: threading.Event, port: int, token: str, name: str, stored: list[int]) -> None:
    """Add records one after another, remembering those that were acknowledged."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    number = 0
    while not stop.is_set():
        number += 1
        body = json.dumps({"values": {"record_id": f"{name}-{number}", "name": "张三", "sex": "1"}})
        connection = HTTPConnection("127.0.0.1", port, timeout=15)
        try:
            connection.request("POST", PATH, body.encode(), headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
            if response.status == 201:
                stored.append(answer["record"]["id"])
        except (OSError, HTTPException, ValueError):
            time.sleep(0.05)  # its process was killed under it
        finally:
            connection.close()


@pytest.mark.slow
def test_a_web_process_killed_in_a_write_leaves_all_of_a_record_or_nothing(
    tmp_path: Path, database_url: str
) -> None:
    url = "" if database_url.startswith("sqlite") else database_url
    instance = an_instance(tmp_path / "home", url)
    record_type = make_live(instance, LUNG).record_type("patient")
    token = a_token(instance)
    stop, stored = threading.Event(), list[int]()

    with served(instance) as (supervisor, port):
        writers = [
            threading.Thread(target=write_until, args=(stop, port, token, f"w{n}", stored))
            for n in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        for kill in range(KILLS):
            goal = 5 * (kill + 1)
            wait_for(partial(more_than, stored, goal))
            victims = web_processes(supervisor)
            assert victims
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
        stop.set()
        for writer in writers:
            writer.join()

    there, revisions, audited, announced = footprints(instance, record_type)
    assert set(stored) <= there
    assert there == revisions == announced
    assert audited == len(there)
    assert all(not check.run(instance) for room in ROOMS for check in room.checks)
    instance.close()


def a_token(instance: Instance) -> str:
    sync_roles(instance, ROOMS)
    everything_to_all(instance)
    with instance.write(SYSTEM, Channel.API) as uow:
        user = create_user(uow, "writer", "researcher", "Correct-Horse-7").user
        return create_token(uow, user.id, "test").value


def more_than(stored: list[int], goal: int) -> bool:
    return len(stored) > goal


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "nothing more was stored"
        time.sleep(0.02)


def footprints(instance: Instance, record_type: RecordType) -> tuple[set[int], set[int], int, set[int]]:
    """Ids in the table and in the revisions, the number of audit rows, ids in the outbox."""
    of_type = outbox_event.c.resource == record_type.path
    added = (audit_entry.c.action == "add") & (audit_entry.c.resource == record_type.path)
    with instance.read(SYSTEM, Channel.API) as uow:
        there = set(uow.conn.scalars(select(record_type.main.c.id)))
        revisions = set(uow.conn.scalars(select(revision.c.record_id)))
        audited = uow.conn.execute(select(func.count()).select_from(audit_entry).where(added)).scalar_one()
        events = uow.conn.scalars(select(outbox_event.c.payload).where(of_type)).all()
    return there, revisions, audited, {id_ for payload in events for id_ in payload["ids"]}
