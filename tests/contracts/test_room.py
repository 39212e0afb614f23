"""Room: what each one brings, and that together they make one house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import click
import pytest

from metamodel.catalogue import Contribution, core_document
from tests.assembly.house import APIS, ROOMS
from zhenshu.jobs import JobKind
from zhenshu.rooms import Check, Listener, Permission, Room
from zhenshu.security import Action
from zhenshu.security.roles import ROLES
from zhenshu.web.api import PUBLIC, Api

KINDS = {"records", "databases", "users", "jobs", "files", "audit", "grants", "projects", "account_policy"}


def twice(names: Iterable[object]) -> list[object]:
    return [name for name, number in Counter(names).items() if number > 1]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_brings_what_a_room_may_bring(room: Room) -> None:
    for things, kind in (
        (room.record_types, Contribution), (room.jobs, JobKind), (room.listeners, Listener),
        (room.commands, click.Command), (room.permissions, Permission), (room.checks, Check),
    ):  # fmt: skip
        assert all(isinstance(thing, kind) for thing in things), kind
    assert all(issubclass(route, Api) and route.endpoints() for route in room.routes)
    assert all(folder.is_dir() for folder in room.seeds)
    assert all(job.label["zh"] and job.label["en"] for job in room.jobs)


def test_nothing_is_brought_twice() -> None:
    assert twice(room.name for room in ROOMS) == []
    for names in (
        (job.name for room in ROOMS for job in room.jobs),
        (command.name for room in ROOMS for command in room.commands),
        (check.name for room in ROOMS for check in room.checks),
        (listener.name for room in ROOMS for listener in room.listeners),
        (permission for room in ROOMS for permission in room.permissions),
        ((one.method, one.path) for api in APIS for one in api.endpoints()),
    ):
        assert twice(names) == []


def test_every_permission_asked_for_can_be_held() -> None:
    held = {(one.action, one.resource_kind) for room in ROOMS for one in room.permissions}
    asked = {one.needs for api in APIS for one in api.endpoints() if one.needs not in (None, PUBLIC)}
    in_roles = {pair for role in ROLES for pair in role.permissions}

    assert asked <= held | in_roles
    assert {action for action, _ in held | in_roles} <= {action.value for action in Action}
    assert {kind for _, kind in held | in_roles} <= KINDS


def test_the_record_types_of_all_rooms_fit_into_one_core() -> None:
    contributions = [item for room in ROOMS for item in room.record_types]

    codes = [item["code"] for item in core_document({}, contributions)["record_types"]]

    assert twice(codes) == []
