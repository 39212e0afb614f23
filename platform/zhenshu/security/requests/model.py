"""A request for access, its steps, and what may be granted of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

LONGEST: Final = timedelta(days=366)
SHORTEST_REASON: Final = 10  # characters
# What can be asked for; whoever may do any of these may view.
ASKABLE: Final = ("view", "add", "edit", "delete", "download", "export", "design", "approve")

STATES: Final = ("asked", "granted", "refused", "withdrawn", "revoked", "ended")
STEPS: Final = ("ask", "grant", "refuse", "withdraw", "revoke", "end")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for or granted. `record_type` "" is the whole database; `ends_at` is the first instant
    at which it no longer holds; `grade` is the highest grade of examinations reached."""

    actions: tuple[str, ...]
    ends_at: datetime
    record_type: str = ""
    identifying: bool = False
    grade: int = 0

    def resource(self, database: str) -> str:
        return f"{database}.{self.record_type}" if self.record_type else database

    def wider_than(self, asked: Wanted) -> tuple[str, str] | None:
        """In what this goes beyond `asked`, (English, Chinese); None when in nothing."""
        if asked.record_type and self.record_type != asked.record_type:
            return "another record type", "其他记录类型"
        if extra := set(self.actions) - {"view"} - set(asked.actions):
            return f"actions {', '.join(sorted(extra))}", "更多操作"
        if self.identifying and not asked.identifying:
            return "identifying fields", "身份信息"
        if self.grade > asked.grade:
            return "a higher grade", "更高的检查分级"
        if self.ends_at > asked.ends_at:
            return "a later end", "更晚的到期时间"
        return None

    def detail(self) -> dict[str, Any]:
        """As a step and the audit trail hold it."""
        return {
            "record_type": self.record_type,
            "actions": list(self.actions),
            "identifying": self.identifying,
            "grade": self.grade,
            "ends_at": self.ends_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Request:
    """`state` takes time into account: a granted one whose end has come is ended."""

    id: int
    subject_id: int
    subject_name: str
    display_name: str
    database: str
    wanted: Wanted
    project: str
    reason: str
    asked_at: datetime
    state: str
    grant_id: int | None


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    by_id: int | None
    by_name: str
    step: str
    reason: str
    detail: dict[str, Any] | None


def in_order(actions: Collection[str]) -> tuple[str, ...]:
    """`actions` in the order of ASKABLE, with view: nothing can be done with what one can't see."""
    return tuple(action for action in ASKABLE if action in actions or action == "view")
