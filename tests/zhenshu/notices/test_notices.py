"""What users are told: once each, to those it is for, and gone when it is settled or old."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from zhenshu.errors import Invalid, NotFound
from zhenshu.instance import Instance
from zhenshu.notices import (
    News,
    Notice,
    count_unread,
    list_notices,
    mark_all_read,
    mark_read,
    notice,
    notify,
    sweep_notices,
    withdraw,
)
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

WANG, LI = 7, 8


def news(key: str) -> News:
    return News("plan.waits", key, f"请批准 {key}", f"Please approve {key}", "/databases/lung/plan")


class House:
    """Tells, reads and marks, each in a transaction of its own."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def tell(self, key: str, *users: int) -> None:
        with self.instance.write(SYSTEM, Channel.API) as uow:
            notify(uow, users, news(key))

    def withdraw(self, prefix: str) -> None:
        with self.instance.write(SYSTEM, Channel.API) as uow:
            withdraw(uow, prefix)

    def read(self, user: int, id_: int) -> None:
        with self.instance.write(SYSTEM, Channel.API) as uow:
            mark_read(uow, user, id_)

    def of(self, user: int, *, after: int = 0, limit: int = 50, unread: bool = False) -> list[Notice]:
        with self.instance.read(SYSTEM, Channel.API) as uow:
            return list_notices(uow, user, after, limit, unread)

    def keys(self, user: int, *, unread: bool = False) -> list[str]:
        return [each.key for each in self.of(user, unread=unread)]

    def unread(self, user: int) -> int:
        with self.instance.read(SYSTEM, Channel.API) as uow:
            return count_unread(uow, user)


@pytest.fixture
def house(instance: Instance) -> House:
    return House(instance)


def test_each_is_told_once_however_often_it_is_said(house: House) -> None:
    house.tell("a", WANG)
    house.tell("a", WANG, LI, LI)

    assert house.keys(WANG) == ["a"]
    assert house.keys(LI) == ["a"]


def test_news_of_an_act_that_was_rolled_back_is_no_news(house: House) -> None:
    with pytest.raises(Invalid), house.instance.write(SYSTEM, Channel.API) as uow:
        notify(uow, [WANG], news("a"))
        raise Invalid(reason="no", reason_zh="略")

    assert house.keys(WANG) == []


def test_what_was_read_is_not_unread_and_stays_in_the_list(house: House) -> None:
    house.tell("a", WANG)
    house.tell("b", WANG)
    newest = house.of(WANG)[0]

    house.read(WANG, newest.id)

    assert house.keys(WANG) == ["b", "a"]
    assert house.keys(WANG, unread=True) == ["a"]
    assert house.unread(WANG) == 1


def test_nobody_reads_a_notice_of_somebody_else(house: House) -> None:
    house.tell("a", WANG)
    [mine] = house.of(WANG)

    with pytest.raises(NotFound):
        house.read(LI, mine.id)

    assert house.unread(WANG) == 1


def test_all_read_leaves_what_came_after_the_list_was_shown(house: House) -> None:
    house.tell("a", WANG)
    house.tell("a2", LI)
    shown = house.of(WANG)[0].id
    house.tell("b", WANG)

    with house.instance.write(SYSTEM, Channel.API) as uow:
        mark_all_read(uow, WANG, shown)

    assert house.keys(WANG, unread=True) == ["b"]
    assert house.unread(LI) == 1


def test_what_is_settled_is_withdrawn_unless_it_was_read(house: House) -> None:
    house.tell("plan:lung_a:1", WANG, LI)
    house.tell("plan:lungXa:1", WANG)  # the underscore is no wildcard
    house.read(LI, house.of(LI)[0].id)

    house.withdraw("plan:lung_a:")

    assert house.keys(WANG) == ["plan:lungXa:1"]
    assert house.keys(LI) == ["plan:lung_a:1"]


def test_pages_go_on_where_the_last_one_ended(house: House) -> None:
    for key in "abcde":
        house.tell(key, WANG)

    first = house.of(WANG, limit=2)
    second = house.of(WANG, after=first[-1].id, limit=2)

    assert [each.key for each in [*first, *second]] == ["e", "d", "c", "b"]


def test_old_ones_are_swept(house: House) -> None:
    house.tell("old", WANG)
    house.tell("new", WANG)
    with house.instance.write(SYSTEM, Channel.API) as uow:
        old = notice.c.key == "old"
        uow.conn.execute(update(notice).where(old).values(at=uow.at - timedelta(days=91)))

    sweep_notices(house.instance)

    assert house.keys(WANG) == ["new"]
