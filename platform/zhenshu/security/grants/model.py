"""What a person gives a grant, what is kept of it, and the words both use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

SUBJECT_KINDS: Final = ("user", "role", "project", "project_class")
DUTIES: Final = ("principal_investigator", "investigator", "data_entry", "statistician", "reader")
ACTIONS: Final = ("view", "add", "edit", "delete", "download", "export", "design", "approve")
KINDS: Final = ("standing", "granted", "request", "emergency")
STATES: Final = ("future", "active", "closed", "ended", "revoked")  # closed: what it names is gone
GRADES: Final = (0, 1, 2)
GRADE_NAMES: Final = (
    {"zh": "普通", "en": "Ordinary"},
    {"zh": "敏感", "en": "Sensitive"},
    {"zh": "高度敏感", "en": "Highly sensitive"},
)
FIELD_CLASSES: Final = ("plain", "identifying")
MASKED: Final[Mapping[str, str]] = {"plain": "show", "identifying": "mask"}
CLEAR: Final[Mapping[str, str]] = {"plain": "show", "identifying": "show"}


def kind_of(action: str) -> str:
    """The kind of resource that an action of a grant is done with."""
    return "databases" if action in ("design", "approve") else "records"


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant to be given. Any action brings `view` with it. Instants are UTC, `ends_at` is exclusive."""

    subject_kind: str
    subject_value: str  # a user's or project's id as text, a role's name, a project class
    resource: str
    actions: Sequence[str]
    duty: str = ""
    own: bool = False
    where: str = ""
    classes: Mapping[str, str] = field(default_factory=lambda: MASKED)
    grade: int = 0
    channels: Sequence[str] | None = None
    starts_at: datetime | None = None  # None: now
    ends_at: datetime | None = None
    reason: str = ""
    patient: int | None = None  # in an emergency: this patient's records alone


@dataclass(frozen=True, slots=True)
class GrantInfo:
    """A grant as it stands in the table."""

    id: int
    kind: str
    state: str
    subject_kind: str
    subject_value: str
    duty: str
    resource: str
    actions: tuple[str, ...]
    own: bool
    where: str
    classes: Mapping[str, str]
    grade: int
    channels: tuple[str, ...] | None
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    request_id: int | None
    granted_by: int | None
    granted_by_name: str
    granted_at: datetime
    revoked_by_name: str | None
    revoked_at: datetime | None
    revoke_reason: str | None
    patient: int | None


def info_of(row: Row[Any], at: datetime) -> GrantInfo:
    return GrantInfo(
        row.id,
        row.kind,
        state_of(row, at),
        row.subject_kind,
        row.subject_value,
        row.duty,
        row.resource,
        tuple(row.actions),
        row.own,
        row.row_rule,
        row.classes,
        row.grade,
        None if row.channels is None else tuple(row.channels),
        row.starts_at,
        row.ends_at,
        row.reason,
        row.request_id,
        row.granted_by,
        row.granted_by_name,
        row.granted_at,
        row.revoked_by_name,
        row.revoked_at,
        row.revoke_reason,
        row.patient_id,
    )


def state_of(row: Row[Any], at: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.ends_at is not None and row.ends_at <= at:
        return "ended"
    if row.gone:
        return "closed"
    return "active" if row.starts_at <= at else "future"
