"""The reference of export formats tells what the code does."""

from pathlib import Path

import pytest

from metamodel.exchange.records.exporting import FORMATS
from metamodel.exchange.records.statistics.dialects import DIALECTS, Dialect
from metamodel.exchange.records.statistics.names import names_for, shorten

PAGE = (Path(__file__).parents[3] / "docs/reference/export-formats.md").read_text(encoding="utf-8")
ROWS = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `")}


def test_the_page_has_a_row_for_each_format_in_their_order() -> None:
    assert tuple(ROWS) == FORMATS


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_the_row_tells_the_limits(dialect: Dialect) -> None:
    row = ROWS[dialect.name]

    assert f"`.{dialect.extension}`" in row
    if dialect.longest_label is not None:
        assert f"{dialect.longest_label} {'bytes' if dialect.label_bytes else 'characters'}" in row
    if dialect.first_day is not None:
        first = dialect.first_day
        assert (first.isoformat() if first.year > 1000 else f"year {first.year}") in row
    if dialect.longest_text is not None:
        assert f"{dialect.longest_text:,} bytes" in PAGE


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_names_are_legal_unique_and_lead_back(dialect: Dialect) -> None:
    sources = ["if", "If", "_n", "patient.id", "patient_id", "x" * 99, "X" * 99, "x" * 98 + "y", "1st"]

    names = names_for(sources, dialect)

    assert len({name.lower() for name in names}) == len(sources) or dialect.longest_name is None
    if dialect.longest_name is not None:
        assert all(len(name) <= dialect.longest_name and name.lower() not in dialect.taken for name in names)
        assert all(name.replace("_", "").isalnum() and name[0].isalpha() for name in names)


def test_a_label_is_never_cut_within_a_character() -> None:
    assert shorten("肺结节", 9, True) == "肺结节"
    assert shorten("肺结节大小", 9, True) == "肺结…"
    assert shorten("abcdef", 4, False) == "abc…"
