"""Loading the cohort into its database: every patient once, whatever interrupts it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from metamodel.catalogue import catalogue_of
from metamodel.quality import count_rules, rules_of_type
from metamodel.queries import count
from metamodel.room import SEEDS
from metamodel.seeding import plant
from modules.research.demo import load
from modules.research.demo.accounts import ACCOUNTS, make_accounts
from modules.research.demo.population import DISEASES, Member, population
from tests.assembly.house import ROOMS
from tests.instances import an_instance
from tests.seeds import seeds_with
from zhenshu.db import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.patients import find_patients
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.account_policy import account_policy
from zhenshu.security.accounts import create_user
from zhenshu.security.roles import sync_roles

pytestmark = pytest.mark.slow


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    instance = an_instance(tmp_path / "home", database_url)
    yield instance
    instance.close()


def counts(instance: Instance) -> dict[str, int]:
    with instance.read(SYSTEM, Channel.API) as uow:
        types = catalogue_of(uow).database("lung_nodule").record_types
        return {item.code: count(uow, item) for item in types}


class Killed(Exception):
    """As a kill would, it ends the load in the middle of a batch."""


def test_a_load_that_was_killed_goes_on_and_ends_with_exactly_all_patients(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(instance, seeds_with(tmp_path / "seeds", load.DATABASE))
    monkeypatch.setattr(load, "BATCH", 20)
    batches = itertools.count()
    add = load._add_members

    def die_in_the_second(uow: UnitOfWork, members: Sequence[Member]) -> None:
        add(uow, members)
        if next(batches) == 1:
            raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(load, "_add_members", die_in_the_second)
        load.load_demo(instance, 50, 0)
    after_the_kill = counts(instance)["patient"]
    added = load.load_demo(instance, 50, 0)

    assert (after_the_kill, added, load.load_demo(instance, 50, 0)) == (20, 30, 0)
    roots = [member.cases[0][1] for member in itertools.islice(load.lung_members(50), 50)]
    below = ("visit", "ct_exam", "report", "nodule", "pathology", "treatment", "follow_up", "labs")
    expected = {code: sum(1 for root in roots for _ in root.all(code)) for code in below}
    assert counts(instance) == {"patient": 50} | expected


def test_members_of_two_databases_are_one_patient_and_keep_the_rules_of_both(tmp_path: Path) -> None:
    """Quality rules find what was planted and nothing else. All databases, so on SQLite alone."""
    instance = an_instance(tmp_path / "home")
    plant(instance, SEEDS)
    members = list(population(160, 5, load.LAST_DAY))
    added = load.fill(instance, iter(members))

    assert added == len(members)
    both = [member for member in members if len(member.cases) == 2]
    planted = {
        f"{disease.code}.{code}.{field}" for disease in DISEASES for code, field in disease.planted.items()
    }
    with instance.read(SYSTEM, Channel.API) as uow:
        for member in both:
            found = [
                find_patients(uow, f"db:{disease.code}", [root.values["patient_no"]]).values()
                for disease, root in member.cases
            ]
            assert set(found[0]) == set(found[1]) != set()
        checked, broken = 0, dict[str, int]()
        for disease in DISEASES:
            for kind in catalogue_of(uow).database(disease.code).record_types:
                for item in count_rules(uow, kind, rules_of_type(kind)):
                    assert item.found is not None
                    checked += item.found.total
                    if item.found.failed:
                        broken[f"{disease.code}.{kind.code}.{item.rule.field}"] = item.found.failed
    assert both and checked > 5_000
    assert broken.keys() <= planted
    assert 1 <= sum(broken.values()) <= 0.03 * checked
    instance.close()


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
