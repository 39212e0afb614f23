"""Adding many: the same guarantees as one by one, bad rows apart from good ones."""

import subprocess
import sys
import threading

from sqlalchemy import func, select

from metamodel.records import NewRecord, RecordStore
from metamodel.tables import revision
from tests.metamodel.live import Desk, codes
from zhenshu.audit import audit_entry
from zhenshu.events import outbox_event
from zhenshu.patients import patient


def test_good_rows_are_stored_and_bad_ones_come_back_with_their_problems(desk: Desk) -> None:
    desk.add("patient", record_id="P0")
    rows = [{"record_id": f"P{n}", "weight": str(50 + n), "height": 170} for n in range(30)]
    rows[3]["weight"] = "heavy"
    rows[7]["record_id"] = "P6"

    with desk.writing() as uow:
        result = RecordStore(uow).add_many(desk.type("patient"), [NewRecord(row) for row in rows])

    assert [(row, codes(problems)) for row, problems in result.rejected] == [
        (0, [("record_id", "duplicate_key")]),
        (3, [("weight", "not_a_number")]),
        (7, [("record_id", "duplicate_key")]),
    ]
    assert [n for n, record_id in enumerate(result.ids) if record_id is None] == [0, 3, 7]
    stored = {record["record_id"]: record for record in desk.find("patient")}
    assert len(stored) == 28
    assert stored["P20"]["id"] == result.ids[20] and stored["P20"]["bmi"] == 24.2


def test_a_batch_is_one_audit_row_and_one_event_and_a_revision_for_each(desk: Desk) -> None:
    rows = [NewRecord({"record_id": f"P{n}", "name": "甲"}) for n in range(120)]

    with desk.writing() as uow:
        ids = RecordStore(uow).add_many(desk.type("patient"), rows, {"kind": "import", "job": 7}).ids

    with desk.reading() as uow:
        audits = uow.conn.execute(select(audit_entry).where(audit_entry.c.resource == "lung.patient")).all()
        events = uow.conn.execute(select(outbox_event).where(outbox_event.c.name == "record.saved")).all()
        steps = uow.conn.execute(select(revision.c.record_id, revision.c.provenance)).all()
    assert [(row.detail["count"], len(row.patients)) for row in audits] == [(120, 120)]
    assert [row.payload["ids"] for row in events] == [ids]
    assert sorted(row.record_id for row in steps) == ids
    assert all(row.provenance == {"kind": "import", "job": 7} for row in steps)


def test_children_of_a_batch_are_placed_and_numbered_together(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1", born="1960-01-01").id
    rows = [NewRecord({"on": "2026-01-01"}, root, "followup", key) for key in (None, 1, 5, None, 5)]
    rows.append(NewRecord({"on": "2026-01-01"}, 10**12, "followup"))

    with desk.writing() as uow:
        result = RecordStore(uow).add_many(desk.type("visit"), rows)

    found = sorted((record["repeat_key"], record["age"]) for record in desk.find("visit"))
    assert [(row, [p.code for p in problems]) for row, problems in result.rejected] == [
        (4, ["duplicate_record"]), (5, ["parent_missing"]),
    ]  # fmt: skip
    assert found == [(1, 66), (5, 66), (6, 66), (7, 66)]


def test_writers_of_the_same_keys_at_once_store_each_key_once(desk: Desk) -> None:
    outcomes: list[tuple[int, set[str]]] = []

    def write() -> None:
        rows = [NewRecord({"record_id": f"P{n}"}) for n in range(40)]
        with desk.writing() as uow:
            result = RecordStore(uow).add_many(desk.type("patient"), rows)
            reasons = {problem.code for _, problems in result.rejected for problem in problems}
        outcomes.append((sum(one is not None for one in result.ids), reasons))

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(stored for stored, _ in outcomes) == 40
    assert set().union(*(reasons for _, reasons in outcomes)) == {"duplicate_key"}
    with desk.reading() as uow:
        assert uow.conn.scalar(select(func.count()).select_from(patient)) == 40


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from metamodel.catalogue import catalogue_of
from metamodel.records import NewRecord, RecordStore
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.settings import Settings

home, url, marker = sys.argv[1:]
instance = Instance(Settings(home=Path(home), database_url=url))

@event.listens_for(instance.engine, "after_cursor_execute")
def die(conn, cursor, statement, parameters, context, many):
    if marker in statement:
        os.kill(os.getpid(), signal.SIGKILL)

with instance.write(SYSTEM, Channel.API) as uow:
    root = catalogue_of(uow).database("lung").root
    RecordStore(uow).add_many(root, [NewRecord({"record_id": f"P{n}"}) for n in range(10)])
"""


def test_a_process_killed_in_a_write_leaves_nothing_half(desk: Desk) -> None:
    settings = desk.instance.settings
    for marker in ("INSERT INTO patient_identifier", "INSERT INTO audit_entry", "INSERT INTO outbox_event"):
        program = [sys.executable, "-c", KILLED, str(settings.home), settings.database_url, marker]
        paths = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
        ended = subprocess.run(program, env=paths, capture_output=True, timeout=60, check=False)
        assert ended.returncode == -9, ended.stderr.decode()

    with desk.reading() as uow:
        for table in (patient, revision, desk.type("patient").main):
            assert uow.conn.scalar(select(func.count()).select_from(table)) == 0
    desk.add("patient", record_id="P1")
