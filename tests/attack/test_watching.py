"""The watch over all tests notices what it is there for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.attack.castle import Castle
from tests.attack.ward import CODE
from tests.watching import Watch, may_see, tells

NAME = "端木清越"
PATIENTS = f"/databases/{CODE}/records/patient"


@pytest.fixture
def caught(watched: Watch) -> Iterator[list[str]]:
    """What the watch found, which here is no failure."""
    yield watched.found
    watched.found.clear()


@pytest.fixture(autouse=True)
def stored(castle: Castle, watched: Watch) -> int:
    """A record with a name, after the watch began."""
    record = castle.person("research_admin").add(PATIENTS, no="WATCHED-1", name=NAME)
    assert NAME in watched.stored
    return int(record["id"])


def test_a_name_in_the_log_is_noticed(caught: list[str]) -> None:
    logging.getLogger("zhenshu.jobs").warning(f"could not import {NAME}")

    assert len(caught) == 1 and "in the log" in caught[0]


def test_a_name_in_an_answer_is_noticed_where_the_caller_may_not_see_it(
    castle: Castle, caught: list[str], stored: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, admin = castle.person("reader").caller, castle.person("research_admin").caller
    for caller in (reader, admin):
        assert caller.get(f"{PATIENTS}/{stored}").status_code == 200
    assert caught == []

    apply = import_module("metamodel.masking.apply")  # whose name a function of the package has, too
    monkeypatch.setattr(apply, "mask_of", lambda view, code: lambda value, person: value)
    reader.get(f"{PATIENTS}/{stored}")

    assert len(caught) == 1 and f"GET /api/v1{PATIENTS}/{stored}" in caught[0]


def test_what_the_caller_typed_may_be_said_back(castle: Castle, caught: list[str]) -> None:
    castle.person("reader").caller.get(PATIENTS, query_string={"where": f"[nmae] = '{NAME}'"})

    assert caught == []


@pytest.mark.parametrize(
    ("value", "is_told"),
    [("张三", True), ("330102195108174421", True), ("1", False), ("2026-03-05", False), ("P1", False)],
)
def test_only_what_is_somebodys_is_looked_for(value: str, is_told: bool) -> None:
    assert tells(value) is is_told


def test_nobody_sees_identities() -> None:
    assert not may_see(None)
