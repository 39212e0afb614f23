"""The states of a plan. Each names what is done; the next step starts from there, whoever takes it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """planned -> expanded -> backfilled -> verified -> swapped, or failed -> superseded."""

    PLANNED = "planned"  # operations known; some may have been applied
    EXPANDED = "expanded"  # every table, column and index exists; the old release is still live
    BACKFILLED = "backfilled"  # existing records have their row in every part
    VERIFIED = "verified"  # the tables are as the new release needs them
    SWAPPED = "swapped"  # the new release is live
    FAILED = "failed"  # given up; what was expanded is being taken back
    SUPERSEDED = "superseded"  # nothing of it is left, or it was never begun


UNFINISHED = (State.PLANNED, State.EXPANDED, State.BACKFILLED, State.VERIFIED)
CLOSED = (State.SWAPPED, State.SUPERSEDED)
