"""The login throttle: five failures lock a name for 15 minutes, whether anybody has it or not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.account_policy import DEFAULT
from zhenshu.security.accounts import create_user, reset_password, unlock_user
from zhenshu.security.login import WrongPassword, log_in
from zhenshu.security.tables import login_throttle
from zhenshu.security.throttle import PER_ADDRESS, TooManyAttempts, count_attempt

PASSWORD = "Correct-Horse-7"
WARD = "10.0.0.9"


def make(instance: Instance) -> int:
    with instance.write(SYSTEM, Channel.API) as uow:
        return create_user(uow, "wang", "reader", PASSWORD).user.id


def fail(instance: Instance, name: str = "wang", times: int = 5) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            log_in(instance, name, "wrong", WARD)


def later(instance: Instance, by: timedelta) -> None:
    """Let `by` pass, by moving what is written into the past."""
    with instance.write(SYSTEM, Channel.API) as uow:
        for row in uow.conn.execute(select(login_throttle)).all():
            moved = {"since": row.since - by, "locked_until": row.locked_until and row.locked_until - by}
            uow.conn.execute(update(login_throttle).where(login_throttle.c.key == row.key).values(moved))


def test_the_right_password_does_not_open_a_locked_name(instance: Instance) -> None:
    make(instance)
    fail(instance)

    with pytest.raises(TooManyAttempts):
        log_in(instance, "wang", PASSWORD, WARD)


def test_a_name_that_nobody_has_locks_alike(embedded: Instance) -> None:
    fail(embedded, "nobody-here")

    with pytest.raises(TooManyAttempts):
        log_in(embedded, "nobody-here", PASSWORD, WARD)


def test_a_lock_ends_after_fifteen_minutes(embedded: Instance) -> None:
    make(embedded)
    fail(embedded)
    with pytest.raises(TooManyAttempts):
        log_in(embedded, "wang", PASSWORD, WARD)

    later(embedded, DEFAULT.lock)

    assert log_in(embedded, "wang", PASSWORD, WARD).user.name == "wang"


def test_success_forgets_earlier_failures(embedded: Instance) -> None:
    make(embedded)
    for _ in range(3):
        fail(embedded, times=4)
        log_in(embedded, "wang", PASSWORD, WARD)


@pytest.mark.parametrize("act", [unlock_user, reset_password])
def test_an_administrator_unlocks(embedded: Instance, act: Callable[[UnitOfWork, int], object]) -> None:
    user_id = make(embedded)
    fail(embedded)

    with embedded.write(SYSTEM, Channel.API) as uow:
        act(uow, user_id)

    with pytest.raises(WrongPassword):
        log_in(embedded, "wang", "wrong", WARD)


def test_an_address_that_tries_many_names_is_locked(embedded: Instance) -> None:
    with embedded.write(SYSTEM, Channel.API) as uow:
        waits = [count_attempt(uow, f"name{number}", WARD) for number in range(PER_ADDRESS + 1)]
        elsewhere = count_attempt(uow, "name1", "10.0.0.10")

    assert waits[:-1] == [None] * PER_ADDRESS
    assert waits[-1] is not None
    assert elsewhere is None


def test_attempts_in_parallel_gain_nothing(instance: Instance) -> None:
    def attempt(_number: int) -> int | None:
        with instance.write(SYSTEM, Channel.API) as uow:
            return count_attempt(uow, "wang", WARD)

    with ThreadPoolExecutor(6) as pool:
        waits = list(pool.map(attempt, range(12)))

    assert waits.count(None) == 5


def test_names_are_not_kept_in_clear(embedded: Instance) -> None:
    fail(embedded, "my-secret-typed-here", times=1)

    with embedded.read(SYSTEM, Channel.API) as uow:
        assert "my-secret" not in repr(uow.conn.execute(select(login_throttle)).all())
