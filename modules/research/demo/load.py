"""Carrying synthetic patients into their databases, through the same door as any import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from random import Random

from faker import Faker

from metamodel.catalogue import catalogue_of
from metamodel.queries import count
from metamodel.records import NewRecord, RecordStore
from modules.research.demo import lung
from modules.research.demo.cohort import make_case
from modules.research.demo.persons import make_person
from modules.research.demo.population import DISEASES, Member, population
from modules.research.demo.tree import Disease, Node
from zhenshu.db import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.patients import add_identifiers, find_patients, load_keys
from zhenshu.security import SYSTEM, Channel

DATABASE = "lung_nodule"
PATIENTS = 2000
OTHERS = 60  # patients of each other database, in the demonstration
SEED = 20260101
LAST_DAY = date(2026, 10, 31)
BATCH = 250
PROVENANCE = {"kind": "synthetic", "agent": "modules.research.demo", "version": "2"}


class DemoRejected(ZhenshuError):
    """Row {row} of the demonstration's {code} was rejected: {field}: {en} Earlier batches were kept."""

    zh = "演示数据 {code} 第 {row} 行与病种库不符：{field}：{zh} 此前的批次已保留。"


def load_demo(instance: Instance, patients: int = PATIENTS, others: int = OTHERS) -> int:
    """Add the demonstration's patients that are not there yet; returns how many were added.

    Each batch is one transaction, and the generator always gives the same cohort, so a run that was
    interrupted goes on where it stopped.
    """
    with instance.read(SYSTEM, Channel.API) as uow:
        present = count(uow, catalogue_of(uow).record_type(f"{DATABASE}.patient"))
    added = fill(instance, islice(lung_members(PATIENTS), present, patients))
    for disease in DISEASES:
        if disease.code != DATABASE:
            added += fill(instance, population(others, 0, LAST_DAY, [disease]))
    return added


def lung_members(patients: int) -> Iterator[Member]:
    """The cohort of the lung nodule database as members of the population."""
    faker, random = Faker("zh_CN"), Random(SEED)
    faker.seed_instance(SEED)
    for number in range(1, patients + 1):
        person = make_person(random, faker, f"LN{number:05d}", LAST_DAY)
        case = make_case(random, person, LAST_DAY)
        yield Member(((lung.DISEASE, lung.tree_of(case, person)),))


def fill(
    instance: Instance, members: Iterator[Member], told: Callable[[int], None] = lambda done: None
) -> int:
    """Add those of `members` that are not there yet, batch by batch; returns how many were added.

    `told` hears after each batch how many have been gone through.
    """
    added = done = 0
    while batch := list(islice(members, BATCH)):
        with instance.write(SYSTEM, Channel.API, purpose="synthetic demonstration data") as uow:
            new = _missing(uow, batch)
            _add_members(uow, new)
        added, done = added + len(new), done + len(batch)
        told(done)
    return added


def _missing(uow: UnitOfWork, members: Sequence[Member]) -> list[Member]:
    """Members whose first case is not there: all of a member is added in one transaction."""
    keys: dict[str, list[str]] = defaultdict(list)
    for member in members:
        disease, root = member.cases[0]
        keys[disease.code].append(root.values["patient_no"])
    known = {code: find_patients(uow, f"db:{code}", numbers) for code, numbers in keys.items()}
    return [
        each for each in members if each.cases[0][1].values["patient_no"] not in known[each.cases[0][0].code]
    ]


def _add_members(uow: UnitOfWork, members: Sequence[Member]) -> None:
    _add_cases(uow, [member.cases[0] for member in members])
    both = [member for member in members if len(member.cases) > 1]
    for member in both:
        _link(uow, member)
    _add_cases(uow, [member.cases[1] for member in both])


def _link(uow: UnitOfWork, member: Member) -> None:
    """Let the patient index know that the second case's patient is the first one's."""
    (first, root), (second, other) = member.cases
    number = root.values["patient_no"]
    patient = find_patients(uow, f"db:{first.code}", [number])[number]
    identifiers = {patient: other.values["patient_no"]}
    add_identifiers(uow, f"db:{second.code}", identifiers, load_keys(uow, [patient]))


def _add_cases(uow: UnitOfWork, cases: Iterable[tuple[Disease, Node]]) -> None:
    """Level by level: the records of one type together, those below them once they have ids."""
    waiting: dict[str, list[tuple[Node, int | None]]] = defaultdict(list)
    for disease, root in cases:
        waiting[f"{disease.code}.{root.type}"].append((root, None))
    while waiting:
        path = next(iter(waiting))
        nodes = waiting.pop(path)
        rows = [NewRecord(node.values, parent=parent) for node, parent in nodes]
        for (node, _), record in zip(nodes, _add(uow, path, rows), strict=True):
            for child in node.below:
                waiting[f"{path.partition('.')[0]}.{child.type}"].append((child, record))


def _add(uow: UnitOfWork, path: str, rows: list[NewRecord]) -> list[int]:
    result = RecordStore(uow).add_many(catalogue_of(uow).record_type(path), rows, provenance=PROVENANCE)
    if result.rejected:
        index, problems = result.rejected[0]
        raise DemoRejected(
            code=path, row=index, field=problems[0].field, zh=problems[0].zh, en=problems[0].en
        )
    return [record_id for record_id in result.ids if record_id is not None]
