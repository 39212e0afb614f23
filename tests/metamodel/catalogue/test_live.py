"""The catalogue of a transaction: pinned, shared, recompiled only where something was published."""

from __future__ import annotations

import timeit
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert

from metamodel.catalogue import Catalogue, Keyed, catalogue_of, positions
from metamodel.tables import keyed_names
from tests.builders import a_database
from tests.instances import an_instance
from tests.metamodel.catalogue.published import compiled, put_release
from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    made = an_instance(tmp_path / "home", database_url)
    yield made
    made.close()


def publish(instance: Instance, code: str, *fields: str) -> None:
    builder = a_database(code)
    for field in fields:
        builder = builder.with_field(field)
    with instance.write(SYSTEM, Channel.API) as uow:
        put_release(uow, builder.document)


def look(instance: Instance) -> Catalogue:
    with instance.read(SYSTEM, Channel.API) as uow:
        return catalogue_of(uow)


def test_the_same_revision_is_the_same_object(instance: Instance) -> None:
    publish(instance, "lung", "a")

    assert look(instance) is look(instance)


def test_a_publish_recompiles_the_changed_database_alone(instance: Instance) -> None:
    publish(instance, "lung", "a")
    publish(instance, "liver", "a")
    before = look(instance)

    publish(instance, "lung", "a", "b")
    after = look(instance)

    assert after.revision == before.revision + 1
    assert after.database("liver") is before.database("liver")
    assert list(after.record_type("lung.patient").by_code) == ["a", "b"]
    assert list(before.record_type("lung.patient").by_code) == ["a"]


def test_a_transaction_keeps_what_it_began_with(instance: Instance) -> None:
    publish(instance, "lung", "a")
    with instance.read(SYSTEM, Channel.API) as uow:
        publish(instance, "lung", "a", "b")
        look(instance)

        assert list(catalogue_of(uow).record_type("lung.patient").by_code) == ["a"]


def test_a_publish_that_is_rolled_back_leaves_no_trace(instance: Instance) -> None:
    publish(instance, "lung", "a")
    with pytest.raises(RuntimeError), instance.write(SYSTEM, Channel.API) as uow:
        put_release(uow, a_database("lung").with_field("wrong").document)
        catalogue_of(uow)
        raise RuntimeError

    assert list(look(instance).record_type("lung.patient").by_code) == ["a"]


def test_threads_share_one_catalogue(instance: Instance) -> None:
    publish(instance, "lung", "a")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: look(instance), range(32)))

    assert len({id(item) for item in found}) == 1


def test_a_warm_catalogue_costs_next_to_nothing(instance: Instance) -> None:
    publish(instance, "lung", "a")
    with instance.read(SYSTEM, Channel.API) as uow:
        catalogue_of(uow)
        seconds = min(timeit.repeat(lambda: catalogue_of(uow), number=1000, repeat=5)) / 1000

    assert seconds < 20e-6


def test_a_name_has_its_place_in_each_version_of_the_list(instance: Instance) -> None:
    storage = {"kind": "keyed", "names": "radiomics"}
    features = compiled(a_database().with_record_type("features", storage=storage).document).record_type(
        "features"
    )
    rows = [{"code": "radiomics", "version": "3.0", "names": ["mean", "energy"]},
            {"code": "radiomics", "version": "3.1", "names": ["energy"]}]  # fmt: skip
    with instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(insert(keyed_names), rows)

        assert sorted(positions(uow, Keyed(features, "energy")).values()) == [0, 1]
        assert list(positions(uow, Keyed(features, "mean")).values()) == [0]
        with pytest.raises(NotFound):
            positions(uow, Keyed(features, "entropy"))
