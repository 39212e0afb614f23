"""Making, approving and listing plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from metamodel.definitions.access import require
from metamodel.definitions.problems import DefinitionInvalid, Problem, errors_of
from metamodel.definitions.releases import document_hash
from metamodel.definitions.validation import validate_document
from metamodel.notices import plan_approved, plan_settled, plan_waits
from metamodel.plans.current import KIND, check_current, definition_id_of, definition_row
from metamodel.plans.differences import differences
from metamodel.plans.documents import EMPTY, Document, fields_by_id
from metamodel.plans.dry_run import DryRun, unsealable
from metamodel.plans.errors import ChangeNotPossible, NothingToPublish, NothingToUndo, PlanState
from metamodel.plans.operations import ConvertField, Operation
from metamodel.plans.refusals import refusals
from metamodel.plans.states import State
from metamodel.plans.store import Plan, load_plan, made_by, open_plans, plans_of, save_progress
from metamodel.plans.stored import Stored, read_stored
from metamodel.tables import definition, definition_release
from metamodel.tables import plan as plan_table
from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action


def make_plan(uow: UnitOfWork, code: str) -> Plan:
    """What publishing the draft of database `code` would change, tried on the real data.

    A plan that nobody has begun is replaced by the new one.

    Raises:
        Denied: without the right to design the database.
        NothingToPublish: without a draft that differs from the live release.
        DefinitionInvalid: when the draft has errors.
        ChangeNotPossible: with every problem in its details.
    """
    require(uow, Action.DESIGN, code)
    definition_id = definition_id_of(uow.conn, code)
    draft = uow.conn.execute(select(definition.c.draft).where(definition.c.id == definition_id)).scalar()
    if draft is None:
        raise NothingToPublish(code=code)
    if errors := errors_of(validate_document(draft)):
        raise DefinitionInvalid(code, errors)
    return _plan_to(uow, definition_id, code, draft, "draft")


def undo(uow: UnitOfWork, code: str) -> Plan:
    """A plan forward to the document of the release before the live one; its kept columns come back.

    Raises:
        Denied: without the right to design the database.
        NothingToUndo: when there is no earlier release.
    """
    require(uow, Action.DESIGN, code)
    definition_id = definition_id_of(uow.conn, code)
    live = definition_row(uow.conn, definition_id).live_release_id
    c = definition_release.c
    number = select(c.number).where(c.id == live).scalar_subquery()
    previous = select(c.document).where(c.definition_id == definition_id, c.number < number)
    document = uow.conn.execute(previous.order_by(c.number.desc()).limit(1)).scalar()
    if document is None:
        raise NothingToUndo(code=code)
    return _plan_to(uow, definition_id, code, document, "undo")


def approve_plan(uow: UnitOfWork, plan_id: int) -> Plan:
    """Approve what the plan would lose.

    Raises:
        Denied: without the right to approve.
        PlanState: when it has been begun or is closed.
        PlanOutdated: when draft or live release have changed since.
    """
    definition_row(uow.conn, load_plan(uow.conn, plan_id).definition_id, lock=True)
    plan = load_plan(uow.conn, plan_id, lock=True)
    require(uow, Action.APPROVE, plan.code)
    if plan.state is not State.SUPERSEDED and plan.begun:
        raise PlanState(plan=plan_id, state=plan.state, act="approved")
    check_current(uow.conn, plan)
    save_progress(uow.conn, plan_id, approved_by=uow.subject.name, approved_at=uow.at)
    record(uow, "approve", KIND, plan.code, detail={"plan": plan_id, "safety": plan.safety.value})
    plan_approved(uow, plan_id, plan.code, plan.document.get("label", {}), plan.created_by)
    return load_plan(uow.conn, plan_id)


def get_plan(uow: UnitOfWork, plan_id: int) -> Plan:
    """
    Raises:
        NotFound: when there is no such plan.
        Denied: without the right to design its database.
    """
    plan = load_plan(uow.conn, plan_id)
    require(uow, Action.DESIGN, plan.code)
    return plan


def list_plans(uow: UnitOfWork, code: str, *, before: int = 0, limit: int = 50) -> list[Plan]:
    """The plans of database `code`, newest first; `before` is the id of the last one seen.

    Raises:
        Denied: without the right to design the database.
    """
    require(uow, Action.DESIGN, code)
    return plans_of(uow.conn, code, before=before, limit=limit)


def _plan_to(uow: UnitOfWork, definition_id: int, code: str, document: Document, source: str) -> Plan:
    row = definition_row(uow.conn, definition_id, lock=True)
    others = open_plans(uow.conn, definition_id)
    stored = read_stored(uow.conn, definition_id, made_by(others))
    before = _live_document(uow, row.live_release_id)
    dropped = _dropped_fields(uow.conn, before, document, stored)
    _refuse(code, list(refusals(uow.conn, before, document, stored, dropped)))
    operations = differences(before, document, stored, source == "undo")
    if not operations:
        raise NothingToPublish(code=code)
    converted = {item.field_id for item in operations if isinstance(item, ConvertField)}
    dry_run = DryRun(uow, document, stored, before, converted, source == "undo")
    _refuse(code, list(dry_run.duplicate_keys(operations)))
    judged = [dry_run.judge(operation) for operation in operations]
    _refuse(code, list(unsealable(document, judged)))
    _supersede(uow, others)
    report = {"source": source, "operations": [finding.to_json() for _, finding in judged]}
    values = {
        "definition_id": definition_id,
        "from_release_id": row.live_release_id,
        "document": document,
        "draft_version": row.draft_version,
        "report": report,
    }
    return _insert(uow, code, values, [operation for operation, _ in judged])


def _dropped_fields(
    conn: Connection, before: Document, after: Document, stored: Stored
) -> dict[str, Document]:
    """Fields that `after` brings back, by id, as the latest release that had them described them."""
    live = _all_fields(before)
    wanted = {key for key in _all_fields(after) if key not in live and stored.owner_of(key)}
    c = definition_release.c
    query = select(c.document).where(c.definition_id == stored.definition_id).order_by(c.number.desc())
    found: dict[str, Document] = {}
    if wanted:
        for document in conn.execute(query).scalars():
            fields = _all_fields(document)
            found |= {key: fields[key] for key in wanted if key in fields and key not in found}
    return found


def _all_fields(document: Document) -> dict[str, Document]:
    return {key: item for each in document["record_types"] for key, item in fields_by_id(each).items()}


def _live_document(uow: UnitOfWork, release_id: int | None) -> Document:
    if release_id is None:
        return EMPTY
    c = definition_release.c
    document: Document = uow.conn.execute(select(c.document).where(c.id == release_id)).scalar_one()
    return document


def _refuse(code: str, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    first, more = problems[0], len(problems) - 1
    raise ChangeNotPossible(
        code=code,
        summary=first.en + (f" ({more} more)" if more else ""),
        summary_zh=first.zh + (f"（另有 {more} 项）" if more else ""),
        problems=[item.to_json() for item in problems],
    )


def _supersede(uow: UnitOfWork, plans: Sequence[Plan]) -> None:
    stale = [plan.id for plan in plans if not plan.begun]
    here = plan_table.c.id.in_(stale) & plan_table.c.lease_owner.is_(None)
    uow.conn.execute(update(plan_table).where(here).values(state=State.SUPERSEDED, finished_at=uow.at))


def _insert(uow: UnitOfWork, code: str, values: dict[str, Any], operations: Sequence[Operation]) -> Plan:
    row = values | {
        "document_hash": document_hash(values["document"]),
        "operations": [operation.to_json() for operation in operations],
        "state": State.PLANNED,
        "inverse": [],
        "created_by": uow.subject.name,
        "created_at": uow.at,
    }
    plan_id = uow.conn.execute(insert(plan_table).values(row).returning(plan_table.c.id)).scalar_one()
    record(uow, "plan", KIND, code, detail={"plan": plan_id, "operations": len(operations)})
    plan = load_plan(uow.conn, plan_id)
    plan_settled(uow, code)
    if plan.needs_approval:
        plan_waits(uow, plan_id, code, values["document"].get("label", {}))
    return plan
