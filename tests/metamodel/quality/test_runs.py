"""The rules of a database asked of its stored records: counts, their course, and who is told of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from metamodel.exchange.records.jobs import JOBS
from metamodel.quality import count_rules, results_of, rules_of_type
from metamodel.quality import job as quality_job
from metamodel.quality.results import keep
from metamodel.queries import count
from tests.metamodel.live import HIDE, MASK, SHOW, Desk, ScopePolicy
from zhenshu.jobs import bind_jobs, retry_job, run_now, submit
from zhenshu.security.subject import Subject

CLERK = Subject(9, "clerk")


@pytest.fixture
def stored(desk: Desk) -> Desk:
    """Records as an older, more lenient definition left them."""
    ids = [desk.add("patient", record_id=f"P{n}", height=150 + n, born="1960-05-01").id for n in range(3)]
    visit = desk.add_record("visit", {"on": "2026-01-05"}, parent=ids[0], event="baseline").id
    desk.add("lesion", visit, start="2026-01-01", end="2026-02-01", size=8)
    desk.add("lesion", visit, start="2026-01-01", size=8)
    last = desk.add("lesion", visit, start="2026-01-01", end="2026-02-01").id
    put(desk, "patient", ids[0], height=Decimal(900))
    put(desk, "visit", visit, on=None)
    put(desk, "lesion", last, size=Decimal(400), end=date(2025, 1, 1))
    return desk


def put(desk: Desk, code: str, id: int, **values: Any) -> None:
    kind = desk.type(code)
    with desk.writing() as uow:
        columns = {kind.column(name).name: value for name, value in values.items()}
        uow.conn.execute(update(kind.main).where(kind.main.c.id == id).values(columns))


def counted(desk: Desk, code: str) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Total, failed and unknown by field and kind of rule."""
    kind = desk.type(code)
    with desk.reading() as uow:
        found = count_rules(uow, kind, rules_of_type(kind))
    return {
        (item.rule.field, item.rule.kind.value): (item.found.total, item.found.failed, item.found.unknown)
        for item in found
        if item.found is not None
    }


def test_a_rule_is_broken_where_it_is_false_and_open_where_it_is_unknown(stored: Desk) -> None:
    assert counted(stored, "lesion") == {("size", "check"): (3, 1, 0), ("end", "check"): (3, 1, 1)}
    assert counted(stored, "visit") == {("on", "required"): (1, 1, 0)}
    assert counted(stored, "patient") == {
        ("record_id", "required"): (3, 0, 0),
        ("born", "range"): (3, 0, 0),
        ("height", "range"): (3, 1, 0),
        ("pregnant", "required"): (3, 0, 3),
    }


def test_the_filter_of_a_rule_finds_as_many_as_were_counted(stored: Desk) -> None:
    for code in ("patient", "visit", "lesion"):
        kind = stored.type(code)
        with stored.reading() as uow:
            for item in count_rules(uow, kind, rules_of_type(kind)):
                assert item.found is not None
                assert count(uow, kind, item.rule.wrong) == item.found.failed


def test_a_reason_for_a_missing_value_is_an_answer(desk: Desk) -> None:
    document_rule = "[weight] is missing and missing_reason([weight]) is missing"
    desk.add_record("patient", {"record_id": "P1"}, missing={"weight": "refused"})
    desk.add_record("patient", {"record_id": "P2"})

    assert desk.keys(document_rule) == ["P2"]


def test_records_in_the_trash_and_outside_the_rows_do_not_count(stored: Desk) -> None:
    patient = stored.type("patient")
    stored.instance.policy = ScopePolicy(
        actions={"clerk": {"view"}}, classes={"clerk": {"plain": SHOW, "identifying": SHOW}},
        rows={("clerk", "lung.patient"): lambda table: table.c[patient.column("height").name] < 200},
    )  # fmt: skip

    assert counted(stored.as_(CLERK), "patient")["height", "range"] == (2, 0, 0)


@pytest.mark.parametrize("visibility", [MASK, HIDE])
def test_rules_about_what_is_not_seen_in_clear_are_left_out(stored: Desk, visibility: Any) -> None:
    stored.instance.policy = ScopePolicy(
        actions={"clerk": {"view"}}, classes={"clerk": {"plain": visibility, "identifying": visibility}}
    )

    assert counted(stored.as_(CLERK), "lesion") == {}


def run(desk: Desk) -> Any:
    bind_jobs(desk.instance, JOBS, wake=lambda queue, job_id: None)
    with desk.writing() as uow:
        job_id = submit(uow, "quality.run", {"database": "lung"})
    return run_now(desk.instance, job_id)


def course(desk: Desk, code: str, field: str) -> list[tuple[int, int, int]]:
    kind = desk.type(code)
    rules = {rule.field: rule.key for rule in rules_of_type(kind)}
    with desk.reading() as uow:
        kept = results_of(uow, desk.database, kind, [rules[field]])[rules[field]]
    return [(item.release, item.found.total, item.found.failed) for item in kept]


def test_runs_are_kept_as_a_course(stored: Desk) -> None:
    first = run(stored)
    assert first.result == {"rules": 7, "broken": 4}

    put(stored, "patient", stored.find("patient", "[height] > 250")[0]["id"], height=Decimal(180))
    run(stored)

    assert course(stored, "patient", "height") == [(1, 3, 1), (1, 3, 0)]


def test_a_killed_run_goes_on_and_keeps_each_result_once(
    stored: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []

    def dying(*args: Any) -> None:
        keep(*args)
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt  # its transaction is rolled back

    bind_jobs(stored.instance, JOBS, wake=lambda queue, job_id: None)
    with stored.writing() as uow:
        job_id = submit(uow, "quality.run", {"database": "lung"})
    with monkeypatch.context() as patch:
        patch.setattr(quality_job, "keep", dying)
        with pytest.raises(KeyboardInterrupt):
            run_now(stored.instance, job_id)
    with stored.writing() as uow:
        retry_job(uow, job_id)

    assert run_now(stored.instance, job_id).result == {"rules": 7, "broken": 4}
    assert course(stored, "patient", "height") == [(1, 3, 1)]
    assert course(stored, "visit", "on") == [(1, 1, 1)]
