"""A grant as it holds for one subject: which actions on which data, seen how, from when until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

EMERGENCY = "emergency"  # the kind of a grant that shows identities for a short time, with notice
HIGHEST_GRADE = 2  # of an examination: 0 ordinary, 1 sensitive, 2 highly sensitive


@dataclass(frozen=True, slots=True)
class Grant:
    """What one grant gives a subject. `resource` is "", a database or "database.record_type".

    `within` are the only databases that it reaches, for a grant to the members of a project; `patient` is the
    only one whose records it reaches, in an emergency.
    """

    id: int
    resource: str
    actions: frozenset[str]
    classes: Mapping[str, str]  # field class -> show | mask | hide
    kind: str = "granted"
    own: bool = False
    row_rule: str = ""
    grade: int = HIGHEST_GRADE
    channels: frozenset[str] | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    within: frozenset[str] | None = field(default=None)
    patient: int | None = None

    def covers(self, path: str) -> bool:
        """Whether all of what `path` names is within its resource."""
        if self.within is not None and path.partition(".")[0] not in self.within:
            return False
        return self.resource in ("", path) or path.startswith(f"{self.resource}.")

    def holds(self, at: datetime) -> bool:
        begun = self.starts_at is None or self.starts_at <= at
        return begun and (self.ends_at is None or at < self.ends_at)

    def reaches(self, action: str, path: str, channel: str, at: datetime) -> bool:
        """Whether it allows `action` on something of `path`, through `channel`, at the instant `at`."""
        open_channel = self.channels is None or channel in self.channels
        return action in self.actions and open_channel and self.covers(path) and self.holds(at)

    @property
    def every_row(self) -> bool:
        """Whether it reaches each record of its resource, but for those of too high a grade."""
        return not self.own and not self.row_rule and self.patient is None

    def whole_of(self, patient: int | None) -> bool:
        """Whether it reaches each record that is looked at: all, or those of `patient`."""
        of_patient = patient is not None and self.patient == patient
        return not self.own and not self.row_rule and (self.patient is None or of_patient)
