"""The records directly below one: paged, filtered and counted like all others."""

import pytest

from metamodel.queries import CursorWrong, RecordQuery, count, page, stream
from metamodel.records import NewRecord, RecordStore
from tests.metamodel.live import Desk


@pytest.fixture
def families(desk: Desk) -> tuple[int, int]:
    """Two patients' ids; the first has 7 follow-up visits, the second 3."""
    first, second = (desk.add("patient", record_id=code).id for code in ("P1", "P2"))
    rows = [
        NewRecord({"on": f"2026-01-{n + 10}"}, parent=parent, event="followup", repeat_key=n + 1)
        for parent, visits in ((first, 7), (second, 3))
        for n in range(visits)
    ]
    with desk.writing() as uow:
        assert not RecordStore(uow).add_many(desk.type("visit"), rows).rejected
    return first, second


def test_the_children_of_one_record_are_found_page_by_page(desk: Desk, families: tuple[int, int]) -> None:
    found, after = [], None
    with desk.reading() as uow:
        while True:
            answer = page(
                uow, RecordQuery(desk.type("visit"), order=(("on", True),), after=after, limit=3,
                                 parent=families[0]),
            )  # fmt: skip
            found += [(record["parent"], record["on"].day) for record in answer.records]
            if (after := answer.next) is None:
                break
    assert found == [(families[0], day) for day in range(16, 9, -1)]


def test_the_children_are_filtered_counted_and_streamed(desk: Desk, families: tuple[int, int]) -> None:
    visit = desk.type("visit")
    late = desk.find("visit", "[on] >= @2026-01-12", parent=families[1])
    assert [record["on"].day for record in late] == [12]
    with desk.reading() as uow:
        assert [count(uow, visit, parent=parent) for parent in families] == [7, 3]
        assert count(uow, visit) == 10
        batches = list(stream(uow, RecordQuery(visit, parent=families[1])))
    assert sum(len(batch) for batch in batches) == 3


def test_what_has_no_parent_is_below_none(desk: Desk, families: tuple[int, int]) -> None:
    assert desk.find("patient", parent=families[0]) == []


def test_a_cursor_of_one_parent_holds_for_no_other(desk: Desk, families: tuple[int, int]) -> None:
    with desk.reading() as uow:
        first = page(uow, RecordQuery(desk.type("visit"), limit=1, parent=families[0]))
        with pytest.raises(CursorWrong):
            page(uow, RecordQuery(desk.type("visit"), after=first.next, parent=families[1]))


def test_children_are_looked_up_by_their_parent(desk: Desk, families: tuple[int, int]) -> None:
    """Not by going through the table: below a patient of a hundred thousand that would be seen."""
    with desk.reading() as uow:
        if not uow.sqlite:
            return  # with this few rows PostgreSQL rightly reads them all
        seen: list[str] = []
        uow.conn.connection.driver_connection.set_trace_callback(seen.append)  # type: ignore[union-attr]
        page(uow, RecordQuery(desk.type("visit"), limit=2, parent=families[0]))
        uow.conn.connection.driver_connection.set_trace_callback(None)  # type: ignore[union-attr]
        query = next(text for text in seen if "parent = " in text)
        plan = uow.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").fetchall()
    assert any("_parent" in str(step) for step in plan)
