"""Protected fields: encrypted where they lie, found by keyed hashes, forgotten with their patient."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, Table, inspect, select, update

from metamodel.queries import QueryWrong, count, stream
from metamodel.queries.errors import OrderNotAllowed
from metamodel.queries.shapes import RecordQuery
from metamodel.records import RecordStore
from metamodel.records.errors import DuplicateKey, RecordInvalid
from metamodel.records.forgetting import NotConfirmed, ReasonNeeded, forget, look, phrase_of
from metamodel.storage.check_protected import check_protected
from metamodel.storage.layout import blind_name
from metamodel.storage.protected import normalised, pairs_of
from rules_dsl.functions.texts import fold
from tests.instances import an_instance
from tests.metamodel.live import Desk, a_document, a_field, a_type, make_live
from zhenshu.patients import find_patients
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import NotDecryptable
from zhenshu.security.subject import SYSTEM

NAME, NUMBER, BORN = "欧阳青霞", "MRN-774411", "1963-04-17"
CLINIC = a_document(
    "clinic",
    a_type(
        "patient",
        a_field("no", identifying=True),
        a_field("name", identifying=True),
        a_field("born", "date", identifying=True, maximum="today"),
        a_field("initial", "calculated", calculation="left([name], 1)", options={"result": "text"},
                identifying=True),
        a_field("height", "integer"),
        key="no",
    ),
    a_type("visit", a_field("told", "long_text", identifying=True), a_field("dose", "integer"),
           parent="patient", repeats=True),
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Desk:
    instance = an_instance(tmp_path / "home", database_url)
    return Desk(instance, make_live(instance, CLINIC))


@pytest.fixture
def one(desk: Desk) -> int:
    return desk.add("patient", no=NUMBER, name=NAME, born=BORN, height=164).id


def everything(desk: Desk) -> bytes:
    """All that the database's tables hold, and on SQLite the bytes of its files."""
    found = b""
    with desk.instance.read(SYSTEM, Channel.API) as uow:
        for name in inspect(uow.conn).get_table_names():
            table = Table(name, MetaData(), autoload_with=uow.conn)
            for row in uow.conn.execute(select(table)):
                found += b"\n".join(
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                )
        path = desk.instance.engine.url.database if uow.sqlite else None
    if path:
        for file in Path(path).parent.glob(Path(path).name + "*"):
            found += file.read_bytes()
    return found


def column(desk: Desk, code: str) -> Any:
    return desk.type("patient").column(code)


def numbers(desk: Desk, where: str) -> list[int]:
    return [record["id"] for record in desk.find("patient", where)]


def test_identities_are_nowhere_in_the_database_in_clear(desk: Desk, one: int) -> None:
    visit = desk.add("visit", parent=one, told=f"{NAME} 来院", dose=3)
    desk.change("patient", one, 1, name=NAME + "改")

    stored = everything(desk)

    assert b"164" in stored and b"clinic" in stored  # what is plain is found this way
    for secret in (NAME, NUMBER, BORN):
        assert secret.encode() not in stored
    assert desk.get("patient", one)["name"] == NAME + "改"
    assert desk.get("patient", one)["initial"] == "欧"
    assert desk.get("visit", visit.id)["told"] == f"{NAME} 来院"


def test_values_are_found_by_what_they_equal_or_contain(desk: Desk, one: int) -> None:
    other = desk.add("patient", no="MRN-2", name="Li Qing", height=170).id
    nameless = desk.add("patient", no="MRN-3").id

    assert numbers(desk, f"[name] = '{NAME}'") == [one]
    assert numbers(desk, "[name] = 'li qing'") == []  # equal by code point, as everywhere
    assert numbers(desk, f"[name] <> '{NAME}'") == [other]
    assert numbers(desk, f"[name] in ('{NAME}', 'Li Qing', 'nobody')") == [one, other]
    assert numbers(desk, "[name] contains '青霞'") == [one]
    assert numbers(desk, "[name] contains '霞'") == [one]
    assert numbers(desk, "[name] contains 'QIN'") == [other]
    assert numbers(desk, "[name] is missing") == [nameless]
    assert numbers(desk, "[born] = @1963-04-17 and [height] > 100") == [one]
    assert numbers(desk, f"[no] = '{NUMBER}' or [height] = 170") == [one, other]
    desk.add("visit", parent=one, dose=1)
    assert len(desk.find("visit", f"[patient.name] = '{NAME}'")) == 1
    with desk.reading() as uow:
        assert count(uow, desk.type("patient"), f"any([patient], [name] = '{NAME}')") == 1


@pytest.mark.parametrize(
    "where",
    ["[name] < 'x'", "[name] matches '^O'", "[name] starts with 'O'", "[born] > @1960-01-01",
     "length([name]) > 2", "[name] = [no]", "[born] between @1960-01-01 and @1970-01-01"],
)  # fmt: skip
def test_what_would_need_the_values_is_refused_with_its_place(desk: Desk, one: int, where: str) -> None:
    with pytest.raises(QueryWrong) as refused:
        desk.find("patient", where)

    assert "encrypted" in refused.value.message("en") and "加密" in refused.value.message("zh")
    assert "^" in refused.value.details()["caret"]


def test_only_what_hashes_can_answer_is_offered_to_filters(desk: Desk) -> None:
    patient = desk.type("patient")
    assert patient.field("name").operators == ("equals", "not_equals", "contains", "in", "is_missing")
    assert patient.field("born").operators == ("equals", "not_equals", "is_missing")
    assert "less" in patient.field("height").operators


def test_they_are_not_sorted_by(desk: Desk, one: int) -> None:
    with pytest.raises(OrderNotAllowed, match="encrypted"):
        desk.find("patient", order=(("name", False),))


def test_a_key_is_unique_whatever_its_width_and_case(desk: Desk, one: int) -> None:
    with pytest.raises((DuplicateKey, RecordInvalid)):
        desk.add("patient", no="ｍｒｎ-774411")
    assert desk.change("patient", one, 1, no="mrn-774411").version == 2
    assert numbers(desk, "[no] = 'mrn-774411'") == [one]


def test_streams_open_every_row(desk: Desk, one: int) -> None:
    desk.add("patient", no="MRN-2", name="Li Qing")
    with desk.writing() as uow:
        rows = [row for batch in stream(uow, RecordQuery(desk.type("patient"))) for row in batch]
    assert [row["name"] for row in rows] == [NAME, "Li Qing"]


def test_a_ciphertext_moved_to_another_record_or_altered_is_noticed(desk: Desk, one: int) -> None:
    other = desk.add("patient", no="MRN-2", name="Li Qing").id
    name = column(desk, "name")
    with desk.writing() as uow:
        sealed = uow.conn.execute(select(name).where(name.table.c.id == one)).scalar_one()
        uow.conn.execute(update(name.table).where(name.table.c.id == other).values({name.name: sealed}))
    with pytest.raises(NotDecryptable):
        desk.get("patient", other)


def test_with_another_key_nothing_opens(desk: Desk, one: int) -> None:
    path = desk.instance.settings.secrets_folder / "master.key"
    path.write_bytes(bytes(32))
    fresh = Desk(type(desk.instance)(desk.instance.settings), desk.database)
    with pytest.raises(NotDecryptable, match="key is another one"):
        fresh.get("patient", one)


def test_a_patient_is_forgotten_for_good(desk: Desk, one: int) -> None:
    desk.add("visit", parent=one, told=f"{NAME} 来院", dose=3)
    patient = desk.get("patient", one)["patient"]
    with desk.reading() as uow:
        before = look(uow, patient)
    assert (before.values, before.identifiers, before.forgotten) == (5, 1, False)
    with desk.writing() as uow, pytest.raises(NotConfirmed, match="forget"):
        forget(uow, patient, "asked for it", "yes")
    with desk.writing() as uow, pytest.raises(ReasonNeeded):
        forget(uow, patient, " ", phrase_of(patient))

    with desk.writing() as uow:
        assert forget(uow, patient, "asked for it", phrase_of(patient)).values == 5

    record = desk.get("patient", one)
    assert [record[code] for code in ("no", "name", "born", "initial", "height")] == [None] * 4 + [164]
    assert desk.find("visit")[0]["dose"] == 3
    with desk.writing() as uow:
        assert find_patients(uow, "db:clinic", [NUMBER]) == {}
        steps = RecordStore(uow).revisions(desk.type("patient"), one)
        assert steps[0].forgotten and NAME not in str(steps)
        again = forget(uow, patient, "again", phrase_of(patient))
    assert (again.values, again.forgotten) == (0, True)


@given(st.text(), st.text(), st.text())
def test_a_text_has_the_pairs_of_every_part_of_it(before: str, part: str, after: str) -> None:
    assert pairs_of(part) <= pairs_of(before + part + after)
    assert pairs_of(fold(part)) <= pairs_of(before + part + after)
    assert normalised(part) == normalised(f" {part}\t")


def test_the_check_finds_values_that_do_not_open_or_are_not_as_indexed(desk: Desk, one: int) -> None:
    other = desk.add("patient", no="MRN-2", name="Li Qing").id
    assert check_protected(desk.instance) == []
    name = column(desk, "name")
    table, blind = name.table, blind_name(name.name)
    with desk.writing() as uow:
        uow.conn.execute(update(table).where(table.c.id == one).values({name.name: b"Li Qing in clear"}))
        uow.conn.execute(update(table).where(table.c.id == other).values({blind: bytes(16)}))

    found = check_protected(desk.instance)

    assert found == [
        f"clinic.patient.name: 1 values do not open under their patient's key (records {one})",
        f"clinic.patient.name: 1 values are not what their blind index says (records {other})",
    ]
