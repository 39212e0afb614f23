"""Queries within a scope: rows, fields, and no way to learn a masked value by asking about it."""

import pytest
from sqlalchemy import select

from metamodel.masking import MASK
from metamodel.queries import QueryNotAllowed, RecordQuery, count, needs_write, page, stream
from metamodel.records import ClearReadNeedsWrite
from tests.metamodel.live import MASK as MASKED
from tests.metamodel.live import SHOW, Desk, ScopePolicy
from zhenshu.audit import audit_entry
from zhenshu.errors import NotFound
from zhenshu.security.policy import Denied, Visibility
from zhenshu.security.subject import Subject

CLERK = Subject(id=1, name="clerk")


@pytest.fixture
def policy(desk: Desk) -> ScopePolicy:
    for n, name in enumerate(("张三", "李四", None)):
        root = desk.add("patient", record_id=f"P{n}", name=name, weight=60 + n)
        desk.add_record("visit", {"on": "2026-01-05", "note": name}, parent=root.id, event="baseline")
    desk.instance.policy = policy = ScopePolicy(
        actions={"clerk": {"view", "export"}}, classes={"clerk": {"plain": SHOW, "identifying": MASKED}}
    )
    return policy


def test_without_a_grant_there_is_no_page_count_or_stream(desk: Desk, policy: ScopePolicy) -> None:
    query = RecordQuery(desk.type("patient"))
    with desk.as_(Subject(9, "nobody")).reading() as uow:
        for act in (page, lambda u, q: count(u, q.type), stream, needs_write):
            with pytest.raises(Denied):
                act(uow, query)


def test_masked_values_leave_masked_by_page_and_stream(desk: Desk, policy: ScopePolicy) -> None:
    query = RecordQuery(desk.type("patient"))
    with desk.as_(CLERK).reading() as uow:
        assert not needs_write(uow, query)
        paged = [record["name"] for record in page(uow, query).records]
        streamed = [record["name"] for batch in stream(uow, query) for record in batch]
    assert paged == streamed == [MASK, MASK, None]


@pytest.mark.parametrize("visibility", [Visibility.MASK, Visibility.HIDE])
def test_a_field_not_seen_in_clear_can_not_be_asked_about(
    desk: Desk, policy: ScopePolicy, visibility: Visibility
) -> None:
    policy.classes["clerk"]["identifying"] = visibility
    patient, visit = desk.type("patient"), desk.type("visit")
    queries = [
        RecordQuery(patient, "[name] = '张三'"),
        RecordQuery(patient, "[weight] > 1 or [name] is missing"),
        RecordQuery(patient, order=(("name", True),)),
        RecordQuery(visit, "[patient.name] = '张三'"),
        RecordQuery(visit, "any([patient], [name] = '张三')"),
    ]
    with desk.as_(CLERK).reading() as uow:
        for query in queries:
            with pytest.raises(QueryNotAllowed):
                page(uow, query)
            with pytest.raises(QueryNotAllowed):
                stream(uow, query)


def test_a_hidden_field_can_not_be_selected(desk: Desk, policy: ScopePolicy) -> None:
    policy.classes["clerk"]["identifying"] = Visibility.HIDE
    with desk.as_(CLERK).reading() as uow:
        with pytest.raises(NotFound):
            page(uow, RecordQuery(desk.type("patient"), select=("name",)))
        assert "name" not in page(uow, RecordQuery(desk.type("patient"))).records[0]


def test_row_rules_bound_pages_counts_and_what_filters_reach(desk: Desk, policy: ScopePolicy) -> None:
    policy.rows["clerk", "lung.patient"] = lambda main: main.c.id == first
    first = desk.find("patient")[0]["id"]
    clerk = desk.as_(CLERK)

    assert [record["id"] for record in clerk.find("patient")] == [first]
    with clerk.reading() as uow:
        assert count(uow, desk.type("patient")) == 1
        assert count(uow, desk.type("visit")) == 3
        assert count(uow, desk.type("visit"), "[patient.weight] >= 60") == 1
        assert count(uow, desk.type("visit"), "any([patient], [weight] >= 60)") == 1


def test_clear_identifying_fields_are_audited_page_by_page_and_batch_by_batch(
    desk: Desk, policy: ScopePolicy
) -> None:
    query = RecordQuery(desk.type("patient"))
    with desk.reading() as uow:
        assert needs_write(uow, query)
        with pytest.raises(ClearReadNeedsWrite):
            page(uow, query)
        assert [len(batch) for batch in stream(uow, query, batch=2)] == [2, 1]
    with desk.writing() as uow:
        page(uow, query)
        assert page(uow, RecordQuery(desk.type("patient"), select=("weight",))).records
        rows = uow.conn.execute(select(audit_entry).where(audit_entry.c.action == "read")).all()

    assert [(len(row.patients), row.fields) for row in rows] == [(2, ["name"]), (1, ["name"]), (3, ["name"])]


def test_records_seen_without_identities_are_told_once_in_a_while(desk: Desk, policy: ScopePolicy) -> None:
    policy.classes["clerk"]["identifying"] = Visibility.MASK
    for _ in range(3):
        with desk.as_(CLERK).reading() as uow:
            page(uow, RecordQuery(desk.type("patient")))
            count(uow, desk.type("patient"))
            page(uow, RecordQuery(desk.type("visit")))

    with desk.reading() as uow:
        entry = audit_entry.c
        found = select(entry.resource).where(entry.action == "browse", entry.subject_name == CLERK.name)
        assert list(uow.conn.scalars(found.order_by(entry.id))) == ["lung.patient", "lung.visit"]
