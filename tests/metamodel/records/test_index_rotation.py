"""A new key for blind indexes: all go on finding and writing, and the old key tells nothing afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from metamodel.definitions import save_draft
from metamodel.plans import PlanOutdated, publish
from metamodel.records import RecordStore
from metamodel.records import index_rotation as rotating
from metamodel.records.errors import DuplicateKey, RecordInvalid
from metamodel.storage.check_protected import check_protected
from metamodel.storage.layout import blind_name, pairs_name
from metamodel.storage.protected import BlindIndex, blind_index
from tests.instances import an_instance
from tests.metamodel.exchange.moving import Mover
from tests.metamodel.live import Desk, a_document, a_field, a_type, make_live
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import run_now
from zhenshu.patients import find_patients
from zhenshu.patients.index import index_rotation, patient_identifier
from zhenshu.patients.lookup import patients_with
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

NAMES = ("欧阳青霞", "Li Qing", "王小明", "赵敏", "钱多多")
CLINIC = a_document(
    "clinic",
    a_type(
        "patient",
        a_field("no", identifying=True),
        a_field("name", identifying=True),
        a_field("born", "date", identifying=True),
        a_field("second", identifying=True),
        key="no",
    ),
)


class Killed(Exception):
    pass


@pytest.fixture
def desk(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(rotating, "BATCH", 2)
    monkeypatch.setattr(rotating, "GIVE_WAY", 0)
    instance = an_instance(tmp_path / "home", database_url)
    desk = Desk(instance, make_live(instance, CLINIC))
    for number, name in enumerate(NAMES):
        desk.add("patient", no=f"MRN-{number}", name=name, born=f"196{number}-04-17", second=f"S{number}")
    return desk


def begin(desk: Desk) -> int:
    return rotating.begin_index_rotation(desk.instance, SYSTEM, Channel.API)


def rotate(desk: Desk, write: Any = None) -> rotating.Progress:
    plain = lambda: desk.instance.write(SYSTEM, Channel.API)  # noqa: E731
    return rotating.rotate_index(desk.instance, SYSTEM, write or plain)


def found(desk: Desk, where: str) -> list[Any]:
    return [record["no"] for record in desk.find("patient", where)]


def everything_is_found(desk: Desk) -> None:
    for number, name in enumerate(NAMES):
        assert found(desk, f"[name] = '{name}'") == [f"MRN-{number}"]
        assert found(desk, f"[name] contains '{name[1:3]}'") == [f"MRN-{number}"]
        assert found(desk, f"[no] = 'MRN-{number}' and [born] = @196{number}-04-17") == [f"MRN-{number}"]
    with desk.reading() as uow:
        system = uow.conn.scalars(select(patient_identifier.c.system).distinct()).one()
        known = find_patients(uow, system, [f"MRN-{number}" for number in range(len(NAMES))])
        assert len(known) == len(NAMES)
        assert patients_with(uow, "MRN-3") == [known["MRN-3"]]


def old_hashes_left(desk: Desk, version: int) -> int:
    """How many hashes of known values there are still that the key of this version makes."""
    secrets, left = desk.instance.secrets, 0
    with desk.reading() as uow:
        kind = desk.type("patient")
        for code, values in {"name": NAMES, "no": [f"MRN-{n}" for n in range(len(NAMES))]}.items():
            column = kind.column(code)
            index = BlindIndex(secrets, column.name, [version])
            table = column.table
            blind, pairs = table.c[blind_name(column.name)], table.c[pairs_name(column.name)]
            for told in (index.of, index.pairs):
                made = {told(value) for value in values}
                where = blind if told == index.of else pairs
                left += sum(bytes(one) in made for one in uow.conn.scalars(select(where)))
        stored = uow.conn.execute(select(patient_identifier)).all()
        for row in stored:
            left += any(
                secrets.blind_index(row.system, f"MRN-{n}", version) == row.blind for n in range(len(NAMES))
            )
    return left


def test_every_index_is_made_anew_and_finds_what_it_did(desk: Desk) -> None:
    everything_is_found(desk)
    assert old_hashes_left(desk, 1) == 25

    done = rotate(desk)

    assert (done.version, done.done, done.total, done.unread) == (2, 25, 25, 0)
    everything_is_found(desk)
    assert old_hashes_left(desk, 1) == 0 and old_hashes_left(desk, 2) == 25
    assert check_protected(desk.instance) == []
    with desk.reading() as uow:
        assert uow.index_versions == (2,)
    assert rotate(desk).version == 3
    everything_is_found(desk)
    assert old_hashes_left(desk, 2) == 0


def test_meanwhile_one_finds_and_writes_as_ever(desk: Desk) -> None:
    begin(desk)
    with desk.instance.write(SYSTEM, Channel.API) as uow:
        rotating.step(uow)
    for _ in range(14):
        everything_is_found(desk)
        with pytest.raises((DuplicateKey, RecordInvalid)):
            desk.add("patient", no="MRN-4", name="someone else")
        with pytest.raises(DuplicateKey):
            desk.change("patient", ids(desk)["MRN-0"], versions(desk)["MRN-0"], no="MRN-4")
        with desk.instance.write(SYSTEM, Channel.API) as uow:
            rotating.step(uow)
        assert check_protected(desk.instance) == []
    desk.change("patient", ids(desk)["MRN-1"], versions(desk)["MRN-1"], name="新名字")
    assert found(desk, "[name] contains '新名'") == ["MRN-1"]
    rotate(desk)
    assert found(desk, "[name] = '新名字'") == ["MRN-1"]
    assert old_hashes_left(desk, 1) == 0


def ids(desk: Desk) -> dict[str, int]:
    return {record["no"]: record["id"] for record in desk.find("patient", "[no] is not missing")}


def versions(desk: Desk) -> dict[str, int]:
    kind = desk.type("patient")
    with desk.reading() as uow:
        rows = uow.conn.execute(select(kind.main.c.id, kind.main.c.row_version)).all()
    told = {row.id: row.row_version for row in rows}
    return {number: told[one] for number, one in ids(desk).items()}


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_commit_it_goes_on(desk: Desk, after: bool) -> None:
    kills, left = 0, 0

    @contextmanager
    def write() -> Iterator[UnitOfWork]:
        nonlocal left
        with desk.instance.write(SYSTEM, Channel.API) as uow:
            yield uow
            left -= 1
            if left == 0 and not after:
                raise Killed
        if left == 0:
            raise Killed

    for left in (1, 2, 1, 3, 2, 4):  # noqa: B007 -- counted down by `write`
        with pytest.raises(Killed):
            rotate(desk, write)
        kills += 1
        everything_is_found(desk)
    done = rotate(desk)
    everything_is_found(desk)
    assert kills == 6 and done.version == 2
    assert (done.done, old_hashes_left(desk, 1)) == (25, 0)


def test_a_record_comes_back_from_the_trash_with_the_key_it_had_unless_another_has_it(desk: Desk) -> None:
    kind, one, other = desk.type("patient"), ids(desk)["MRN-2"], ids(desk)["MRN-3"]
    with desk.writing() as uow:
        RecordStore(uow).trash(kind, one, 1)
        RecordStore(uow).trash(kind, other, 1)
    third = desk.add("patient", no="MRN-3", name="同号").id  # while its namesake is in the trash
    begin(desk)

    with desk.writing() as uow:
        RecordStore(uow).restore(kind, one)
    with pytest.raises(DuplicateKey), desk.writing() as uow:
        RecordStore(uow).restore(kind, other)

    with pytest.raises((DuplicateKey, RecordInvalid)):
        desk.add("patient", no="MRN-2", name="another")
    rotate(desk)
    assert found(desk, "[no] in ('MRN-2', 'MRN-3')") == ["MRN-2", "MRN-3"]
    assert ids(desk)["MRN-3"] == third


def test_no_field_becomes_the_key_while_equal_values_can_not_be_told(desk: Desk) -> None:
    begin(desk)
    changed = a_document("clinic", CLINIC["record_types"][0] | {"key": "second"})
    with desk.instance.write(SYSTEM, Channel.API) as uow:
        save_draft(uow, "database", changed)
    with pytest.raises(PlanOutdated, match="can't be told yet"):
        publish(desk.instance, SYSTEM, "clinic", Channel.API)


def test_a_value_that_does_not_open_is_counted_and_stays_for_the_check(desk: Desk) -> None:
    kind = desk.type("patient")
    column = kind.column("name")
    with desk.instance.write(SYSTEM, Channel.API) as uow:
        one = uow.conn.scalars(select(kind.main.c.id).limit(1)).one()
        uow.conn.execute(column.table.update().where(kind.main.c.id == one).values({column.name: bytes(60)}))
    assert rotate(desk).unread == 1
    assert len(check_protected(desk.instance)) == 1


def test_the_old_key_is_out_of_use_only_when_all_is_done(desk: Desk) -> None:
    begin(desk)
    assert begin(desk) == 2  # one at a time
    with desk.reading() as uow:
        assert uow.index_versions == (2, 1)
        name = desk.type("patient").column("name").name
        assert len(blind_index(uow, name).all_of("x")) == 2
    rotate(desk)
    with desk.reading() as uow:
        assert uow.conn.scalars(select(index_rotation.c.finished_at)).one() is not None


def test_rows_of_a_file_find_their_records_by_either_key_and_the_job_ends_the_rotation(desk: Desk) -> None:
    mover = Mover(desk.instance)
    begin(desk)
    with desk.writing() as uow:
        for _ in range(6):
            rotating.step(uow)
    rows = "".join(f"MRN-{number},{name}二\n" for number, name in enumerate(NAMES))

    done = mover.load("no,name\n" + rows, "patient", database="clinic")

    assert done.result is not None and done.result["rows"] == 5
    assert [row["name"] for row in mover.records(database="clinic")] == [f"{name}二" for name in NAMES]
    with desk.writing() as uow:
        job = rotating.submit_index_rotation(uow)
    ended = run_now(desk.instance, job)
    assert (ended.state, ended.progress, ended.total) == ("done", 25, 25)
    assert ended.result == {"values": 25, "unread": 0}
    assert found(desk, "[name] contains '霞二'") == ["MRN-0"] and old_hashes_left(desk, 1) == 0
