"""Loading the cohort into its database: every patient once, whatever interrupts it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from metamodel.catalogue import catalogue_of
from metamodel.queries import count
from metamodel.room import SEEDS
from metamodel.seeding import plant
from modules.research.demo import load
from modules.research.demo.accounts import ACCOUNTS, make_accounts
from modules.research.demo.cohort import Case, cohort
from tests.assembly.house import ROOMS
from tests.instances import an_instance
from zhenshu.db import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.account_policy import account_policy
from zhenshu.security.accounts import create_user
from zhenshu.security.roles import sync_roles

pytestmark = pytest.mark.slow


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    instance = an_instance(tmp_path / "home", database_url)
    plant(instance, SEEDS)
    yield instance
    instance.close()


def counts(instance: Instance) -> dict[str, int]:
    with instance.read(SYSTEM, Channel.API) as uow:
        types = catalogue_of(uow).database("lung_nodule").record_types
        return {item.code: count(uow, item) for item in types}


class Killed(Exception):
    """As a kill would, it ends the load in the middle of a batch."""


def test_a_load_that_was_killed_goes_on_and_ends_with_exactly_all_patients(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "BATCH", 20)
    batches = itertools.count()
    add = load._add_cases

    def die_in_the_second(uow: UnitOfWork, cases: Sequence[Case]) -> None:
        add(uow, cases)
        if next(batches) == 1:
            raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(load, "_add_cases", die_in_the_second)
        load.load_demo(instance, 50)
    after_the_kill = counts(instance)["patient"]
    added = load.load_demo(instance, 50)

    assert (after_the_kill, added, load.load_demo(instance, 50)) == (20, 30, 0)
    cases = list(itertools.islice(cohort(load.PATIENTS, load.SEED, load.LAST_DAY), 50))
    assert counts(instance) == {
        "patient": 50,
        "visit": sum(len(case.visits) for case in cases),
        "ct_exam": sum(len(case.exams) for case in cases),
        "report": sum(len(case.exams) for case in cases),
        "nodule": sum(len(exam.nodules) for case in cases for exam in case.exams),
        "pathology": sum(len(case.pathology) for case in cases),
        "treatment": sum(len(case.treatment) for case in cases),
        "follow_up": sum(len(case.follow_up) for case in cases),
    }


def test_accounts_are_made_once_with_passwords_of_this_instance_alone(instance: Instance) -> None:
    sync_roles(instance, ROOMS)

    path = make_accounts(instance)
    first = path.read_text(encoding="utf-8")
    make_accounts(instance)

    assert path.read_text(encoding="utf-8") == first
    assert path.stat().st_mode & 0o777 == 0o600
    lines = [line.split("\t") for line in first.splitlines()]
    assert [(name, role) for name, _, role, _ in lines] == [(name, role) for name, role, _ in ACCOUNTS]
    assert len({password for _, password, _, _ in lines}) == len(ACCOUNTS)


@pytest.mark.parametrize("has_users", [False, True])
def test_a_demonstration_spares_the_second_factor_and_an_instance_in_use_does_not(
    tmp_path: Path, has_users: bool
) -> None:
    instance = an_instance(tmp_path / "real", second_factor=True)
    sync_roles(instance, ROOMS)
    if has_users:
        with instance.write(SYSTEM, Channel.API) as uow:
            create_user(uow, "wang", "hospital_admin")

    make_accounts(instance)

    with instance.read(SYSTEM, Channel.API) as uow:
        needed = account_policy(uow).second_factor_roles
    assert bool(needed) is has_users
    instance.close()
