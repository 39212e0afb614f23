"""What the ground's security brings: commands, jobs, a check; roles and grants at every `zhenshu init`."""

from __future__ import annotations

from collections.abc import Sequence

from zhenshu.audit.checking import CHECKING
from zhenshu.audit.exporting import EXPORTING
from zhenshu.audit.retention import ARCHIVING
from zhenshu.instance import Instance
from zhenshu.patients.commands import keys
from zhenshu.patients.rotation import ROTATION
from zhenshu.rooms import Check, Room
from zhenshu.security.audit_names import AUDIT_NAMES
from zhenshu.security.batch.job import BATCH
from zhenshu.security.commands import users
from zhenshu.security.directory.opened import check_directory
from zhenshu.security.grants.standing import AT_INIT, give_standing
from zhenshu.security.policy import Channel
from zhenshu.security.roles import sync_roles
from zhenshu.security.subject import SYSTEM


def room(others: Sequence[Room]) -> Room:
    """`others` are all other rooms, whose permissions roles may hold."""

    def write_roles(instance: Instance) -> None:
        sync_roles(instance, others)
        with instance.write(SYSTEM, Channel.API, purpose="standing grants") as uow:
            give_standing(uow, AT_INIT)

    return Room(
        name="security",
        jobs=(BATCH, ROTATION, EXPORTING, CHECKING, ARCHIVING),
        audit_names=AUDIT_NAMES,
        commands=(users, keys),
        checks=(Check("directory", check_directory),),
        on_init=write_roles,
    )
