"""Real worker processes, killed without warning, on both databases and both brokers."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.instances import an_instance
from tests.zhenshu.jobs.counting import KIND, counted, numbers
from zhenshu.instance import Instance
from zhenshu.jobs import JobState, bind_jobs, get_job, submit, sweep_jobs
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

LEASE = 1.5  # seconds


@pytest.fixture(params=["files", "redis"])
def broker_url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "files" else str(request.getfixturevalue("redis_url"))


@pytest.fixture
def house(tmp_path: Path, database_url: str, broker_url: str) -> Instance:
    instance = an_instance(tmp_path / "home", database_url, broker_url=broker_url)
    counted.create(instance.engine)
    bind_jobs(instance, [KIND], lease_seconds=LEASE)
    return instance


def start_worker(instance: Instance) -> subprocess.Popen[bytes]:
    settings = instance.settings
    arguments = [str(settings.home), settings.database_url, settings.broker_url, str(LEASE)]
    environment = {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}", "PATH": "/usr/bin:/bin"}
    program = [sys.executable, "-m", "tests.zhenshu.jobs.counting", *arguments]
    return subprocess.Popen(program, cwd=ROOT, env=environment)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.1)


def state_of(instance: Instance, job_id: int) -> JobState:
    with instance.read(SYSTEM, Channel.API) as uow:
        return get_job(uow, job_id).state


@pytest.mark.slow
def test_a_job_outlives_its_killed_worker_and_does_each_step_once(house: Instance) -> None:
    workers = [start_worker(house)]
    try:
        with house.write(SYSTEM, Channel.API) as uow:
            job_id = submit(uow, "count", {"to": 40, "pause": 0.05})
        wait_until(lambda: len(numbers(house)) >= 5, "the first steps")
        workers[0].kill()
        workers[0].wait()
        assert state_of(house, job_id) is JobState.RUNNING
        workers.append(start_worker(house))

        def swept_to_its_end() -> bool:
            sweep_jobs(house)
            return state_of(house, job_id) is JobState.DONE

        wait_until(swept_to_its_end, "the job's end")
        workers[1].terminate()
        assert workers[1].wait(timeout=20) == 0
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()

    assert numbers(house) == list(range(40))
    with house.read(SYSTEM, Channel.API) as uow:
        assert get_job(uow, job_id).attempts == 2
    house.close()


@pytest.mark.slow
def test_a_worker_told_to_stop_gives_its_job_back(house: Instance) -> None:
    worker = start_worker(house)
    try:
        with house.write(SYSTEM, Channel.API) as uow:
            job_id = submit(uow, "count", {"to": 2000, "pause": 0.05})
        wait_until(lambda: len(numbers(house)) >= 3, "the first steps")
        worker.terminate()
        assert worker.wait(timeout=20) == 0
    finally:
        worker.kill()
        worker.wait()

    assert state_of(house, job_id) is JobState.QUEUED
    kept = numbers(house)
    assert kept == list(range(len(kept)))
    house.close()
