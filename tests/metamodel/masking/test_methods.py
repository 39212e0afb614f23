"""Masking methods: what each promises, on invented persons and on whatever else may stand in a field."""

from __future__ import annotations

import runpy
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metamodel.masking import MASK, Mask, Masked
from metamodel.masking.fakes import FAKES, Draw
from metamodel.masking.keys import Keys, database_keys, example_keys, preview_keys
from metamodel.masking.methods import METHODS, Example, Method
from metamodel.masking.methods.base import PROMISES
from metamodel.masking.numbers import born_of, is_card_number, is_id_number
from zhenshu.security.secrets import Secrets

REPOSITORY = Path(__file__).parents[3]
KEYS, OTHER_KEYS = Keys(b"one"), Keys(b"another")
PEOPLE = st.integers(1, 2**40 - 1)
DIGESTS = st.binary(min_size=32, max_size=32)
ANYTHING = (
    st.text(max_size=30)
    | st.integers()
    | st.floats(allow_nan=False)
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.lists(st.text(max_size=3), max_size=3)
)
# What a person's own data is masked with, each by what is masked with it.
IDENTIFYING = {
    "name": ("name",),
    "phone": ("phone", "phone replace"),
    "id_card": ("id_card", "id_card replace"),
    "bank_card": ("bank_card", "bank_card replace"),
    "landline": ("landline",),
    "email": ("email",),
    "address": ("address",),
}


def made(name: str, keys: Keys = KEYS, **parameters: Any) -> Mask:
    return METHODS[name].make(parameters, keys)


def invented(kind: str) -> st.SearchStrategy[str]:
    return DIGESTS.map(lambda digest: FAKES[kind](Draw(digest)))


EXAMPLES = [(method, example) for method in METHODS.values() for example in method.examples]


@pytest.mark.parametrize(("method", "example"), EXAMPLES, ids=lambda item: getattr(item, "name", ""))
def test_an_example_is_true(method: Method, example: Example) -> None:
    assert method.make(example.parameters, example_keys())(example.value, 1) == example.gives


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_a_method_says_what_it_does_and_what_it_leaves(method: Method) -> None:
    said = (method.zh, method.en, method.does_zh, method.does_en, method.leaves_zh, method.leaves_en)
    assert all(said) and method.examples
    assert set(method.promises) <= set(PROMISES)
    for parameter in method.parameters:
        assert parameter.zh and parameter.en
        assert parameter.default in parameter.choices or not parameter.choices


@pytest.mark.parametrize("name", METHODS)
@given(value=ANYTHING, person=PEOPLE | st.none())
def test_nothing_comes_out_as_it_went_in_and_nothing_breaks(name: str, value: Any, person: Any) -> None:
    shown = made(name)(value, person)

    assert isinstance(shown, Masked | date)
    assert shown != value or value == MASK


@pytest.mark.parametrize(("kind", "way"), [(kind, way) for kind, ways in IDENTIFYING.items() for way in ways])
@given(data=st.data(), person=PEOPLE)
def test_a_persons_data_is_not_covered_away_nor_shown(kind: str, way: str, data: Any, person: int) -> None:
    value = data.draw(invented(kind))
    name, *style = way.split()
    shown = made(name, **{"style": style[0]} if style else {})(value, person)

    assert shown not in (value, MASK)
    if "length" in METHODS[name].promises:
        assert len(shown) == len(value)


@given(invented("id_card"), PEOPLE)
def test_a_replaced_identity_number_is_of_the_same_sex_and_born_within_a_year(
    value: str, person: int
) -> None:
    shown = made("id_card", style="replace")(value, person)
    born, then = born_of(value), born_of(shown)

    assert is_id_number(value) and is_id_number(shown)
    assert int(shown[16]) % 2 == int(value[16]) % 2
    assert born is not None and then is not None and timedelta() < abs(then - born) <= timedelta(365)


@given(invented("bank_card"), PEOPLE)
def test_a_replaced_card_number_has_a_right_check_digit(value: str, person: int) -> None:
    assert is_card_number(value)
    assert is_card_number(made("bank_card", style="replace")(value, person))


def test_check_digits_are_those_of_the_standards() -> None:
    assert is_id_number("11010519491231002X") and not is_id_number("110105194912310021")
    assert not is_id_number("110105194913310022")  # no such month
    assert is_card_number("4111111111111111") and not is_card_number("4111111111111112")


@pytest.mark.parametrize("name", ["hash", "pseudonym", "fake"])
@given(value=invented("name"), person=PEOPLE)
def test_a_replacement_is_the_same_within_a_scope_and_another_in_another(
    name: str, value: str, person: int
) -> None:
    shown = made(name)(value, person)

    assert made(name)(value, person) == shown
    if name != "fake":  # two invented names may be the same
        assert made(name, OTHER_KEYS)(value, person) != shown


def test_invented_names_of_two_scopes_do_not_go_together() -> None:
    people = [(FAKES["name"](Draw(bytes([n] * 32))), n) for n in range(1, 200)]
    same = [made("fake")(*each) == made("fake", OTHER_KEYS)(*each) for each in people]
    assert sum(same) < 5


@given(st.sets(PEOPLE, min_size=2, max_size=50), st.text(max_size=5))
def test_no_two_patients_share_a_code(people: set[int], value: str) -> None:
    mask = made("pseudonym")
    assert len({mask(value, person) for person in people}) == len(people)


@given(PEOPLE, invented("name"), invented("name"))
def test_a_patient_has_one_code_whatever_the_name(person: int, one: str, other: str) -> None:
    mask = made("pseudonym", prefix="S")
    assert mask(one, person) == mask(other, person)
    assert str(mask(one, person)).startswith("S-")


def test_a_code_of_values_tells_equal_ones() -> None:
    mask = made("pseudonym", of="value")
    assert mask("CT001", 1) == mask("CT001", 2) != mask("CT002", 1)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)), PEOPLE)
def test_intervals_within_a_patient_stay(one: date, other: date, person: int) -> None:
    mask = made("date_shift", days=90)

    assert mask(one, person) - mask(other, person) == one - other
    assert timedelta() < abs(mask(one, person) - one) <= timedelta(90)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), PEOPLE)
def test_weekdays_stay_where_they_are_to_and_the_time_of_day_always_does(at: datetime, person: int) -> None:
    shown = made("date_shift", weekday=True)(at, person)
    assert shown.weekday() == at.weekday() and shown.time() == at.time() and shown != at


def test_dates_move_by_many_different_days() -> None:
    mask = made("date_shift", days=180)
    moves = {mask(date(2026, 3, 5), person) for person in range(1000)}
    assert len(moves) > 300 and any(move > date(2026, 3, 5) for move in moves)


def test_what_needs_a_patient_is_covered_where_none_is_known() -> None:
    assert made("date_shift")(date(2026, 3, 5), None) == MASK
    assert made("pseudonym")("王小明", None) == MASK


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("上海市浦东新区世纪大道100号", "上海市浦东新区＊＊"),
        ("内蒙古自治区呼和浩特市新城区哲里木路1号", "内蒙古自治区呼和浩特市新城区＊＊"),
        ("四川省凉山彝族自治州西昌市航天大道", "四川省凉山彝族自治州西昌市＊＊"),
        ("浙江省杭州市西湖区文三路90号", "浙江省杭州市西湖区＊＊"),
        ("重庆渝中区解放碑", "重庆渝中区＊＊"),
        ("香港特别行政区中西区德辅道", "香港特别行政区中西区＊＊"),
        ("北京市", "北京市＊＊"),
    ],
)
def test_addresses_are_kept_down_to_the_district(value: str, shown: str) -> None:
    assert made("address")(value, 1) == shown


def test_an_instance_has_keys_of_its_own_for_each_scope(tmp_path: Path) -> None:
    here, there = Secrets.create(tmp_path / "here"), Secrets.create(tmp_path / "there")
    scopes = [
        database_keys(here, "lung"), database_keys(here, "liver"), preview_keys(here),
        database_keys(there, "lung"),
    ]  # fmt: skip

    assert len({made("hash", keys)("ZY001", 1) for keys in scopes}) == len(scopes)
    again = database_keys(Secrets.load(tmp_path / "here"), "lung")
    assert made("hash", again)("ZY001", 1) == made("hash", scopes[0])("ZY001", 1)


def test_the_reference_lists_every_method_as_it_is() -> None:
    page = runpy.run_path(str(REPOSITORY / "docs/reference/masking_types.py"))["page"]()
    kept = (REPOSITORY / "docs/reference/masking-types.md").read_text(encoding="utf-8")
    assert kept == page, "run: python docs/reference/masking_types.py > docs/reference/masking-types.md"
