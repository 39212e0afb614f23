"""From a project to the document of a definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from metamodel.definitions.names import LONGEST_CODE, LONGEST_FIELD_CODE, RESERVED_FIELD_CODES
from metamodel.exchange.names import Codes, label, title
from metamodel.exchange.redcap.fields import field_document
from metamodel.exchange.redcap.layout import form_items, report_layout
from metamodel.exchange.redcap.logic import CarriedVariable, Logic
from metamodel.exchange.redcap.project import Project, Variable
from metamodel.exchange.redcap.structure import RecordUnit, record_units, unit_of_form
from metamodel.exchange.redcap.value_sets import ValueSets
from metamodel.exchange.report import Report, both

ROOT_CODE = "patient"
ROOT_LABEL = both("患者", "Patient")


@dataclass
class _Build:
    """What grows while a document is made."""

    project: Project
    report: Report
    units: tuple[RecordUnit, ...]
    unit_codes: list[str]
    field_codes: Codes
    value_sets: ValueSets
    fields: list[list[dict[str, Any]]]
    codes: dict[str, str] = field(default_factory=dict)  # variable name -> field code
    carried: dict[str, CarriedVariable] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    text_rules: dict[str, str] = field(default_factory=dict)  # name of a descriptive variable -> skip rule


def project_document(project: Project, code: str, report: Report) -> dict[str, Any]:
    """The definition's document; what it can't hold goes into `report`."""
    units = record_units(project)
    type_codes = Codes(report, "记录类型", "record type", LONGEST_CODE)
    unit_codes = [type_codes.fresh(ROOT_CODE), *(type_codes.fresh(unit.forms[0]) for unit in units[1:])]
    build = _Build(
        project=project,
        report=report,
        units=units,
        unit_codes=unit_codes,
        field_codes=Codes(report, "变量名", "variable name", LONGEST_FIELD_CODE, RESERVED_FIELD_CODES),
        value_sets=ValueSets(report),
        fields=[[] for _ in units],
    )
    _add_fields(build)
    _add_rules(build)
    forms = _forms(build)
    _describe(build, forms)
    report.link(_fields_by_place(build))
    return {
        "kind": "database",
        "code": code,
        "label": label(project.title),
        "category": "specialty",
        "value_sets": build.value_sets.documents,
        "events": [
            {"code": event.code, "label": label(event.label), "arm": event.arm} for event in project.events
        ],
        "record_types": [_record_type(build, n) for n in range(len(units))],
        "forms": forms,
    }


def _add_fields(build: _Build) -> None:
    places = unit_of_form(build.units)
    names = set()
    for variable in build.project.variables:
        if variable.name in names:
            reason = both(
                "变量名已出现过，保留第一个", "a variable of this name came before; the first one is kept"
            )
            build.report.drop(variable.where, both("重复变量", "a repeated variable"), reason, variable.label)
            continue
        names.add(variable.name)
        _add_field(build, variable, 0 if variable.name == build.project.key else places[variable.form])


def _add_field(build: _Build, variable: Variable, place: int) -> None:
    report_layout(variable, build.report)
    document = field_document(variable, build.field_codes.code(variable.name), build.value_sets, build.report)
    if document is None:
        return
    if variable.name == build.project.key:
        document |= {"required": True}
    build.codes[variable.name] = document["code"]
    build.documents[variable.name] = document
    build.fields[place].append(document)
    build.carried[variable.name] = CarriedVariable.of(
        document["code"], document["type"], variable.form, place
    )


def _add_rules(build: _Build) -> None:
    """Calculations first: what they give is what other rules compare with."""
    logic = Logic(build.carried, build.units, tuple(build.unit_codes), build.project)
    for variable in build.project.variables:
        document = build.documents.get(variable.name)
        if document is not None and document["type"] == "calculated":
            logic.add_calculation(variable, document, build.report)
    for variable in build.project.variables:
        if variable.branching:
            _add_branching(build, logic, variable, build.documents.get(variable.name))


def _add_branching(build: _Build, logic: Logic, variable: Variable, document: dict[str, Any] | None) -> None:
    build.report.count("branching rules", not variable.added)
    if document is not None:
        logic.add_branching(variable, document, build.report)
    elif variable.kind == "descriptive":
        place = unit_of_form(build.units)[variable.form]
        if (rule := logic.branching(variable, place, build.report)) is not None:
            build.text_rules[variable.name] = rule
    else:
        what = both("显示条件", "branching logic")
        reason = both("该变量没有成为字段", "its variable did not become a field")
        build.report.drop(variable.where, what, reason, variable.branching)


def _record_type(build: _Build, place: int) -> dict[str, Any]:
    unit, project = build.units[place], build.project
    document: dict[str, Any] = {
        "code": build.unit_codes[place],
        "label": dict(ROOT_LABEL) if unit.root else _unit_label(project, unit.forms),
        "parent": None if unit.root else build.unit_codes[0],
        "repeats": unit.repeats,
    }
    if unit.events:
        document["events"] = list(unit.events)
    if unit.root:
        document["key"] = build.codes[project.key]
    return document | {"fields": build.fields[place]}


def _unit_label(project: Project, forms: Sequence[str]) -> dict[str, str]:
    return label(" + ".join(project.form_titles.get(form) or title(form) for form in forms))


def _forms(build: _Build) -> list[dict[str, Any]]:
    codes = Codes(build.report, "表单名", "form name", LONGEST_CODE)
    places = unit_of_form(build.units)
    key = build.project.key
    forms = []
    if build.project.variables[0].form not in build.units[0].forms:
        forms.append(_form(build, codes.fresh("record"), dict(ROOT_LABEL), 0, _key_only(build.project)))
    for form, place in sorted(places.items(), key=_order(build.project)):
        rows = [
            row for row in build.project.variables if row.form == form and (place == 0 or row.name != key)
        ]
        text = build.project.form_titles.get(form) or title(form)
        forms.append(_form(build, codes.code(form), label(text), place, rows))
    return forms


def _fields_by_place(build: _Build) -> dict[str, str]:
    """`type.field` by the place of the variable that it was made from; by its name if that was changed."""
    places = unit_of_form(build.units)
    linked: dict[str, str] = {}
    for variable in build.project.variables:
        code = build.codes.get(variable.name)
        if code is not None and not variable.added:
            place = 0 if variable.name == build.project.key else places[variable.form]
            path = f"{build.unit_codes[place]}.{code}"
            linked.setdefault(variable.where, path)
            if code != variable.name:
                linked.setdefault(variable.name, path)
    return linked


def _key_only(project: Project) -> list[Variable]:
    return [variable for variable in project.variables if variable.name == project.key]


def _order(project: Project) -> Any:
    order = {form: n for n, form in enumerate(dict.fromkeys(row.form for row in project.variables))}
    return lambda item: order[item[0]]


def _form(
    build: _Build, code: str, form_label: dict[str, str], place: int, rows: Sequence[Variable]
) -> dict[str, Any]:
    return {
        "code": code,
        "label": form_label,
        "record_type": build.unit_codes[place],
        "items": form_items(rows, build.codes, build.text_rules),
    }


def _describe(build: _Build, forms: Sequence[dict[str, Any]]) -> None:
    report = build.report
    report.counts |= {
        "record types": len(build.units),
        "forms": len(forms),
        "events": len(build.project.events),
        "value sets": len(build.value_sets.documents),
    }
    for unit, code in zip(build.units, build.unit_codes, strict=True):
        listed = ", ".join(unit.forms) or build.project.key
        events = ", ".join(unit.events) or "-"
        zh = f"记录类型 {code}：表单 {listed}；访视 {events}；{'可重复' if unit.repeats else '不重复'}"
        repeats = "yes" if unit.repeats else "no"
        en = f"record type {code}: instruments {listed}; events {events}; repeats: {repeats}"
        report.understand(zh, en)
