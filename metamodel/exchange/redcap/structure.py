"""From instruments, events and repeats to record types: one record type is one repeating unit.

The root holds the record id and every instrument that is filled exactly once per record. Instruments
that are filled in the same several events form one record type. A repeating instrument is a record type
of its own; the instruments of a repeating event repeat together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from metamodel.exchange.redcap.project import Project

Unit = tuple[frozenset[str], str]  # events, and "" | "together" | the repeating form's name


@dataclass(frozen=True, slots=True)
class RecordUnit:
    """A record type to be: its instruments in order, the events it is filled in, whether it repeats."""

    forms: tuple[str, ...]
    events: tuple[str, ...]
    repeats: bool
    root: bool = False


def record_units(project: Project) -> tuple[RecordUnit, ...]:
    """The record types of a project, the root first, the others in the order of their instruments."""
    forms = tuple(dict.fromkeys(variable.form for variable in project.variables))
    groups: dict[Unit, list[str]] = {}
    for form in forms:
        groups.setdefault(_unit_of(project, form), []).append(form)
    root = RecordUnit(tuple(form for form in forms if _once(_unit_of(project, form))), (), False, root=True)
    order = {event.code: n for n, event in enumerate(project.events)}
    others = (
        RecordUnit(tuple(members), tuple(sorted(unit[0], key=order.__getitem__)), bool(unit[1]))
        for unit, members in groups.items()
        if not _once(unit)
    )
    return (root, *others)


def _unit_of(project: Project, form: str) -> Unit:
    events = project.events_of(form)
    if any(name == form for _, name in project.repeating_forms):
        return events, form
    if events & project.repeating_events:
        return events, "together"
    return events, ""


def _once(unit: Unit) -> bool:
    events, repeat = unit
    return not repeat and len(events) < 2


def unit_of_form(units: tuple[RecordUnit, ...]) -> Mapping[str, int]:
    """The place in `units` of each instrument."""
    return {form: n for n, unit in enumerate(units) for form in unit.forms}
