"""What a rule works on: missing values and the context of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that is not there, with the reason if one was recorded (`refused`, `not_done`...)."""

    code: str | None = None

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing()
UNKNOWN: Final = None


@dataclass(frozen=True, slots=True)
class Context:
    """Everything outside the record that a rule may depend on.

    `now` with a time zone is turned into `zone`'s local time; without one it is local already.
    """

    now: datetime
    zone: str = "Asia/Shanghai"
    lang: str = "zh"
    local_now: datetime = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        now = self.now
        if now.tzinfo is not None:
            now = now.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        object.__setattr__(self, "local_now", now.replace(microsecond=0))
