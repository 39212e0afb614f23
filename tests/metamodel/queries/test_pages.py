"""Pages by keyset: every record once, in order, whatever is missing; cursors that can't be made up."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metamodel.queries import CursorWrong, RecordQuery, page, stream
from metamodel.records import NewRecord, RecordStore
from tests.metamodel.live import Desk

WEIGHTS = (70, None, 50, 70, None, 90, 50, 70, 60, None, 55, 70)
SEXES = ("1", None, "1")


@pytest.fixture
def dozen(desk: Desk) -> Desk:
    rows = [
        NewRecord({"record_id": f"P{n:02d}", "weight": weight, "sex": SEXES[n % 3]})
        for n, weight in enumerate(WEIGHTS)
    ]
    with desk.writing() as uow:
        assert not RecordStore(uow).add_many(desk.type("patient"), rows).rejected
    return desk


def _pages(desk: Desk, order: tuple[tuple[str, bool], ...], limit: int) -> list[str]:
    found: list[str] = []
    after = None
    with desk.reading() as uow:
        while True:
            query = RecordQuery(desk.type("patient"), None, ("record_id",), order, after, limit)
            answer = page(uow, query)
            assert len(answer.records) <= limit
            found += [record["record_id"] for record in answer.records]
            if (after := answer.next) is None:
                return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.lists(
        st.tuples(st.sampled_from(["weight", "sex", "born", "record_id", "created_at"]), st.booleans()),
        max_size=3, unique_by=lambda term: term[0],
    ).map(tuple),
    limit=st.integers(1, 13),
)  # fmt: skip
def test_pages_together_are_the_whole_in_order(
    dozen: Desk, order: tuple[tuple[str, bool], ...], limit: int
) -> None:
    whole = _pages(dozen, order, 1000)

    assert sorted(whole) == [f"P{n:02d}" for n in range(12)]
    assert _pages(dozen, order, limit) == whole
    with dozen.writing() as uow:
        query = RecordQuery(dozen.type("patient"), order=order)
        streamed = [record["record_id"] for batch in stream(uow, query, batch=5) for record in batch]
    assert streamed == whole


def test_a_jump_lands_where_paging_would_and_goes_on_from_there(dozen: Desk) -> None:
    order = (("weight", True), ("sex", False))
    whole = _pages(dozen, order, 1000)
    patient = dozen.type("patient")

    with dozen.reading() as uow:
        landed = page(uow, RecordQuery(patient, None, ("record_id",), order, limit=3, skip=5))
        further = page(uow, RecordQuery(patient, None, ("record_id",), order, landed.next, limit=3, skip=1))
        beyond = page(uow, RecordQuery(patient, order=order, select=("record_id",), skip=12))

    assert [record["record_id"] for record in landed.records] == whole[5:8]
    assert [record["record_id"] for record in further.records] == whole[9:12]
    assert (beyond.records, beyond.next) == ([], None)


def test_missing_values_come_last_in_either_direction(dozen: Desk) -> None:
    missing = {f"P{n:02d}" for n, weight in enumerate(WEIGHTS) if weight is None}
    for descending in (False, True):
        assert set(_pages(dozen, (("weight", descending),), 5)[-3:]) == missing


def test_a_cursor_holds_for_its_query_and_for_no_other(dozen: Desk) -> None:
    patient = dozen.type("patient")
    with dozen.writing() as uow:
        cursor = page(uow, RecordQuery(patient, order=(("record_id", False),), limit=3)).next
        assert cursor is not None and "P0" not in cursor
        for query in (
            RecordQuery(patient, after=cursor),
            RecordQuery(patient, "[weight] > 1", order=(("record_id", False),), after=cursor),
            RecordQuery(patient, order=(("record_id", False),), after=cursor[:-4] + "AAAA"),
            RecordQuery(patient, order=(("record_id", False),), after="no cursor"),
            RecordQuery(patient, order=(("record_id", False),), after="Ìi!á¿"),
        ):
            with pytest.raises(CursorWrong):
                page(uow, query)


def test_a_page_shows_the_selected_fields_beside_the_system_columns(dozen: Desk) -> None:
    record = dozen.find("patient", "[record_id] = 'P00'", select=("weight",))[0]
    assert record["weight"] == 70 and "sex" not in record
    assert {"id", "patient", "row_version", "status", "missing"} <= record.keys()
