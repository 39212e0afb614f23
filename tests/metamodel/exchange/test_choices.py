"""Choice lists as REDCap writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metamodel.exchange.choices import ChoiceText, format_choices, parse_choices


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("1, Yes | 0, No", [("1", "Yes"), ("0", "No")]),
        ("1,G1|  -9,Unknown |-99,Not Reported", [("1", "G1"), ("-9", "Unknown"), ("-99", "Not Reported")]),
        ("0, No, participant did not agree | 1, Yes", [("0", "No, participant did not agree"), ("1", "Yes")]),
        ("a, A\nb, B", [("a", "A"), ("b", "B")]),
        ("1, Yes | 0, No |", [("1", "Yes"), ("0", "No")]),
        ("Very sad | Very happy", [("Very sad", "Very sad"), ("Very happy", "Very happy")]),
        ("5,", [("5", "5")]),
        ("", []),
    ],
)  # fmt: skip
def test_lists_are_read_as_redcap_reads_them(text, choices):
    assert [(item.code, item.label) for item in parse_choices(text).choices] == choices


def test_the_first_of_two_equal_codes_is_kept_and_the_other_told():
    parsed = parse_choices("1, Yes | 1, Maybe | 2, No")

    assert [item.label for item in parsed.choices] == ["Yes", "No"]
    assert parsed.repeated == ("1, Maybe",)


codes = st.text("abc019-_", min_size=1, max_size=4)
labels = st.text("ab, 中文()/", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(st.builds(ChoiceText, codes, labels), unique_by=lambda item: item.code))
def test_a_written_list_is_read_back(choices):
    assert list(parse_choices(format_choices(choices)).choices) == choices
