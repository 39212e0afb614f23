"""What the metamodel brings to the house."""

from __future__ import annotations

from pathlib import Path

import metamodel
from metamodel.api import APIS
from metamodel.audit_names import AUDIT_NAMES
from metamodel.commands import COMMANDS
from metamodel.exchange.records.files import may_fetch
from metamodel.exchange.records.jobs import JOBS
from metamodel.granting import GRANT_LISTENERS, GRANTS_CHECK, check_grant
from metamodel.notices import LISTENERS
from metamodel.seeding import plant
from metamodel.storage.check import STORAGE_CHECK
from metamodel.storage.check_protected import PROTECTED_CHECK
from zhenshu.cli.language import say
from zhenshu.instance import Instance
from zhenshu.rooms import Permission, Room
from zhenshu.security import Action

SEEDS = Path(metamodel.__file__).parent.parent / "seed_configs"
RECORD_ACTIONS = (
    Action.VIEW, Action.ADD, Action.EDIT, Action.DELETE, Action.DOWNLOAD, Action.EXPORT, Action.APPROVE,
    Action.IDENTIFY, Action.EMERGENCY,
)  # fmt: skip
PERMISSIONS = tuple(
    Permission(action.value, kind)
    for kind, actions in (
        ("records", RECORD_ACTIONS),
        ("databases", (Action.VIEW, Action.DESIGN, Action.APPROVE)),
    )
    for action in actions
)


def room() -> Room:
    return Room(
        name="metamodel",
        routes=APIS,
        jobs=JOBS,
        listeners=(*LISTENERS, *GRANT_LISTENERS),
        commands=COMMANDS,
        permissions=PERMISSIONS,
        checks=(STORAGE_CHECK, PROTECTED_CHECK, GRANTS_CHECK),
        seeds=(SEEDS,),
        grant_check=check_grant,
        file_check=may_fetch,
        audit_names=AUDIT_NAMES,
        on_init=_plant_seeds,
    )


def _plant_seeds(instance: Instance) -> None:
    plant(instance, SEEDS, say)
