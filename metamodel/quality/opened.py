"""Counting a rule over encrypted fields: the database can't tell, so records are read in batches."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from metamodel.catalogue import RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings
from metamodel.queries.conditions import Filter
from metamodel.records.around import Neighbour, load_around
from metamodel.records.needs import Needs
from metamodel.records.rowreader import row_reader
from metamodel.records.rules import compile_rule
from metamodel.records.session import Session
from rules_dsl import Missing
from zhenshu.security.policy import Action

BATCH: Final = 1000


def count_opened(session: Session, record_type: RecordType, wrong: str) -> tuple[int, int, int]:
    """Of how many records, how many break the rule `wrong`, and for how many that can't be told."""
    types = ReachTypes(Surroundings(record_type, session.database(record_type)))
    rule = compile_rule(wrong, types)
    needs = Needs.of(types)
    own = {hit.field.code: hit.field for hit in types.reached.values() if hit.type.code == record_type.code}
    reader = row_reader(session.uow, record_type, list(own.values()))
    total = failed = unknown = last = 0
    while ids := _following(session, record_type, last):
        records = [dict(zip(reader.names, row, strict=True)) for row in reader.read(session.uow, ids)]
        places = [Neighbour(record["id"], record["parent"], record["patient"]) for record in records]
        surroundings = load_around(
            session.uow, types.surroundings, needs, places,
            lambda kind: session.access.rows(Action.VIEW, kind),
        )  # fmt: skip
        for record, around in zip(records, surroundings, strict=True):
            told = rule({**around, **_seen(record_type, record, needs)}, session.context)
            failed += told is True
            unknown += told is None or isinstance(told, Missing)
        total, last = total + len(ids), ids[-1]
    return total, failed, unknown


def _following(session: Session, record_type: RecordType, last: int) -> list[int]:
    rows, main = Filter(session, record_type, None), record_type.main
    query = select(main.c.id).select_from(rows.source).where(*rows.condition, main.c.id > last)
    return list(session.uow.conn.scalars(query.order_by(main.c.id).limit(BATCH)))


def _seen(record_type: RecordType, record: dict[str, Any], needs: Needs) -> dict[str, Any]:
    """The record as rules see it: with the reasons why values are missing, under every spelling."""
    known = record_type.by_id
    reasons = {known[key].code: code for key, code in (record["missing"] or {}).items() if key in known}
    seen = dict(record) | {
        code: Missing(reason) for code, reason in reasons.items() if record.get(code) is None
    }
    return seen | {path: seen.get(code) for path, code in needs.aliases.items()}
