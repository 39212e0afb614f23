"""What is done again and again stands in the trail once in a while, and never less."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from zhenshu.audit import audit_entry
from zhenshu.audit.seldom import PERIOD, record_seldom
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject

LI, WANG = Subject(id=7, name="li"), Subject(id=8, name="wang")


def seen(
    instance: Instance, subject: Subject = LI, resource: str = "a.b", later: timedelta = timedelta()
) -> None:
    with instance.read(subject, Channel.SCREEN) as uow:
        uow.at += later
        record_seldom(uow, "browse", "records", resource)


def told(instance: Instance) -> list[tuple[str, str]]:
    entry = audit_entry.c
    query = select(entry.subject_name, entry.resource).where(entry.action == "browse").order_by(entry.id)
    with instance.engine.begin() as conn:
        return [(row.subject_name, row.resource) for row in conn.execute(query)]


def test_each_person_and_thing_is_told_once(instance: Instance) -> None:
    for _ in range(3):
        seen(instance)
        seen(instance, WANG)
        seen(instance, resource="a.c")

    assert told(instance) == [("li", "a.b"), ("wang", "a.b"), ("li", "a.c")]


def test_after_a_while_it_is_told_again(instance: Instance) -> None:
    seen(instance)
    seen(instance, later=PERIOD - timedelta(minutes=1))
    seen(instance, later=PERIOD)

    assert len(told(instance)) == 2


def test_in_a_unit_that_writes_it_is_told_once_and_counts_only_if_that_commits(instance: Instance) -> None:
    with pytest.raises(KeyError), instance.write(LI, Channel.SCREEN) as uow:
        record_seldom(uow, "browse", "records", "a.b")
        raise KeyError
    assert told(instance) == []

    with instance.write(LI, Channel.SCREEN) as uow:
        record_seldom(uow, "browse", "records", "a.b")
        record_seldom(uow, "browse", "records", "a.b")
    seen(instance)

    assert told(instance) == [("li", "a.b")]


def test_what_cannot_be_told_is_not_shown(instance: Instance) -> None:
    with instance.engine.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE audit_entry RENAME TO audit_entry_away")

    with pytest.raises(DBAPIError):
        seen(instance)
