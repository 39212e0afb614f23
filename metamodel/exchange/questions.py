"""Forms of other systems (CDISC ODM, FHIR, Form.io) as the same project that a REDCap dictionary becomes.

One path leads from there to a definition, so that names, value sets, forms and the report are made alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

from metamodel.exchange.errors import HeaderWrong
from metamodel.exchange.redcap.project import Event, Project, Variable
from metamodel.exchange.report import Report, both

KEY = "record_id"
LONGEST_CHOICE = 99  # characters of a choice's code
_NO_PLACE = both("此处没有对应项", "a definition has no such thing")


def project_of(
    title: str, variables: Sequence[Variable], form_titles: Mapping[str, str], repeating: frozenset[str],
    file: str, report: Report, events: Mapping[Event, tuple[str, ...]] | None = None, key: str = "",
) -> Project:  # fmt: skip
    """A project of one record per person; `repeating` are the forms that may be filled more than once.

    `key` names the variable that identifies a record; where there is none, one is added.

    Raises:
        HeaderWrong: when there is nothing to fill in.
    """
    if not any(item.kind != "descriptive" for item in variables):
        raise HeaderWrong(
            file=file,
            reason="it holds no items to fill in, so there is nothing to carry over",
            reason_zh="其中没有可填写的项目，没有可带入的内容",
        )
    report.count("variables", len(variables))
    added = [] if key else [_added_key(variables, file, report)]
    return Project(
        title=title or file,
        variables=(*added, *variables),
        form_titles=form_titles,
        key=key or added[0].name,
        events=tuple(events or ()),
        event_forms={event.code: forms for event, forms in (events or {}).items()},
        repeating_forms=frozenset(("", form) for form in repeating),
    )


def _added_key(variables: Sequence[Variable], file: str, report: Report) -> Variable:
    taken = {item.name.lower() for item in variables}
    key = KEY if KEY not in taken else f"{KEY}_of_patient"
    report.leave_open(
        file,
        both("记录标识", "which field identifies a record"),
        both(f"文件没有说明，已加字段 {key}", f"the file does not tell; a field {key} was added"),
    )
    return Variable(
        name=key, form=variables[0].form, kind="text", label="Record number", where=file, required=True,
        added=True,
    )  # fmt: skip


def not_carried(report: Report, where: str, name: str, text: object) -> None:
    """Note a property of an item that a definition has no place for."""
    report.drop(where, both(f"属性 {name}", f"its {name}"), _NO_PLACE, str(text)[:500])


def variable_name(text: str) -> str:
    """A foreign identifier as a variable's name: without dots, slashes and blanks."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_") or "item"


def short_code(code: str) -> str:
    """A choice's code; a longer one, as where texts are codes, is cut and ends in its hash."""
    if len(code) <= LONGEST_CHOICE:
        return code
    return f"{code[:80].rstrip()}_{sha256(code.encode()).hexdigest()[:8]}"


class Names:
    """Gives each item a name that no other has."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fresh(self, text: str) -> str:
        name, number = variable_name(text), 2
        candidate = name
        while candidate.lower() in self._taken:
            candidate = f"{name}_{number}"
            number += 1
        self._taken.add(candidate.lower())
        return candidate
