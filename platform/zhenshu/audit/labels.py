"""What things in the trail are called by whoever knows them: the trail itself keeps codes and ids alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from zhenshu.db.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from zhenshu.instance import Instance
    from zhenshu.rooms import Room

_NAMES: Final = "audit.names"

Key = tuple[str, str]  # (kind of resource, resource)
Named = Mapping[str, str]  # {"zh": ..., "en": ...}


@dataclass(frozen=True, slots=True)
class AuditNames:
    """A room's words: of its resources, and of the fields (by code) that an entry on one of them names.

    Names of what people defined; never a value of a record.
    """

    resources: Callable[[UnitOfWork, Collection[Key]], Mapping[Key, Named]]
    fields: Callable[[UnitOfWork, Key, Collection[str]], Mapping[str, Named]] | None = None


def bind_audit_names(instance: Instance, rooms: Iterable[Room]) -> None:
    """Let the rooms name what they brought."""
    instance.memo[_NAMES] = tuple(room.audit_names for room in rooms if room.audit_names is not None)


def resource_names(uow: UnitOfWork, keys: Collection[Key]) -> dict[Key, Named]:
    """The names of those of `keys` that have one still."""
    wanted = {key for key in keys if key[1]}
    return {key: name for each in _bound(uow) for key, name in each.resources(uow, wanted).items()}


def field_names(uow: UnitOfWork, key: Key, codes: Collection[str]) -> dict[str, Named]:
    """The names of those of `codes` that are fields of the resource still."""
    if not codes:
        return {}
    return {
        code: name
        for each in _bound(uow)
        if each.fields is not None
        for code, name in each.fields(uow, key, codes).items()
    }


def _bound(uow: UnitOfWork) -> tuple[AuditNames, ...]:
    found: tuple[AuditNames, ...] = uow.instance.memo.get(_NAMES, ())
    return found
