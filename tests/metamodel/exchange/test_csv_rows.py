"""CSV that is not well-formed is refused at its line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metamodel.exchange.csv_rows import CELL_LIMIT, csv_rows, detect_delimiter, unique_header
from metamodel.exchange.errors import HeaderWrong, MalformedCsv


def read(text):
    return [row.cells for row in csv_rows(io.StringIO(text, newline=""), "a.csv")]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('a,b\n1,"open\n', 2, "not closed"),
        ('a,b\n1,"x"y\n', 2, "closing quote"),
        ("a,b\n1,2\n3,\0\n", 3, "NUL"),
    ],
)
def test_a_malformed_line_is_named(text, line, reason):
    with pytest.raises(MalformedCsv) as caught:
        read(text)

    assert caught.value.values["line"] == line
    assert reason in caught.value.message("en")
    assert f"第 {line} 行" in caught.value.message("zh")


def test_an_unclosed_quote_does_not_swallow_the_file():
    endless = 'a\n"' + "x\n" * CELL_LIMIT

    with pytest.raises(MalformedCsv, match="more than 1,000,000 characters"):
        read(endless)


def test_a_repeated_or_nameless_column_is_refused():
    with pytest.raises(HeaderWrong, match="twice: a"):
        unique_header(["a", "b", " a "], "a.csv")
    with pytest.raises(HeaderWrong, match="column 2 has no name"):
        unique_header(["a", ""], "a.csv")


def test_the_delimiter_is_told_from_the_header():
    assert detect_delimiter("a;b;c,d") == ";"
    assert detect_delimiter("a\tb") == "\t"
    assert detect_delimiter("a") == ","


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=8)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), max_size=5))
def test_what_was_written_is_read(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)

    assert read(out.getvalue()) == rows
