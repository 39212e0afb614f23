"""A REDCap project as its files tell it: variables, instruments (forms), events and what repeats.

ISARIC's library is read into the same shape, so that one path leads from here to a definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from metamodel.exchange.choices import ChoiceText


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One row of a data dictionary. Texts are as written; `where` tells the reader its place."""

    name: str
    form: str
    kind: str  # REDCap field type: text notes radio dropdown checkbox yesno truefalse calc slider ...
    label: str
    where: str
    section: str = ""
    choices: str = ""  # choices, calculation or slider labels
    note: str = ""
    validation: str = ""
    minimum: str = ""
    maximum: str = ""
    identifier: bool = False
    branching: str = ""
    required: bool = False
    alignment: str = ""
    question_number: str = ""
    matrix_group: str = ""
    matrix_ranking: str = ""
    annotation: str = ""
    unit: str = ""
    value_list: str = ""  # name of a value list kept beside the dictionary
    value_list_choices: tuple[ChoiceText, ...] = ()
    element: Mapping[str, Any] = field(default_factory=dict)
    added: bool = False  # by the importer; the file has no such variable


@dataclass(frozen=True, slots=True)
class Event:
    """A visit of a longitudinal project; `arm` is the name of its arm."""

    code: str
    label: str
    arm: str = ""


@dataclass(frozen=True, kw_only=True)
class Project:
    """What the files tell. `key` names the record id variable.

    `repeating_forms` holds (event code, form), with "" for the event of a classic project.
    `structure_known` is false for a dictionary alone, which tells neither events nor repeats.
    """

    title: str
    variables: tuple[Variable, ...]
    form_titles: Mapping[str, str]
    key: str
    events: tuple[Event, ...] = ()
    event_forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    repeating_forms: frozenset[tuple[str, str]] = frozenset()
    repeating_events: frozenset[str] = frozenset()
    structure_known: bool = True

    def events_of(self, form: str) -> frozenset[str]:
        return frozenset(code for code, forms in self.event_forms.items() if form in forms)
