"""What a field of each type takes from JSON and from files, and what it refuses."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from metamodel.catalogue import compile_field, compile_value_set
from metamodel.field_types import ALL, UnknownFieldType, ValueProblem, field_type
from tests.metamodel.field_types.fields import a_field, read

TAKEN: list[tuple[str, Any, dict[str, Any], Any]] = [
    ("string", "  CT-0017 ", {}, "CT-0017"),
    ("string", 12.0, {}, "12"),
    ("string", "张三", {}, "张三"),
    ("string", "11010519491231002X", {"format": "identity_card"}, "11010519491231002X"),
    ("long_text", "  两行\n文字 ", {}, "  两行\n文字 "),
    ("integer", "42", {}, 42),
    ("integer", "１２", {}, 12),
    ("integer", "-7", {}, -7),
    ("integer", "12.0", {}, 12),
    ("integer", 12.0, {}, 12),
    ("integer", "1,234,567", {"thousands": ","}, 1234567),
    ("integer", "9223372036854775807", {}, 2**63 - 1),
    ("decimal", "88.4", {"scale": 1}, Decimal("88.4")),
    ("decimal", "88.400", {"scale": 1}, Decimal("88.4")),
    ("decimal", 0.1, {}, Decimal("0.1")),
    ("decimal", "1.234,5", {"decimal_mark": ",", "thousands": "."}, Decimal("1234.5")),
    ("decimal", "１２．５", {}, Decimal("12.5")),
    ("decimal", "-92233720368547758.07", {}, Decimal("-92233720368547758.07")),
    ("float", "1.5e-7", {}, 1.5e-7),
    ("float", 3, {}, 3.0),
    ("float", "0,5", {"decimal_mark": ","}, 0.5),
    ("boolean", "是", {}, True),
    ("boolean", "No", {}, False),
    ("boolean", 0, {}, False),
    ("boolean", "１", {}, True),
    ("date", "2026-03-05", {}, date(2026, 3, 5)),
    ("date", "2026/3/5", {}, date(2026, 3, 5)),
    ("date", "2026年3月5日", {}, date(2026, 3, 5)),
    ("date", "20260305", {}, date(2026, 3, 5)),
    ("date", "5/3/2026", {"text_format": "dmy"}, date(2026, 3, 5)),
    ("date", "3-5-2026", {"text_format": "mdy"}, date(2026, 3, 5)),
    ("date", "2026-03-05", {"text_format": "dmy"}, date(2026, 3, 5)),
    ("date", datetime(2026, 3, 5), {}, date(2026, 3, 5)),
    ("date", "0001-01-01", {}, date(1, 1, 1)),
    ("datetime", "2026-03-05T14:20:00", {}, datetime(2026, 3, 5, 14, 20)),
    ("datetime", "2026/3/5 9:05", {}, datetime(2026, 3, 5, 9, 5)),
    ("datetime", "05.03.2026 14:20", {"text_format": "dmy"}, datetime(2026, 3, 5, 14, 20)),
    ("time", "9:05", {}, time(9, 5)),
    ("time", "１４：２０：０１", {}, time(14, 20, 1)),
    ("choice", "9", {}, "9"),
    ("choice", 9, {}, "9"),
    ("choice", 9.0, {}, "9"),
    ("multi_choice", ["9", "1", "9"], {}, ["1", "9"]),
    ("multi_choice", "9；1", {}, ["1", "9"]),
    ("multi_choice", [], {}, None),
    ("calculated", 21.5, {}, 21.5),
    ("calculated", "2026-03-05", {"result": "date"}, date(2026, 3, 5)),
]  # fmt: skip

REFUSED: list[tuple[str, Any, dict[str, Any], str]] = [
    ("string", "x" * 501, {}, "too_long"),
    ("string", "a\0b", {}, "bad_character"),
    ("string", "\ud800", {}, "bad_character"),
    ("string", True, {}, "not_text"),
    ("string", ["a"], {}, "not_text"),
    ("string", "ab1", {"pattern": "[a-z]+"}, "pattern"),
    ("string", "110105194912310021", {"format": "identity_card"}, "format"),
    ("long_text", "a\0b", {}, "bad_character"),
    ("integer", "12.5", {}, "not_whole"),
    ("integer", True, {}, "not_a_number"),
    ("integer", "1_000", {}, "not_a_number"),
    ("integer", "1,000", {}, "not_a_number"),
    ("integer", "9223372036854775808", {}, "out_of_range"),
    ("integer", "1e300", {}, "out_of_range"),
    ("integer", float("inf"), {}, "not_a_number"),
    ("decimal", "1,234.5", {}, "not_a_number"),
    ("decimal", "12,34", {"thousands": ","}, "not_a_number"),
    ("decimal", "12.345", {}, "too_precise"),
    ("decimal", "1E+999", {}, "out_of_range"),
    ("decimal", "92233720368547758.08", {}, "out_of_range"),
    ("decimal", False, {}, "not_a_number"),
    ("decimal", float("nan"), {}, "not_a_number"),
    ("float", "nan", {}, "not_a_number"),
    ("float", "inf", {}, "not_a_number"),
    ("float", "1e999", {}, "out_of_range"),
    ("float", float("nan"), {}, "not_a_number"),
    ("float", True, {}, "not_a_number"),
    ("boolean", 2, {}, "not_boolean"),
    ("boolean", "maybe", {}, "not_boolean"),
    ("boolean", [], {}, "not_boolean"),
    ("date", "2026-02-30", {}, "not_a_date"),
    ("date", "0000-01-01", {}, "not_a_date"),
    ("date", "5/3/2026", {}, "not_a_date"),
    ("date", "2026-03/05", {}, "not_a_date"),
    ("date", 20260305, {}, "not_a_date"),
    ("datetime", "2026-03-05", {}, "no_time"),
    ("datetime", "2026-03-05T14:20:00Z", {}, "time_zone"),
    ("datetime", "2026-03-05T14:20:00+08:00", {}, "time_zone"),
    ("datetime", datetime(2026, 3, 5, 1, 1, 1, 5), {}, "too_precise"),
    ("time", "24:00", {}, "not_a_time"),
    ("time", "noon", {}, "not_a_time"),
    ("choice", "3", {}, "unknown_choice"),
    ("choice", True, {}, "unknown_choice"),
    ("choice", ["1"], {}, "unknown_choice"),
    ("multi_choice", ["1", "3"], {}, "unknown_choice"),
    ("multi_choice", [True], {}, "unknown_choice"),
    ("multi_choice", {"1": True}, {}, "not_a_list"),
]  # fmt: skip


@pytest.mark.parametrize(("type", "value", "options", "stored"), TAKEN)
def test_a_value_is_read(type: str, value: Any, options: dict[str, Any], stored: Any) -> None:
    found = read(type, value, **options)

    assert found == stored
    assert found.__class__ is stored.__class__


@pytest.mark.parametrize(("type", "value", "options", "code"), REFUSED)
def test_a_value_is_refused_with_its_reason(
    type: str, value: Any, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(ValueProblem) as refused:
        read(type, value, **options)

    assert refused.value.code == code
    assert refused.value.zh and refused.value.en


@pytest.mark.parametrize("blank", [None, "", "   ", "\u3000"])
@pytest.mark.parametrize("type", [item.name for item in ALL])
def test_blank_means_no_value(type: str, blank: str | None) -> None:
    field = a_field(type)

    assert field.type.reader(field)(blank) is None
    assert field.type.to_json(field)(None) is None
    assert field.type.to_text(field, "zh")(None) == ""


def test_a_choice_is_read_by_a_label_that_is_unique() -> None:
    field = _sex_field()
    reader = field.type.reader(field)

    assert (reader("男性"), reader("FEMALE")) == ("1", "2")
    with pytest.raises(ValueProblem, match="label of exactly one"):
        reader("other")  # two choices have this label
    assert field.type.to_text(field, "zh")("1") == "男性"
    assert field.type.to_text(field, None)("1") == "1"


def test_an_inactive_choice_is_shown_but_not_taken() -> None:
    field = _sex_field()

    with pytest.raises(ValueProblem) as refused:
        field.type.reader(field)("0")

    assert refused.value.code == "inactive_choice"
    assert field.type.to_text(field, "en")("0") == "Unknown"


def _sex_field() -> Any:
    choices = [
        {"code": "0", "label": {"zh": "未知", "en": "Unknown"}, "active": False},
        {"code": "1", "label": {"zh": "男性", "en": "Male"}},
        {"code": "2", "label": {"zh": "女性", "en": "Female"}},
        {"code": "8", "label": {"zh": "其他", "en": "Other"}},
        {"code": "9", "label": {"zh": "另外", "en": "other"}},
    ]
    value_set = compile_value_set("sex", {"choices": choices})
    return compile_field({"code": "sex", "type": "choice", "value_set": "sex"}, {"sex": value_set})


def test_a_pattern_that_would_backtrack_for_ever_does_not() -> None:
    with pytest.raises(ValueProblem):
        read("string", "a" * 400 + "!", pattern="(a+)+b")


def test_an_unknown_type_names_the_nearest() -> None:
    with pytest.raises(UnknownFieldType, match="Did you mean boolean"):
        field_type("bolean")
