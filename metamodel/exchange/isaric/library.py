"""ISARIC's ARC library: ARC.csv in a layout of its own, and the value lists beside it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from metamodel.exchange.csv_rows import csv_rows, unique_header
from metamodel.exchange.errors import HeaderWrong
from metamodel.exchange.isaric.lists import ValueList, is_list, read_lists
from metamodel.exchange.isaric.timing import read_timings, repeating_forms
from metamodel.exchange.names import title
from metamodel.exchange.redcap.dictionary import is_yes
from metamodel.exchange.redcap.project import Project, Variable
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile

_NEEDED = ("Form", "Variable", "Type", "Question", "Answer Options", "Skip Logic")
_USED = {
    *_NEEDED, "Section", "Validation", "Minimum", "Maximum", "List", "Identifier", "Definition",
    "Completion Guideline", "Standardized Term Codelist", "Standardized Term Code",
}  # fmt: skip
_TYPES = {
    # ARC type: REDCap field type, validation
    "number": ("text", "number"),
    "date_dmy": ("text", "date_dmy"),
    "datetime_dmy": ("text", "datetime_dmy"),
    "time": ("text", "time"),
    "user_list": ("dropdown", ""),
    "multi_list": ("checkbox", ""),
    "list": ("radio", ""),
}
_UNIT = re.compile(r"\(([^()]{1,20})\)\s*$")
LIBRARY = "isaric_arc"


def is_library(file: SourceFile) -> bool:
    """Whether `file` is ARC.csv, by name; its header is checked when it is read."""
    return file.name.rpartition("/")[2].lower() == "arc.csv"


def read_library(files: Sequence[SourceFile], report: Report) -> Project:
    """The library as a project.

    Raises:
        HeaderWrong, MalformedCsv, UnknownEncoding: when a file can't be read.
    """
    arc = next(file for file in files if is_library(file))
    rows = list(_rows(arc, report))
    report.count("variables", len(rows))
    lists = read_lists(files, report)
    variables = _with_units(tuple(item for row in rows for item in _variables(row, lists, report)))
    forms = tuple(dict.fromkeys(variable.form for variable in variables))
    sections = {
        form: tuple(dict.fromkeys(item.section for item in variables if item.form == form)) for form in forms
    }
    repeating = repeating_forms(forms, sections, read_timings(files), forms[0], report)
    _report_other_files(files, report)
    return Project(
        title="ISARIC ARC",
        variables=variables,
        form_titles={form: title(form) for form in forms},
        key=variables[0].name,
        repeating_forms=frozenset(("", form) for form in repeating),
    )


def _rows(file: SourceFile, report: Report) -> Iterator[dict[str, str]]:
    rows = csv_rows(io.StringIO(file.text(), newline=""), file.name)
    first = next(rows, None)
    header = unique_header(first.cells if first else [], file.name)
    if missing := [name for name in _NEEDED if name not in header]:
        listed = ", ".join(missing)
        raise HeaderWrong(file=file.name, reason=f"it lacks {listed}", reason_zh=f"缺少列 {listed}")
    unused = {name: 0 for name in header if name not in _USED}
    for row in rows:
        values = {name: cell.strip() for name, cell in zip(header, row.cells, strict=False)}
        for name in unused:
            unused[name] += bool(values.get(name))
        if values.get("Variable"):
            yield values | {"where": f"{file.name}:{row.line} {values['Variable']}"}
    for name, number in unused.items():
        if number:
            what = both(f"列“{name}”（{number} 行有值）", f"column “{name}” ({number} rows have a value)")
            reason = both("定义没有对应的属性", "a definition has no such property")
            report.drop(file.name, what, reason)


def _variables(row: dict[str, str], lists: Mapping[str, ValueList], report: Report) -> Iterator[Variable]:
    variable = _variable(row)
    found = _list_of(row, lists, report)
    if found is None:
        yield variable
    elif row["Type"] == "list":
        yield variable
        yield _items_variable(variable, found)
        report.count("list questions with an added choice of items")
    else:
        yield replace(variable, value_list=found.name, value_list_choices=found.choices)


def _list_of(row: dict[str, str], lists: Mapping[str, ValueList], report: Report) -> ValueList | None:
    name = row.get("List", "")
    if not name:
        return None
    report.count("variables with a value list")
    if name.lower() not in lists:
        reason = both("文件中没有该值表", "there is no such file under Lists")
        report.drop(row["where"], both("值表", "value list"), reason, name)
    return lists.get(name.lower())


def _variable(row: dict[str, str]) -> Variable:
    kind, validation = _TYPES.get(row["Type"], (row["Type"], ""))
    given = row.get("Validation", "")
    return Variable(
        name=row["Variable"],
        form=row["Form"] or "form",
        kind=kind,
        label=row["Question"],
        where=row["where"],
        section=row.get("Section", ""),
        choices=row["Answer Options"],
        note="\n".join(filter(None, (row.get("Definition", ""), row.get("Completion Guideline", "")))),
        validation=validation or ("" if kind != "text" else given),
        minimum=row.get("Minimum", ""),
        maximum=row.get("Maximum", ""),
        identifier=is_yes(row.get("Identifier", "")),
        branching=row["Skip Logic"],
        element=_element(row),
    )


def _element(row: dict[str, str]) -> dict[str, Any]:
    """Where the field comes from, and its standard term (`SNOMED 405795006, Time of symptom onset...`)."""
    term = " ".join(
        filter(None, (row.get("Standardized Term Codelist", ""), row.get("Standardized Term Code", "")))
    )
    element = {"library": LIBRARY, "code": row["Variable"].lower()}
    return element | ({"identifier": term} if row.get("Standardized Term Code") else {})


def _items_variable(variable: Variable, found: ValueList) -> Variable:
    """A `list` question asks yes or no for further items of a list; which ones is a second question."""
    return replace(
        variable,
        name=f"{variable.name}_items",
        kind="checkbox",
        label=f"{variable.label}: items",
        choices="",
        branching=f"[{variable.name}] = '1'",
        note="",
        value_list=found.name,
        value_list_choices=found.choices,
        element={},
        added=True,
    )


def _with_units(variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Numbers with their unit, where the question ends in it and a `..._units` question offers it.

    ARC asks e.g. `vital_highesttem_units` (1, °C | 2, °F) and `vital_highesttem_c` "... (°C)".
    """
    units = {
        item.name.removesuffix("_units"): item.choices for item in variables if item.name.endswith("_units")
    }
    return tuple(_with_unit(item, units) for item in variables)


def _with_unit(variable: Variable, units: Mapping[str, str]) -> Variable:
    match = _UNIT.search(variable.label)
    if variable.validation != "number" or match is None:
        return variable
    offered = units.get(variable.name.rpartition("_")[0], "")
    labels = {entry.partition(",")[2].strip() for entry in offered.split("|")}
    return replace(variable, unit=match[1]) if match[1] in labels else variable


def _report_other_files(files: Sequence[SourceFile], report: Report) -> None:
    for file in files:
        if not is_library(file) and not is_list(file) and not file.name.endswith("paper_like_details.csv"):
            reason = both("不属于定义", "it is no part of the definition")
            report.drop(file.name, both("文件", "a file"), reason)
