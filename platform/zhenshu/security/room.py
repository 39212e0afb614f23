"""What the ground's security brings to the house: commands, a job, and the roles at every `zhenshu init`."""

from __future__ import annotations

from collections.abc import Sequence

from zhenshu.instance import Instance
from zhenshu.patients.commands import keys
from zhenshu.patients.rotation import ROTATION
from zhenshu.rooms import Room
from zhenshu.security.batch.job import BATCH
from zhenshu.security.commands import users
from zhenshu.security.roles import sync_roles


def room(others: Sequence[Room]) -> Room:
    """`others` are all other rooms, whose permissions roles may hold."""

    def write_roles(instance: Instance) -> None:
        sync_roles(instance, others)

    return Room(name="security", jobs=(BATCH, ROTATION), commands=(users, keys), on_init=write_roles)
