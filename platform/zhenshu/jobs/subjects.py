"""On whose behalf a job runs: kept with the job, and looked up afresh when it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhenshu.security.subject import Subject


def to_json(subject: Subject) -> dict[str, Any]:
    return {
        "id": subject.id,
        "name": subject.name,
        "roles": sorted(subject.roles),
        "permissions": sorted(map(list, subject.permissions)),
        "language": subject.language,
        "address": subject.address,
        "is_system": subject.is_system,
    }


def from_json(stored: Mapping[str, Any]) -> Subject:
    return Subject(
        id=stored["id"],
        name=stored["name"],
        roles=frozenset(stored["roles"]),
        permissions=frozenset((action, kind) for action, kind in stored["permissions"]),
        language=stored["language"],
        address=stored["address"],
        is_system=stored["is_system"],
    )
