"""Load: many users at once read, search and write through a running `zhenshu up`.

    python -m benchmarks.load                 SQLite in a temporary folder
    python -m benchmarks.load URL             an empty PostgreSQL database
        --users N --seconds N --pause SECONDS

Each user is somebody of their own with a token and a connection of their own, kept open. They ask, read the
answer, and pause for `--pause` seconds on average (half of it to one and a half); 200 users who pause 2 s
offer about 100 requests/s. With `--pause 0` they ask without a rest, which tells how much the server can do.
The record type has 50 fields and 20,000 records. Clients run in processes of their own on the same machine,
so they take part of its cores: the last line tells how much of them the server and the clients had.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import statistics
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

from benchmarks.records import FOUR_CONDITIONS, make_live
from benchmarks.records_data import rows
from benchmarks.serving import Server, served
from metamodel.records import NewRecord, RecordStore
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user
from zhenshu.security.passwords import OneTimePassword
from zhenshu.security.tokens import create_token

WIDTH, RECORDS, BATCH, PROCESSES = 50, 20_000, 1_000, 2
# What people do, by how often: 5 % write.
ACTS = {"list": 35, "filter": 15, "record": 40, "count": 5, "add": 5}
Figure = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What each client process is told."""

    address: str
    path: str
    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    first_new: int
    seconds: float
    pause: float
    begin: float


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as home, served(Path(home), asked.url) as server:
        for figure in measure(server, asked.users, asked.seconds, asked.pause):
            print(json.dumps({"database": server.instance.engine.dialect.name} | figure), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pause", type=float, default=2)
    return parser.parse_args()


def measure(server: Server, users: int, seconds: float, pause: float) -> Iterator[Figure]:
    path, ids = _prepare(server)
    tokens = _tokens(server, users)
    begin = time.time() + 3  # all clients are up by then
    plans = [
        Plan(server.address, path, tokens[n::PROCESSES], ids, RECORDS + n * 10**6, seconds, pause, begin)
        for n in range(PROCESSES)
    ]
    before = server.processor_seconds()
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        parts = pool.map(client, plans)
    spent = server.processor_seconds() - before
    settings = {"users": users, "seconds": seconds, "pause": pause}
    yield from _figures([part["times"] for part in parts], parts, settings)
    yield {
        "figure": "load, processor",
        "cores": os.cpu_count(),
        "server_cores": round(spent / seconds, 2),
        "client_cores": round(sum(part["processor"] for part in parts) / seconds, 2),
        "server_megabytes": server.memory(),
    }


def _prepare(server: Server) -> tuple[str, tuple[int, ...]]:
    """The records to read; their path and ids."""
    record_type = make_live(server.instance, WIDTH)
    source = (NewRecord(row) for row in rows(WIDTH, RECORDS))
    while batch := list(islice(source, BATCH)):
        with server.instance.write(SYSTEM, Channel.API) as uow:
            made = RecordStore(uow).add_many(record_type, batch)
            assert not made.rejected, made.rejected[0]
    with server.instance.read(SYSTEM, Channel.API) as uow:
        table = record_type.main
        ids = tuple(uow.conn.scalars(table.select().with_only_columns(table.c.id)))
    return f"/api/v1/databases/{record_type.database}/records/{record_type.code}", ids


def _tokens(server: Server, users: int) -> tuple[str, ...]:
    once = OneTimePassword.make()  # nobody signs in by it
    with server.instance.write(SYSTEM, Channel.API) as uow:
        made = [create_user(uow, f"load{n}", "researcher", one_time=once).user.id for n in range(users)]
        return tuple(create_token(uow, user_id, "load").value for user_id in made)


def client(plan: Plan) -> Figure:
    """One process of users; what they saw, in milliseconds by act."""
    users = [User(plan, n, token) for n, token in enumerate(plan.tokens)]
    threads = [threading.Thread(target=user.work) for user in users]
    used = time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times: dict[str, list[float]] = defaultdict(list)
    faults: Counter[str] = Counter()
    for user in users:
        faults.update(user.faults)
        for act, milliseconds in user.times.items():
            times[act] += milliseconds
    return {"times": dict(times), "faults": dict(faults), "processor": time.process_time() - used}


class User:
    """Somebody with a token who works until the time is up."""

    def __init__(self, plan: Plan, number: int, token: str) -> None:
        self._plan = plan
        self._random = random.Random(plan.first_new + number)
        self._new = rows(WIDTH, 10**6, plan.first_new + number * 10**4)
        self._connection = HTTPConnection(urlsplit(plan.address).netloc, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._next: str | None = None
        self.times: dict[str, list[float]] = defaultdict(list)
        self.faults: Counter[str] = Counter()

    def work(self) -> None:
        end = self._plan.begin + self._plan.seconds
        time.sleep(max(0, self._plan.begin - time.time()) + self._random.random() * self._plan.pause)
        while time.time() < end:
            act = self._random.choices(list(ACTS), list(ACTS.values()))[0]
            self._timed(act)
            time.sleep(self._plan.pause * (0.5 + self._random.random()))
        self._connection.close()

    def _timed(self, act: str) -> None:
        method, path, body = self._request(act)
        begun = time.perf_counter()
        try:
            status, content = self._send(method, path, body)
        except (OSError, HTTPException) as error:
            self._connection.close()
            self.faults[f"{act}: {type(error).__name__}"] += 1
            return
        if status >= 400:
            self.faults[f"{act}: {status}"] += 1
        elif act == "list":  # the next time they turn the page
            self._next = orjson.loads(content)["next"]
        self.times[act].append((time.perf_counter() - begun) * 1000)

    def _request(self, act: str) -> tuple[str, str, bytes | None]:
        path = self._plan.path
        if act == "add":
            return "POST", path, orjson.dumps({"values": next(self._new)})
        if act == "record":
            return "GET", f"{path}/{self._random.choice(self._plan.ids)}", None
        if act == "list":
            return "GET", f"{path}?limit=50&after={quote(self._next or '')}", None
        return "GET", f"{path}{'/count' if act == 'count' else ''}?where={quote(FOUR_CONDITIONS)}", None

    def _send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """Once more on a new connection where the server has closed the idle one, as browsers do."""
        try:
            return self._sent(method, path, body)
        except (BrokenPipeError, ConnectionResetError, HTTPException):
            self._connection.close()
            return self._sent(method, path, body)

    def _sent(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        self._connection.request(method, path, body, self._headers)
        response = self._connection.getresponse()
        return response.status, response.read()


def _figures(
    timed: Sequence[dict[str, list[float]]], parts: Sequence[Figure], settings: Figure
) -> Iterator[Figure]:
    faults: Counter[str] = Counter()
    for part in parts:
        faults.update(part["faults"])
    by_act = {act: sorted(value for part in timed for value in part.get(act, ())) for act in ACTS}
    reads = sorted(value for act, values in by_act.items() if act != "add" for value in values)
    count = sum(map(len, by_act.values()))
    yield {
        "figure": "load, reads", **settings, **_spread(reads), "requests": count,
        "per_second": round(count / settings["seconds"], 1), "errors": sum(faults.values()),
        "faults": dict(faults),
    }  # fmt: skip
    for act, values in by_act.items():
        yield {"figure": f"load, {act}", "requests": len(values), **_spread(values)}


def _spread(values: Sequence[float]) -> Figure:
    if len(values) < 2:
        return {}
    at = {name: values[int(len(values) * part)] for name, part in (("p95", 0.95), ("p99", 0.99))}
    figures = {"p50": statistics.median(values), **at, "longest": values[-1]}
    return {f"{name}_ms": round(value, 1) for name, value in figures.items()}


if __name__ == "__main__":
    main()
