"""Quantifiers over records below records: what names mean there, the same in SQL and in Python."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from metamodel.catalogue.reach import ReachTypes, Surroundings
from metamodel.queries import QueryNotAllowed, QueryWrong
from metamodel.queries.conditions import Filter
from metamodel.records import RecordStore
from metamodel.records.around import Neighbour, load_around
from metamodel.records.needs import Needs
from metamodel.records.session import Session
from rules_dsl import compile_python, parse
from tests.metamodel.clinic import clinic, plant, postgresql_clinic, sqlite_clinic
from tests.metamodel.live import HIDE, SHOW, Desk, ScopePolicy
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Denied
from zhenshu.security.subject import Subject

__all__ = ["clinic", "postgresql_clinic", "sqlite_clinic"]

CLERK = Subject(id=1, name="clerk")


@pytest.fixture
def cohort(clinic: Desk) -> Desk:
    """P1 has two visits, with lesions of 3 and 4 mm in two exams, and of 12 mm; P2 one with 9 and 2 mm in one
    exam; P3 a visit without exams."""
    plant(clinic, "P1", [
        ("2026-01-01", "first", [5], [("2026-01-02", "low", [3]), ("2026-01-03", "high", [4])]),
        ("2026-02-01", "second", [], [("2026-02-02", None, [12])]),
    ], weight=3)  # fmt: skip
    plant(clinic, "P2", [("2026-03-01", "third", [1, 2], [("2026-03-02", "low", [9, 2])])], weight=10)
    plant(clinic, "P3", [("2026-04-01", None, [], [])])
    return clinic


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("any([visit], any([lesion], [size] > 8))", ["P1", "P2"]),
        ("any([visit], [on] < @2026-02-01 and any([lesion], [size] > 8))", []),  # not that visit's
        ("any([visit], count([lesion]) > 1)", ["P1", "P2"]),
        ("any([exam], count([lesion]) > 1)", ["P2"]),
        ("any([exam], any([lesion], [size] > 3) and any([lesion], [size] < 3))", ["P2"]),
        ("any([visit], count([exam.lesion]) = 1)", ["P1"]),
        ("any([visit], count([lesion]) < count([patient.lesion]))", ["P1"]),
        ("all([visit], exists([exam], exists([lesion])))", ["P1", "P2"]),
        ("any([visit], max([lesion.size]) = 4)", ["P1"]),
        ("max([visit], count([lesion])) = 2", ["P1", "P2"]),
        ("any([lesion], [day] = @2026-01-03 and [size] = 4)", ["P1"]),
        ("any([lesion], [exam.day] = @2026-01-03 and [size] = 3)", []),
        ("any([lesion], [on] > @2026-02-15 and [visit.note] = 'third')", ["P2"]),
        ("any([lesion], [note] = 'low' and [size] = 9)", ["P2"]),  # the exam's note, not the visit's
        ("any([lesion], [note] = 'third')", []),
        ("any([lesion], [size] > [weight])", ["P1"]),
        ("any([exam], [exam.day] = @2026-01-02)", ["P1"]),
        ("max([lesion], [day]) = @2026-02-02", ["P1"]),
        ("latest([lesion], [day], [size]) = 12", ["P1"]),
        ("max([lesion.day]) = @2026-03-02", ["P2"]),
        ("count([exam.lesion]) = 3", ["P1"]),
        ("any([visit], any([exam], any([lesion], [size] = 4 and [on] < [day] and [weight] = 3)))", ["P1"]),
        ("any([visit], [note] = 'first' and any([drug], [dose] > 4))", ["P1"]),
        ("any([visit], sum([drug.dose]) = 3)", ["P2"]),
    ],
)
def test_a_name_inside_means_the_ranged_record_what_is_above_and_what_lies_below(
    cohort: Desk, where: str, found: list[str]
) -> None:
    assert cohort.keys(where) == found
    assert [key for key, truth in in_python(cohort, "patient", where).items() if truth] == ids(cohort, found)


def ids(desk: Desk, keys: list[str]) -> list[int]:
    return [record["id"] for record in desk.find("patient") if record["record_id"] in keys]


@pytest.mark.parametrize(
    ("kind", "where", "found"),
    [
        ("exam", "any([lesion], [day] = @2026-01-02)", 1),  # [day] of the exam that the rule is of
        ("exam", "count([lesion]) = 3", 3),  # all of the patient: the rule's own record bounds none
        ("lesion", "any([lesion], [day] > @2026-02-01)", 5),  # each lesion's own exam
        ("lesion", "any([exam], [day] = @2026-01-02 and count([lesion]) = 1)", 3),
        ("visit", "any([exam], [exam.day] = @2026-01-02)", 2),
    ],
)
def test_rules_of_records_below_the_patient(cohort: Desk, kind: str, where: str, found: int) -> None:
    assert len(cohort.find(kind, where)) == found
    assert list(in_python(cohort, kind, where).values()).count(True) == found


def test_names_that_lead_nowhere_inside_are_mistakes(cohort: Desk) -> None:
    for inside in ("[visit], [size] > 3", "[visit], [day] > @2026-01-01", "[drug], [day] = @2026-01-01"):
        with pytest.raises(QueryWrong):
            cohort.keys(f"any({inside})")


def test_records_in_the_trash_are_not_found_inside(cohort: Desk) -> None:
    exam = cohort.find("exam", "[day] = @2026-02-02")[0]
    with cohort.writing() as uow:
        RecordStore(uow).trash(cohort.type("exam"), exam["id"], exam["row_version"])

    assert cohort.keys("any([visit], any([lesion], [size] > 8))") == ["P2"]
    assert cohort.keys("any([visit], exists([visit]) and not exists([exam]))") == ["P1", "P3"]


def test_indexes_lead_from_record_to_record(cohort: Desk) -> None:
    where = "any([visit], any([lesion], [size] > 8)) or any([lesion], [day] > @2026-01-01)"
    with cohort.reading() as uow:
        rows = Filter(Session(uow), cohort.type("patient"), where)
        query = select(rows.source).where(*rows.condition)
        sql = str(query.compile(uow.conn.engine, compile_kwargs={"literal_binds": True}))
        if not uow.sqlite:  # which would rather read so few rows from end to end
            uow.conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explained = uow.conn.exec_driver_sql(("EXPLAIN QUERY PLAN " if uow.sqlite else "EXPLAIN ") + sql)
        plan = [str(line[-1]).strip() for line in explained]

    whole = [line for line in plan if line.startswith(("SCAN", "Seq Scan", "->  Seq Scan"))]
    assert len(whole) <= 1, plan  # the patients themselves
    assert sum("SubPlan" in line or "SUBQUERY" in line for line in plan) >= 3


# The same in SQL and in Python


def in_sql(desk: Desk, kind: str, where: str) -> dict[int, bool | None]:
    record_type = desk.type(kind)
    with desk.reading() as uow:
        rows = Filter(Session(uow), record_type, None)
        query = select(record_type.main.c.id, rows.further(where).label("truth"))
        found = uow.conn.execute(query.select_from(rows.source).where(*rows.condition))
        return {row.id: None if row.truth is None else bool(row.truth) for row in found}


def in_python(desk: Desk, kind: str, where: str) -> dict[int, bool | None]:
    record_type = desk.type(kind)
    tree, types = parse(where), ReachTypes(Surroundings(record_type, desk.database))
    rule = compile_python(tree, types)
    records = desk.find(kind, limit=500)
    places = [Neighbour(record["id"], record["parent"], record["patient"]) for record in records]
    with desk.reading() as uow:
        around = load_around(uow, Surroundings(record_type, desk.database), Needs.of(types), places)
        context = Session(uow).context
        return {
            record["id"]: rule({**others, **record}, context)
            for record, others in zip(records, around, strict=True)
        }


RULES = [
    ("patient", "any([visit], any([lesion], [size] > 8))"),
    ("patient", "any([visit], count([lesion]) > 2 and all([lesion], [size] > [weight]))"),
    ("patient", "any([visit], any([exam], any([lesion], [size] > 5 and [on] < [day])))"),
    ("patient", "any([exam], max([lesion.size]) > sum([patient.drug.dose]))"),
    ("patient", "all([lesion], [day] > @2026-01-03 or [note] = 'a' or [visit.note] = 'b')"),
    ("patient", "latest([lesion], [day], [size]) > 4"),
    ("patient", "mean([visit], count([lesion], [size] > [weight])) > 1"),
    ("patient", "count([lesion], [size] is missing and [exam.note] is missing) > 0"),
    ("visit", "any([visit], count([exam]) > 1 and sum([drug.dose]) > 3)"),
    ("exam", "count([lesion], [day] > @2026-01-02 and [size] > 3) > 1"),
    ("exam", "any([exam], [note] = 'a' and min([lesion.size]) < 5)"),
    ("lesion", "any([lesion], [size] > 3 and [day] > @2026-01-03)"),
    ("lesion", "any([visit], any([lesion], [size] > 9) and [note] = 'a')"),
    ("drug", "any([lesion], [size] > [dose] and [note] = 'b')"),
]

DAYS = st.none() | st.integers(1, 5).map(lambda day: f"2026-01-0{day}")
NOTES = st.none() | st.sampled_from("ab")
NUMBERS = st.none() | st.integers(0, 12)
EXAMS = st.lists(st.tuples(DAYS, NOTES, st.lists(NUMBERS, max_size=3)), max_size=3)
VISITS = st.lists(st.tuples(DAYS, NOTES, st.lists(NUMBERS, max_size=2), EXAMS), max_size=3)


@given(st.lists(st.tuples(VISITS, NUMBERS), min_size=1, max_size=3))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_agree_on_any_tree_of_records(clinic: Desk, patients: Any) -> None:
    start = len(clinic.find("patient", limit=500))
    for number, (visits, weight) in enumerate(patients):
        plant(clinic, f"R{start + number}", visits, weight)

    for kind, where in RULES:
        assert in_sql(clinic, kind, where) == in_python(clinic, kind, where), (kind, where)


def test_python_asks_once_however_many_records_there_are(cohort: Desk) -> None:
    where = "any([visit], any([lesion], [size] > 8 and [day] > @2026-01-01))"
    few = statements(cohort, where)
    for number in range(20):
        plant(cohort, f"M{number}", [("2026-01-01", None, [], [("2026-01-02", None, [1, 2])] * 3)] * 2)

    assert statements(cohort, where) == few


def statements(desk: Desk, where: str) -> int:
    types = ReachTypes(Surroundings(desk.type("patient"), desk.database))
    compile_python(parse(where), types)
    places = [Neighbour(item["id"], None, item["patient"]) for item in desk.find("patient", limit=500)]
    with desk.reading() as uow:
        counting = Counting(uow)
        load_around(counting, types.surroundings, Needs.of(types), places)  # type: ignore[arg-type]
    return counting.asked


class Counting:
    """A unit of work that counts what is asked through it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._conn = uow.conn
        self.asked = 0

    @property
    def conn(self) -> Any:
        self.asked += 1
        return self._conn


# What a subject may see


@pytest.fixture
def policy(cohort: Desk) -> ScopePolicy:
    cohort.instance.policy = policy = ScopePolicy({"clerk": {"view"}}, {"clerk": {"plain": SHOW}})
    return policy


def test_row_rules_bound_what_lies_below(cohort: Desk, policy: ScopePolicy) -> None:
    clerk = cohort.as_(CLERK)
    size = cohort.type("lesion").column("size").name
    policy.rows["clerk", "clinic.lesion"] = lambda main: main.c[size] < 9

    assert clerk.keys("any([visit], any([lesion], [size] > 3))") == ["P1"]
    assert clerk.keys("any([visit], count([lesion]) = 2)") == ["P1"]


def test_fields_above_that_a_row_rule_hides_are_missing_and_hide_nothing_else(
    cohort: Desk, policy: ScopePolicy
) -> None:
    clerk = cohort.as_(CLERK)
    note = cohort.type("exam").column("note").name
    policy.rows["clerk", "clinic.exam"] = lambda main: main.c[note] == "low"

    assert clerk.keys("any([lesion], [day] is missing and [size] = 12)") == ["P1"]
    assert clerk.keys("any([lesion], [on] = @2026-01-01 and [size] = 3)") == ["P1"]
    assert clerk.keys("any([lesion], [on] is missing and [size] = 4)") == ["P1"]  # through a hidden exam
    assert clerk.keys("any([visit], [on] = @2026-02-01 and any([lesion], [size] = 12))") == ["P1"]
    assert clerk.keys("any([visit], [on] = @2026-02-01 and exists([exam]))") == []


@pytest.mark.parametrize("where", [
    "any([lesion], [device] = 'CT')",
    "any([lesion], [exam.device] is missing)",
    "any([visit], any([exam], [device] = 'CT'))",
    "any([visit], any([lesion], [device] = 'CT'))",
    "max([visit], count([exam], [device] = 'CT')) > 1",
])  # fmt: skip
def test_a_field_not_seen_in_clear_can_not_be_asked_about_inside(
    cohort: Desk, policy: ScopePolicy, where: str
) -> None:
    policy.classes["clerk"]["identifying"] = HIDE
    with pytest.raises(QueryNotAllowed):
        cohort.as_(CLERK).keys(where)


def test_who_may_not_view_a_record_type_can_not_ask_for_it_inside(
    cohort: Desk, policy: ScopePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = policy.scope

    def scope(subject: Any, action: Any, resource: Any, *rest: Any) -> Any:
        if resource.path == "clinic.exam" and not subject.is_system:
            raise Denied(action=action.value, resource=resource.path)
        return allowed(subject, action, resource, *rest)

    monkeypatch.setattr(policy, "scope", scope)
    clerk = cohort.as_(CLERK)

    for where in ("any([visit], exists([exam]))", "any([lesion], [day] is missing)"):
        with pytest.raises(QueryWrong):  # to the clerk there is no such record type
            clerk.keys(where)
    assert clerk.keys("any([visit], any([lesion], [size] > 8))") == ["P1", "P2"]
