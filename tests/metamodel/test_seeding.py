"""The definitions that ship, and planting them into an instance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from metamodel.catalogue import catalogue_of
from metamodel.definitions import (
    list_releases,
    load_draft,
    masking_problems,
    save_draft,
    validate_document,
)
from metamodel.filters import SavedFilters
from metamodel.masking import MASK, live_documents
from metamodel.masking.keys import example_keys
from metamodel.masking.samples import example_of
from metamodel.plans.steps import Run, Step, take_step
from metamodel.room import SEEDS
from metamodel.seeding import plant
from metamodel.shipped import Shipped
from metamodel.storage.check import check_storage
from tests.instances import an_instance
from tests.seeds import seeds_with
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.subject import Subject

SEEDED = Shipped(SEEDS)
FILES = sorted(SEEDED.files())
DATABASES = {
    "breast", "coronary", "liver", "lung_nodule", "pneumonia", "prostate", "stroke", "thyroid",
}  # fmt: skip
LIBRARIES = {path.stem for path in (SEEDS / "libraries").glob("*.yaml")}
MASKING_TYPES = {path.stem for path in (SEEDS / "masking_types").glob("*.yaml")}
SHIPPED = {"core", *DATABASES, *LIBRARIES, *MASKING_TYPES}


def document_of(path: Path) -> dict[str, Any]:
    return SEEDED.whole(path)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """The folder of seeds with one database, for what is alike for all."""
    return seeds_with(tmp_path / "seeds", "lung_nodule")


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    instance = an_instance(tmp_path / "home", database_url)
    yield instance
    instance.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_definition_has_no_fault_and_both_languages(path: Path) -> None:
    document = document_of(path)

    assert validate_document(document) == []
    for item in labelled(document):
        assert item["label"]["zh"] and item["label"]["en"], item["code"]


def labelled(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield document
    for record_type in document.get("record_types", [document]):
        yield record_type
        yield from record_type.get("fields", ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_value_set_names_its_standard_or_claims_none(path: Path) -> None:
    for code, value_set in document_of(path).get("value_sets", {}).items():
        standard, version = value_set.get("standard", ""), value_set.get("version", "")
        assert standard or not version, code
        assert version or not standard.startswith(("GB", "WS", "CV")), code  # tables with editions
        assert len({choice["code"] for choice in value_set["choices"]}) == len(value_set["choices"]), code


def test_nothing_that_ships_is_forgotten() -> None:
    assert {document_of(path)["code"] for path in FILES} == SHIPPED
    others = {SEEDS / name for name in ("report_packages", "templates", "saved_filters")}
    assert [path for path in sorted(SEEDS.rglob("*.yaml")) if others.isdisjoint(path.parents)] == FILES


def test_planting_again_changes_nothing(instance: Instance) -> None:
    first = plant(instance, SEEDS)
    with instance.read(SYSTEM, Channel.API) as uow:
        before = uow.revision
    again = plant(instance, SEEDS)

    with instance.read(SYSTEM, Channel.API) as uow:
        assert uow.revision == before
        catalogue = catalogue_of(uow)
        assert set(catalogue.databases) == {"core", *DATABASES}
        for code in DATABASES:
            filters, _ = SavedFilters(uow, catalogue.database(code)).page(None, 0, 50)
            assert len(filters) == 3 and all(item.shared for item in filters), code
    assert (set(first), again) == (SHIPPED, [])
    assert check_storage(instance) == []


class Interrupted(Exception):
    """As a kill would, it ends the process between two steps."""


def test_a_planting_that_was_interrupted_goes_on(
    instance: Instance, few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = iter(range(100))

    def die_at_the_third(run: Run, step: Step) -> Step:
        if next(steps) == 2:
            raise Interrupted
        return take_step(run, step)

    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        patched.setattr("metamodel.plans.run.take_step", die_at_the_third)
        plant(instance, few)
    plant(instance, few)

    with instance.read(SYSTEM, Channel.API) as uow:
        assert set(catalogue_of(uow).databases) == {"core", "lung_nodule"}
        assert [item.number for item in list_releases(uow, "database", "lung_nodule")] == [1]
    assert check_storage(instance) == []


def test_a_draft_that_somebody_made_is_left_alone(instance: Instance, few: Path) -> None:
    own = document_of(SEEDS / "databases" / "lung_nodule.yaml") | {"category": "personal"}
    li = Subject(None, "li", is_system=True)
    with instance.write(li, Channel.API) as uow:
        save_draft(uow, "database", own)

    planted = plant(instance, few)

    assert set(planted) == SHIPPED - DATABASES
    with instance.read(SYSTEM, Channel.API) as uow:
        draft = load_draft(uow, "database", "lung_nodule")
    assert (draft.version, draft.document["category"]) == (1, "personal")


def test_every_masking_type_that_a_shipped_field_names_ships_and_fits(instance: Instance, few: Path) -> None:
    plant(instance, few)

    with instance.read(SYSTEM, Channel.API) as uow:
        wrong = {path.stem: masking_problems(uow, document_of(path)) for path in FILES}
        shown = {code: example_of(document, example_keys()) for code, document in live_documents(uow).items()}

    assert [problem for problems in wrong.values() for problem in problems] == []
    assert set(shown) == MASKING_TYPES
    for code, sample in shown.items():
        assert sample is not None and sample.after != sample.before, code
        assert (str(MASK) == sample.after) == (code in ("password", "redact")), code
