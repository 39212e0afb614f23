"""A live clinic whose records lie four deep: patient, visit, examination, lesion."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from metamodel.records import RecordStore
from tests.metamodel.live import Desk, a_document, a_field, a_type
from tests.metamodel.templates import Template
from tests.postgres import Cluster

CLINIC = a_document(
    "clinic",
    a_type("patient", a_field("record_id"), a_field("weight", "integer"),
           a_field("busiest", "calculated", calculation="max([visit], count([lesion]))"),
           a_field("newest", "calculated", calculation="max([lesion], [day])", options={"result": "date"}),
           a_field("full", "boolean", checks=[{
               "expression": "any([visit], any([lesion], [size] > 8 and [day] > [on])) = [full]",
               "message": {"zh": "不符", "en": "Not so"}, "severity": "warning",
           }]),
           key="record_id"),
    a_type("visit", a_field("on", "date"), a_field("note"), parent="patient", repeats=True),
    a_type("drug", a_field("dose", "integer"), parent="visit", repeats=True),
    a_type("exam", a_field("day", "date"), a_field("note"), a_field("device", identifying=True),
           parent="visit", repeats=True),
    a_type("lesion", a_field("size", "integer", missing_codes=["unclear"]), parent="exam", repeats=True),
)  # fmt: skip


@pytest.fixture(scope="session")
def sqlite_clinic(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("sqlite") / "home", "", CLINIC)


@pytest.fixture(scope="session")
def postgresql_clinic(
    tmp_path_factory: pytest.TempPathFactory, postgresql_cluster: Cluster
) -> Iterator[Template]:
    with postgresql_cluster.database() as url:
        yield Template(tmp_path_factory.mktemp("postgresql") / "home", url, CLINIC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def clinic(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    template: Template = request.getfixturevalue(f"{request.param}_clinic")
    with template.copied(tmp_path / "home") as desk:
        yield desk


def plant(desk: Desk, name: str, visits: Any, weight: int | None = None) -> None:
    """A patient with `visits`: of each its date, note, doses and exams; of each exam its day, note and sizes
    of lesions."""
    with desk.writing() as uow:
        store = RecordStore(uow)
        root = store.add(desk.type("patient"), {"record_id": name, "weight": weight}).id
        for on, note, doses, exams in visits:
            visit = store.add(desk.type("visit"), {"on": on, "note": note}, parent=root).id
            for dose in doses:
                store.add(desk.type("drug"), {"dose": dose}, parent=visit)
            for day, said, sizes in exams:
                exam = store.add(desk.type("exam"), {"day": day, "note": said, "device": "CT"}, parent=visit)
                for size in sizes:
                    store.add(desk.type("lesion"), {"size": size}, parent=exam.id)
