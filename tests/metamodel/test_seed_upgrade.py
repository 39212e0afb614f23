"""An instance made from older seeds becomes one of the newer, with what its admins changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from metamodel.catalogue import Database, catalogue_of
from metamodel.definitions import edit_draft, list_releases, save_draft
from metamodel.exchange.yaml_format import write_yaml
from metamodel.plans import publish
from metamodel.queries import count
from metamodel.records import RecordStore
from metamodel.room import SEEDS
from metamodel.seeding import plant
from metamodel.shipped import Shipped
from metamodel.storage.check import check_storage
from metamodel.tables import definition_import
from tests.instances import an_instance
from tests.seeds import seeds_with
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.subject import Subject

LI = Subject(None, "li", is_system=True)
NOT_YET = {"labs", "spo2", "onset_days"}  # what the older seeds lacked: a record type and fields


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    """With one database of the older seeds and a patient in it."""
    instance = an_instance(tmp_path / "home", database_url)
    plant(instance, older_seeds(tmp_path / "older"))
    with instance.write(SYSTEM, Channel.API) as uow:
        patient = {"patient_no": "1", "sex": "1", "enrolled_on": "2024-05-01", "consent": True}
        RecordStore(uow).add(catalogue_of(uow).record_type("pneumonia.patient"), patient)
    yield instance
    instance.close()


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    return seeds_with(tmp_path / "newer", "pneumonia")


def older_seeds(folder: Path) -> Path:
    """The shipped database without some of what it has; its texts of choices were others."""
    seeds_with(folder)
    shutil.rmtree(folder / "masking_types")
    whole = Shipped(SEEDS).whole(SEEDS / "databases" / "pneumonia.yaml")
    types = [
        {**item, "fields": [part for part in item["fields"] if part["code"] not in NOT_YET]}
        for item in whole["record_types"]
        if item["code"] not in NOT_YET
    ]
    forms = [
        {**form, "items": [item for item in form["items"] if item.get("field") not in NOT_YET]}
        for form in whole["forms"]
        if form["code"] not in NOT_YET
    ]
    older = {
        **whole,
        "record_types": types,
        "forms": forms,
        "label": {"zh": "肺部感染", "en": "Lung infection"},
    }
    (folder / "databases" / "pneumonia.yaml").write_text(write_yaml(older), encoding="utf-8")
    return folder


def by_admin(instance: Instance, *edits: dict[str, Any], live: bool = True) -> None:
    with instance.write(LI, Channel.API) as uow:
        edit_draft(uow, "pneumonia", edits)
    if live:
        publish(instance, LI, "pneumonia", Channel.API)


def database(instance: Instance) -> Database:
    with instance.read(SYSTEM, Channel.API) as uow:
        return catalogue_of(uow).database("pneumonia")


def upgrades(instance: Instance) -> Sequence[Any]:
    c = definition_import.c
    with instance.read(SYSTEM, Channel.API) as uow:
        return uow.conn.execute(select(c.report).where(c.format == "shipped").order_by(c.id)).scalars().all()


def set_label(record_type: str, zh: str) -> dict[str, Any]:
    return {"edit": "set_record_type", "record_type": record_type, "set": {"label": {"zh": zh, "en": "Mine"}}}


def test_an_instance_of_older_seeds_becomes_one_of_the_newer_and_keeps_its_records(
    instance: Instance, newer: Path
) -> None:
    plant(instance, newer)
    again = plant(instance, newer)

    found = database(instance)
    assert {"labs"} <= {item.code for item in found.record_types}
    assert found.label.zh == "肺炎"
    assert "spo2" in {item.code for item in found.record_type("visit").fields}
    with instance.read(SYSTEM, Channel.API) as uow:
        patients = count(uow, found.record_type("patient"))
        numbers = [item.number for item in list_releases(uow, "database", "pneumonia")]
    assert (patients, numbers, again) == (1, [2, 1], [])
    assert check_storage(instance) == []


def test_what_an_admin_changed_stays_and_where_both_did_is_listed(instance: Instance, newer: Path) -> None:
    ward = {"code": "ward", "label": {"zh": "病区", "en": "Ward"}, "type": "string"}
    by_admin(
        instance,
        {"edit": "add_field", "record_type": "visit", "field": ward},
        {"edit": "rename_field", "record_type": "visit", "field": "onset_date", "code": "ill_since"},
        {"edit": "set_database", "set": {"label": {"zh": "我院肺炎", "en": "Lung infection"}}},
        set_label("severity", "入院评估"),
    )
    told: list[str] = []

    plant(instance, newer, lambda zh, en: told.append(en))

    found = database(instance)
    visit = {item.code: item for item in found.record_type("visit").fields}
    assert {"ward", "ill_since", "spo2"} <= visit.keys() and "onset_date" not in visit
    assert visit["onset_days"].calculation == "datediff([ill_since], [visit_date], 'd')"
    assert (found.label.zh, found.label.en) == ("我院肺炎", "Pneumonia")
    assert found.record_type("severity").label.zh == "入院评估"
    [report] = [each for each in upgrades(instance) if each["counts"]["conflicts"]]
    assert [(item["where"], item["text"]) for item in report["not_carried"]] == [("label.zh", "肺炎")]
    assert len(told) == 1 and "label.zh" in told[0]


def test_a_draft_that_an_admin_works_on_waits_until_it_is_published(instance: Instance, newer: Path) -> None:
    by_admin(instance, set_label("severity", "入院评估"), live=False)
    told: list[str] = []

    plant(instance, newer, lambda zh, en: told.append(en))
    assert "labs" not in {item.code for item in database(instance).record_types}
    assert told == ["pneumonia has a draft: not upgraded until that is published or thrown away."]

    publish(instance, LI, "pneumonia", Channel.API)
    plant(instance, newer)

    assert "labs" in {item.code for item in database(instance).record_types}
    assert database(instance).record_type("severity").label.zh == "入院评估"


def test_a_database_of_ones_own_under_a_shipped_code_is_never_touched(
    tmp_path: Path, database_url: str, newer: Path
) -> None:
    own = an_instance(tmp_path / "own", database_url)
    document = Shipped(SEEDS).whole(SEEDS / "databases" / "pneumonia.yaml")
    with own.write(LI, Channel.API) as uow:
        save_draft(uow, "database", document | {"record_types": document["record_types"][:1], "forms": []})
    publish(own, LI, "pneumonia", Channel.API)

    plant(own, newer)

    assert [item.code for item in database(own).record_types] == ["patient"]
    own.close()


class Killed(Exception):
    """As a kill would, it ends the process."""


def test_an_upgrade_that_was_killed_goes_on(
    instance: Instance, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("metamodel.seeding.publish", die)
        plant(instance, newer)
    assert "labs" not in {item.code for item in database(instance).record_types}

    plant(instance, newer)

    assert "labs" in {item.code for item in database(instance).record_types}
    assert check_storage(instance) == []
