"""Jobs in one process: their states, what is kept of them, and who holds them."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.zhenshu.jobs.counting import KIND, counted, numbers
from zhenshu.errors import Invalid
from zhenshu.instance import Instance
from zhenshu.jobs import (
    Job,
    JobCancelled,
    JobKind,
    JobLost,
    JobNotWaiting,
    JobRun,
    JobState,
    UnknownJobKind,
    bind_jobs,
    cancel_job,
    get_job,
    job,
    list_jobs,
    retry_job,
    run_now,
    submit,
    sweep_jobs,
    work,
)
from zhenshu.jobs.lease import claim
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM, Subject

LI = Subject(id=7, name="li", permissions=frozenset({("view", "records")}), language="en", address="10.0.0.9")


class House:
    """An instance with job kinds, and the messages it would have sent."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.woken: list[tuple[str, int]] = []

    def knows(self, *kinds: JobKind, **options: Any) -> None:
        bind_jobs(
            self.instance, kinds, wake=lambda queue, job_id: self.woken.append((queue, job_id)), **options
        )

    def submit(self, kind: str = "job", subject: Subject = LI, priority: int = 5, **args: Any) -> int:
        with self.instance.write(subject, Channel.SCREEN) as uow:
            return submit(uow, kind, args, priority)

    def get(self, job_id: int) -> Job:
        with self.instance.read(SYSTEM, Channel.API) as uow:
            return get_job(uow, job_id)

    def work(self) -> int:
        return work(self.instance, ["default"], threading.Event())

    def alter(self, job_id: int, **values: Any) -> None:
        with self.instance.write(SYSTEM, Channel.API) as uow:
            uow.conn.execute(update(job).where(job.c.id == job_id).values(**values))


@pytest.fixture
def house(instance: Instance) -> Iterator[House]:
    counted.create(instance.engine)
    return House(instance)


def kind(run: Any, **options: Any) -> JobKind:
    return JobKind("job", {"zh": "任务", "en": "Job"}, run, **options)


def test_workers_are_woken_after_the_commit_and_only_then(house: House) -> None:
    house.knows(kind(lambda run: None))
    with pytest.raises(Invalid), house.instance.write(LI, Channel.API) as uow:
        submit(uow, "job", {})
        raise Invalid(reason="changed my mind", reason_zh="略")
    assert house.woken == []

    job_id = house.submit()

    assert house.woken == [("default", job_id)]


def test_a_kind_nobody_brought_is_refused(house: House) -> None:
    house.knows()
    with pytest.raises(UnknownJobKind, match="nonsense"):
        house.submit("nonsense")


def test_a_job_keeps_its_progress_log_and_result(house: House) -> None:
    house.knows(KIND)
    job_id = house.submit("count", to=3)

    assert house.work() == 1

    ended = house.get(job_id)
    assert (ended.state, ended.progress, ended.total) == (JobState.DONE, 3, 3)
    assert ended.result == {"counted": 3}
    assert [(line.level, line.zh, line.en) for line in ended.log] == [("info", "数完了", "all counted")]
    assert numbers(house.instance) == [0, 1, 2]


def test_the_most_urgent_job_runs_first_whatever_message_came(house: House) -> None:
    order: list[int] = []
    house.knows(kind(lambda run: order.append(run.id)))
    late, early, first = house.submit(priority=9), house.submit(priority=5), house.submit(priority=1)

    house.work()

    assert order == [first, early, late]


def test_a_job_runs_as_its_user_with_the_permissions_of_now(house: House) -> None:
    seen: list[Subject] = []

    def look(run: JobRun) -> None:
        with run.read() as uow:
            seen.append(uow.subject)
            assert uow.channel is Channel.SCREEN

    house.knows(kind(look))
    house.submit()
    house.work()
    withdrawn = Subject(id=7, name="li")
    house.knows(kind(look), load_subject=lambda conn, user_id: withdrawn)
    house.submit()
    house.work()

    assert seen[0] == LI
    assert seen[1].permissions == frozenset() and seen[1].address == LI.address


def test_an_unexpected_error_leaves_its_class_and_no_value(house: House) -> None:
    def fail(run: JobRun) -> None:
        raise ValueError("patient 张三 has no birth date")

    house.knows(kind(fail))
    job_id = house.submit()
    house.work()

    error = house.get(job_id).error
    assert house.get(job_id).state is JobState.FAILED
    assert error is not None and error["code"] == "ValueError"
    assert "张三" not in str(error)


def test_an_error_of_ours_is_told_in_both_languages(house: House) -> None:
    def fail(run: JobRun) -> None:
        raise Invalid(reason="row 3 has 5 columns", reason_zh="第 3 行有 5 列")

    house.knows(kind(fail))
    job_id = house.submit()
    with pytest.raises(Invalid):
        run_now(house.instance, job_id)

    error = house.get(job_id).error
    assert error is not None
    assert (
        error["code"] == "Invalid"
        and "row 3 has 5 columns" in error["en"]
        and "第 3 行有 5 列" in error["zh"]
    )


def test_cancelling_keeps_what_was_committed_and_retrying_goes_on_from_there(house: House) -> None:
    def cancelled_at_two(run: JobRun) -> None:
        for number in range(run.cursor.get("next", 0), 4):
            with run.write() as uow:
                uow.conn.execute(counted.insert(), {"number": number})
                run.checkpoint(number + 1, 4, {"next": number + 1}, uow)
            if number == 1 and run.cursor["next"] == 2 and not seen:
                seen.append(number)
                with run.instance.write(LI, Channel.API) as uow:
                    cancel_job(uow, run.id)

    seen: list[int] = []
    house.knows(kind(cancelled_at_two))
    job_id = house.submit()
    house.work()
    assert house.get(job_id).state is JobState.CANCELLED
    assert numbers(house.instance) == [0, 1]

    with house.instance.write(LI, Channel.API) as uow:
        retry_job(uow, job_id)
    house.work()

    assert house.get(job_id).state is JobState.DONE
    assert numbers(house.instance) == [0, 1, 2, 3]


def test_a_waiting_job_is_cancelled_at_once_and_a_finished_one_not_at_all(house: House) -> None:
    house.knows(kind(lambda run: None))
    waiting = house.submit()
    with house.instance.write(LI, Channel.API) as uow:
        cancel_job(uow, waiting)
    assert house.work() == 0
    with pytest.raises(JobCancelled):
        run_now(house.instance, waiting)

    with pytest.raises(JobNotWaiting, match="cancelled"), house.instance.write(LI, Channel.API) as uow:
        cancel_job(uow, waiting)


def test_one_job_is_claimed_once(house: House) -> None:
    house.knows(kind(lambda run: None))
    job_id = house.submit()
    assert claim(house.instance, job_id) is not None
    assert claim(house.instance, job_id) is None
    assert house.work() == 0


def test_a_worker_that_lost_its_job_can_commit_nothing_more(house: House) -> None:
    def robbed(run: JobRun) -> None:
        house.alter(run.id, lease_owner="another")
        with run.write() as uow:
            uow.conn.execute(counted.insert(), {"number": 1})
            run.checkpoint(1, 1, {"next": 1}, uow)

    house.knows(kind(robbed))
    job_id = house.submit()
    with pytest.raises(JobLost):
        run_now(house.instance, job_id)

    assert numbers(house.instance) == []
    assert house.get(job_id).state is JobState.RUNNING  # as the other worker's


def test_a_stopping_worker_gives_its_job_back_without_counting_the_attempt(house: House) -> None:
    stopping = threading.Event()

    def stopped(run: JobRun) -> None:
        stopping.set()
        run.checkpoint(1, 2, {"next": 1})

    house.knows(kind(stopped))
    job_id = house.submit()
    work(house.instance, ["default"], stopping)

    given_back = house.get(job_id)
    assert (given_back.state, given_back.attempts, given_back.progress) == (JobState.QUEUED, 0, 1)


def test_the_heartbeat_holds_a_job_that_works_longer_than_its_lease(house: House) -> None:
    done = threading.Event()
    house.knows(kind(lambda run: {"in_time": done.wait(20)}), lease_seconds=0.6)
    job_id = house.submit()
    worker = threading.Thread(target=house.work)
    worker.start()
    try:
        for _ in range(8):
            threading.Event().wait(0.25)
            sweep_jobs(house.instance)
    finally:
        done.set()
        worker.join()

    ended = house.get(job_id)
    assert (ended.state, ended.attempts) == (JobState.DONE, 1)


def test_an_expired_lease_brings_the_job_back_until_its_attempts_are_used_up(house: House) -> None:
    house.knows(kind(lambda run: None, max_attempts=2))
    job_id = house.submit()
    past = datetime.now(UTC) - timedelta(seconds=1)
    for expected in (JobState.QUEUED, JobState.FAILED):
        claim(house.instance, job_id)
        house.alter(job_id, lease_until=past)
        sweep_jobs(house.instance)
        assert house.get(job_id).state is expected

    error = house.get(job_id).error
    assert error is not None and error["code"] == "WorkerDied"


def test_a_lost_message_is_sent_again(house: House) -> None:
    house.knows(kind(lambda run: None))
    job_id = house.submit()
    house.woken.clear()
    sweep_jobs(house.instance)
    assert house.woken == []  # it may still be on its way

    house.alter(job_id, sent_at=datetime.now(UTC) - timedelta(minutes=1))
    sweep_jobs(house.instance)
    sweep_jobs(house.instance)

    assert house.woken == [("default", job_id)]


def test_jobs_are_listed_newest_first_and_by_user(house: House) -> None:
    house.knows(kind(lambda run: None))
    ids = [house.submit() for _ in range(3)]
    house.submit(subject=Subject(id=8, name="wang"))
    with house.instance.read(SYSTEM, Channel.API) as uow:
        assert [found.id for found in list_jobs(uow, limit=2, subject_id=7)] == [ids[2], ids[1]]
        assert [found.id for found in list_jobs(uow, after=ids[1])] == [ids[0]]
