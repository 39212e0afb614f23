"""A record on its way into the store."""

from __future__ import annotations

from typing import Any

from metamodel.records.problems import Problem, has_errors
from metamodel.records.shapes import NewRecord


class Draft:
    """One row of a batch, filled in step by step. `index` is its place in the caller's batch."""

    __slots__ = (
        "centre", "given", "id", "index", "key", "missing", "new", "patient", "problems", "repeat_key",
        "values",
    )  # fmt: skip

    def __init__(self, index: int, new: NewRecord) -> None:
        self.index = index
        self.new = new
        self.values: dict[str, Any] = {}  # by field code, typed
        self.given: dict[str, Any] = {}  # given values of calculated fields
        self.missing: dict[str, str] = {}  # reason codes by field id
        self.problems: list[Problem] = []
        self.patient: int | None = None
        self.centre: str | None = None
        self.repeat_key = 1
        self.key: str | None = None  # the key field's value as text
        self.id = 0

    @property
    def failed(self) -> bool:
        return bool(self.problems) and has_errors(self.problems)
