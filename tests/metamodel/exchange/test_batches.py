"""Rows are taken in batches that are bounded in number and in size."""

from hypothesis import given
from hypothesis import strategies as st

from metamodel.exchange.records.batches import MOST_CHARACTERS, batches, size_of
from metamodel.exchange.records.importing import BATCH
from metamodel.exchange.records.rows import SourceRow

ROWS = st.lists(
    st.dictionaries(
        st.sampled_from("abc"), st.one_of(st.none(), st.integers(), st.text(max_size=80)), max_size=3
    ),
    max_size=40,
).map(lambda rows: [SourceRow(number, cells) for number, cells in enumerate(rows, 2)])


@given(ROWS, st.integers(1, 8), st.integers(1, 300))
def test_batches_together_are_all_rows_and_each_is_bounded(rows, most_rows, most_characters):
    made = list(batches(rows, most_rows, most_characters))

    assert [row for batch in made for row in batch] == rows
    for batch in made:
        assert 1 <= len(batch) <= most_rows
        assert sum(size_of(row) for row in batch[:-1]) < most_characters


def test_short_rows_make_full_batches():
    rows = (SourceRow(n, {"weight": "60.5", "height": "170"}) for n in range(2, 2502))
    assert [len(batch) for batch in batches(rows, BATCH)] == [BATCH, BATCH, 500]


def test_rows_of_long_reports_make_small_batches_taken_one_by_one():
    taken = []

    def rows():
        for number in range(2, 202):
            taken.append(number)
            yield SourceRow(number, {"report": "双肺" * 100_000})

    first = next(iter(batches(rows(), BATCH)))

    assert len(first) == len(taken) == MOST_CHARACTERS // 200_032 + 1


def test_many_empty_cells_count_too():
    wide = SourceRow(2, {f"c{n}": "" for n in range(5000)})
    assert size_of(wide) == 160_000


def test_a_list_in_json_counts_as_its_text():
    assert size_of(SourceRow(1, {"signs": ["cough"] * 100, "age": 60})) > 800
