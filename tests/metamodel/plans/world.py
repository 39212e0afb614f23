"""A world for plans: definitions written as drafts, published for real, with rows put into their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from metamodel.catalogue.live import catalogue_of
from metamodel.catalogue.model import RecordType
from metamodel.plans import Plan, Release, approve_plan, make_plan, publish, undo
from metamodel.storage import next_record_ids
from metamodel.tables import definition
from tests.subjects import a_subject
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel

API = Channel.API
DESIGN = frozenset({("design", "databases")})
LI = a_subject(1, "li", DESIGN)
WANG = a_subject(2, "wang", DESIGN)
CHIEF = a_subject(3, "chief", DESIGN | {("approve", "databases")})


def field(code: str, type: str = "string", **more: Any) -> dict[str, Any]:
    return {"id": f"f{code}", "code": code, "label": {"zh": code, "en": code}, "type": type} | more


def record_type(code: str, *fields: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    head = {"id": f"r{code}", "code": code, "label": {"zh": code, "en": code}, "parent": None}
    return head | {"fields": list(fields)} | more


def database(*types: Mapping[str, Any], code: str = "lung", **more: Any) -> dict[str, Any]:
    head = {"kind": "database", "code": code, "label": {"zh": "肺", "en": "Lung"}}
    return head | {"value_sets": {}, "record_types": list(types)} | more


class World:
    """One instance, and what a designer does in it."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def draft(self, document: Mapping[str, Any]) -> None:
        """Save `document` as the draft of its database."""
        with self.instance.write(LI, API) as uow:
            mine = (definition.c.kind == "database") & (definition.c.code == document["code"])
            values = {"draft": document, "draft_by": LI.name, "draft_at": uow.at}
            version = definition.c.draft_version + 1
            changed = update(definition).where(mine).values(values).values(draft_version=version)
            if uow.conn.execute(changed).rowcount:
                return
            head = {"kind": "database", "code": document["code"], "label": document["label"]}
            born = {"draft_version": 1, "created_by": LI.name, "created_at": uow.at}
            uow.conn.execute(insert(definition).values(head | born | values))

    def plan(self, document: Mapping[str, Any]) -> Plan:
        self.draft(document)
        with self.instance.write(LI, API) as uow:
            return make_plan(uow, document["code"])

    def undo(self, code: str = "lung") -> Plan:
        with self.instance.write(LI, API) as uow:
            return undo(uow, code)

    def approve(self, plan: Plan) -> None:
        with self.instance.write(CHIEF, API) as uow:
            approve_plan(uow, plan.id)

    def run(self, plan: Plan) -> Release:
        """Approve what needs it, and publish."""
        if plan.needs_approval:
            self.approve(plan)
        return publish(self.instance, LI, plan.id, API)

    def publish(self, document: Mapping[str, Any]) -> Release:
        return self.run(self.plan(document))

    def type(self, uow: UnitOfWork, code: str, database_code: str = "lung") -> RecordType:
        return catalogue_of(uow).database(database_code).record_type(code)

    def add(self, code: str, *rows: Mapping[str, Any], **system: Any) -> Sequence[int]:
        """Put records into the tables as they are now; values by field code."""
        with self.instance.write(LI, API) as uow:
            return add_rows(uow, self.type(uow, code), rows, system)

    def values(self, code: str, field_code: str) -> list[Any]:
        """The values of a field, in the order of record ids."""
        with self.instance.read(LI, API) as uow:
            item = self.type(uow, code)
            place = item.field(field_code).place
            assert place is not None
            main, part = item.tables[0], item.tables[place.part]
            rows = main if place.part == 0 else main.join(part, main.c.id == part.c.id)
            query = select(part.c[place.name]).select_from(rows).order_by(main.c.id)
            return list(uow.conn.execute(query).scalars())

    def column(self, code: str, field_code: str) -> tuple[int, str]:
        with self.instance.read(LI, API) as uow:
            place = self.type(uow, code).field(field_code).place
            assert place is not None
            return place.part, place.name


def add_rows(
    uow: UnitOfWork, item: RecordType, rows: Sequence[Mapping[str, Any]], system: Mapping[str, Any]
) -> Sequence[int]:
    ids = next_record_ids(uow, len(rows))
    for part, table in enumerate(item.tables):
        here = [one for one in item.fields if one.place is not None and one.place.part == part]
        base = {"release_id": item.release_id, "row_version": 1, "status": "active"} | dict(system)
        uow.conn.execute(
            insert(table),
            [
                ({"id": record_id} | (base if part == 0 else {}))
                | {one.place.name: row.get(one.code) for one in here if one.place is not None}
                for record_id, row in zip(ids, rows, strict=True)
            ],
        )
    return ids
