"""Stored values of each field type, for property tests."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

CODES = ("1", "2", "9")

_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=50)
_MOMENT = st.datetimes(min_value=datetime(1, 1, 1)).map(lambda value: value.replace(microsecond=0))
_TIME = st.times().map(lambda value: value.replace(microsecond=0))

STORED: dict[str, st.SearchStrategy[Any]] = {
    "string": _TEXT.map(str.strip).filter(bool),
    "long_text": _TEXT.filter(lambda text: not text.isspace()),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "decimal": st.integers(-(2**63 - 1), 2**63 - 1).map(lambda number: Decimal(number).scaleb(-2)),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "date": st.dates(),
    "datetime": _MOMENT,
    "time": _TIME | st.just(time()),
    "choice": st.sampled_from(CODES),
    "multi_choice": st.sets(st.sampled_from(CODES), min_size=1).map(sorted),
    "calculated": st.floats(allow_nan=False, allow_infinity=False),
}
