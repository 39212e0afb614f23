"""A live database for tests of records and queries, published for real, and subjects that use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from metamodel.catalogue import Database, RecordType, catalogue_of
from metamodel.definitions import save_draft
from metamodel.plans import publish
from metamodel.queries import RecordQuery, page
from metamodel.records import RecordStore, Saved
from rules_dsl import Tree
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security.policy import Action, Channel, Denied, Resource, RowRule, Scope, Visibility
from zhenshu.security.subject import SYSTEM, Subject

SHOW, MASK, HIDE = Visibility.SHOW, Visibility.MASK, Visibility.HIDE


def a_field(code: str, type: str = "string", **more: Any) -> dict[str, Any]:
    return {"code": code, "label": {"zh": f"{code}（中）", "en": code}, "type": type} | more


def a_type(code: str, *fields: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    head = {"code": code, "label": {"zh": f"{code}（中）", "en": code}, "parent": None}
    return head | more | {"fields": list(fields)}


def a_document(code: str, *types: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    head = {"kind": "database", "code": code, "label": {"zh": code, "en": code}}
    return head | {"value_sets": {}, "record_types": list(types)} | more


def choices(*codes: str) -> dict[str, Any]:
    listed = [{"code": code, "label": {"zh": f"选项{code}", "en": f"Choice {code}"}} for code in codes]
    return {"label": {"zh": "", "en": ""}, "choices": listed}


def make_live(instance: Instance, document: Mapping[str, Any]) -> Database:
    """Save `document` as a draft and publish it."""
    with instance.write(SYSTEM, Channel.API) as uow:
        save_draft(uow, "database", document)
    publish(instance, SYSTEM, document["code"], Channel.API)
    with instance.read(SYSTEM, Channel.API) as uow:
        return catalogue_of(uow).database(document["code"])


LUNG = a_document(
    "lung",
    a_type(
        "patient",
        a_field("record_id"),
        a_field("name", identifying=True),
        a_field("sex", "choice", value_set="sex"),
        a_field("born", "date", maximum="today"),
        a_field("height", "decimal", options={"scale": 1}, minimum=30, maximum=250),
        a_field("weight", "decimal", options={"scale": 1}, missing_codes=["refused", "not_done"]),
        a_field("bmi", "calculated", calculation="round([weight] / ([height] / 100)^2, 1)"),
        a_field("pregnant", "boolean", shown_if="[sex] = '2'", required_if="[sex] = '2'"),
        key="record_id",
    ),
    a_type(
        "visit",
        a_field("on", "date", required=True),
        a_field("age", "calculated", calculation="age_years([born], [on])"),
        a_field("note", "long_text"),
        a_field("largest", "calculated", calculation="max([lesion], [size])"),
        parent="patient", repeats=True, events=["baseline", "followup"],
    ),
    a_type(
        "lesion",
        a_field("size", "decimal", checks=[{
            "expression": "[size] <= 300", "message": {"zh": "过大", "en": "Too large"},
            "severity": "warning",
        }]),
        a_field("start", "date"),
        a_field("end", "date", checks=[{
            "expression": "[end] >= [start]",
            "message": {"zh": "结束早于开始", "en": "Ends before it starts"},
        }]),
        parent="visit", repeats=True,
    ),
    value_sets={"sex": choices("1", "2")},
    events=[{"code": code, "label": {"zh": code, "en": code}} for code in ("baseline", "followup")],
)  # fmt: skip


@dataclass
class ScopePolicy:
    """A policy told what each subject may do; whatever it was not told, it denies."""

    actions: dict[str, set[str]] = field(default_factory=dict)  # subject's name -> actions
    classes: dict[str, dict[str, Visibility]] = field(default_factory=dict)
    rows: dict[tuple[str, str], RowRule] = field(default_factory=dict)  # (subject's name, path) -> rule

    def scope(
        self, subject: Subject, action: Action, resource: Resource, channel: Channel, at: datetime
    ) -> Scope:
        if subject.is_system:
            return Scope(subject, action, channel, None, {"plain": SHOW, "identifying": SHOW})
        if action.value not in self.actions.get(subject.name, ()):
            raise Denied(action=action.value, resource=resource.path)
        rule = self.rows.get((subject.name, resource.path))
        return Scope(subject, action, channel, rule, self.classes.get(subject.name, {}))


class Desk:
    """A database and a subject at work on it: each act is a transaction of its own."""

    def __init__(self, instance: Instance, database: Database, subject: Subject = SYSTEM) -> None:
        self.instance = instance
        self.database = database
        self.subject = subject

    def as_(self, subject: Subject) -> Desk:
        return Desk(self.instance, self.database, subject)

    def type(self, code: str) -> RecordType:
        return self.database.record_type(code)

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        return self.instance.write(self.subject, Channel.API)

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        return self.instance.read(self.subject, Channel.API)

    def add(self, code: str, parent: int | None = None, **values: Any) -> Saved:
        return self.add_record(code, values, parent=parent)

    def add_record(self, code: str, values: Mapping[str, Any], **place: Any) -> Saved:
        with self.writing() as uow:
            return RecordStore(uow).add(self.type(code), values, **place)

    def change(self, code: str, id: int, version: int, **values: Any) -> Saved:
        with self.writing() as uow:
            return RecordStore(uow).change(self.type(code), id, values, version)

    def get(self, code: str, id: int) -> dict[str, Any]:
        with self.writing() as uow:
            return RecordStore(uow).get(self.type(code), id)

    def find(self, code: str, where: str | Tree | None = None, **query: Any) -> list[dict[str, Any]]:
        with self.writing() as uow:
            return page(uow, RecordQuery(self.type(code), where, **query)).records

    def keys(self, where: str | Tree | None = None, **query: Any) -> list[Any]:
        """Key values of the patients that `where` finds."""
        return [record["record_id"] for record in self.find("patient", where, **query)]


def codes(problems: Sequence[Any]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems]
