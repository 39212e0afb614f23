"""A database that may not grow any further, as on a full disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from tests.instances import an_instance
from tests.metamodel.live import LUNG, Desk, make_live
from zhenshu.audit import audit_entry
from zhenshu.errors import DiskFull
from zhenshu.instance import Instance


def stop_growing(instance: Instance) -> None:
    """Let SQLite refuse every page beyond those the file has, as it does when the disk is full."""
    instance.engine.dispose()

    @event.listens_for(instance.engine, "connect")
    def limit(connection: Any, _record: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")


def audited(desk: Desk) -> int:
    with desk.reading() as uow:
        return uow.conn.execute(select(func.count()).select_from(audit_entry)).scalar_one()


def test_a_write_that_finds_the_disk_full_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    instance = an_instance(tmp_path / "home")
    desk = Desk(instance, make_live(instance, LUNG))
    patient = desk.add("patient", record_id="1").id
    before = audited(desk)
    stop_growing(instance)

    with pytest.raises(DiskFull) as raised:
        desk.add_record(
            "visit", {"on": "2026-03-05", "note": "长" * 400_000}, parent=patient, event="baseline"
        )

    assert "磁盘已满" in raised.value.message("zh")
    assert desk.find("visit") == []
    assert audited(desk) == before
    instance.close()
