"""A search that goes on for too long is ended; the connection serves the next one."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from zhenshu.errors import TookTooLong
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

ENDLESS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
    "SELECT max(i) FROM n"
)


def test_a_search_beyond_its_time_is_ended_in_words(instance: Instance) -> None:
    with pytest.raises(TookTooLong) as ended, instance.read(SYSTEM, Channel.SCREEN, seconds=1) as uow:
        uow.conn.execute(ENDLESS).scalar_one()

    assert "1 s" in ended.value.message("en")
    with instance.read(SYSTEM, Channel.SCREEN) as uow:
        assert uow.conn.execute(text("SELECT 1")).scalar_one() == 1


def test_without_a_limit_the_database_may_take_its_time(instance: Instance) -> None:
    slow = text(str(ENDLESS).replace("2000000000", "300000"))
    with instance.read(SYSTEM, Channel.SCREEN, seconds=30) as uow:
        assert uow.conn.execute(slow).scalar_one() == 300_000
    with instance.read(SYSTEM, Channel.SCREEN) as uow:
        assert uow.conn.execute(slow).scalar_one() == 300_000
