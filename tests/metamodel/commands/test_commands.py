"""Definitions, records, queries and rules from the command line."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import openpyxl
import pytest

from tests.assembly.house import ROOMS
from tests.metamodel.commands.shell import Shell
from tests.metamodel.exchange.redcap_files import dictionary, variable
from zhenshu.cli import build_cli
from zhenshu.instance import Instance
from zhenshu.settings import Settings


@pytest.fixture
def patients(lung: Shell, tmp_path: Path) -> Path:
    """A file of four patients, of whom one has no such sex; the others are stored."""
    path = tmp_path / "patients.csv"
    path.write_text(
        "record_id,name,sex,height\n1,王五,1,180\n2,李四,1,160.5\n3,赵六,9,1\n4,=1+1,1,\n", "utf-8"
    )
    lung.run("records", "import", "lung", "patient", path)
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_dictionary_is_imported_planned_published_and_written_again(fresh: Shell, tmp_path: Path) -> None:
    source, report = tmp_path / "d.csv", tmp_path / "report.txt"
    source.write_bytes(dictionary(variable("age", validation="integer"), variable("scan", "file")).content)

    made = fresh.gives("define", "import", source, "--code", "study", "--report", report)
    plan = fresh.does("define", "plan", "study")
    released = fresh.gives("define", "publish", "study")
    fresh.does("define", "export", "study", "--format", "redcap", "--out", tmp_path / "again.csv")
    yaml = fresh.does("define", "export", "study")

    assert (made["code"], made["problems"]) == ("study", [])
    assert "scan" in report.read_text("utf-8")
    assert "[safe]" in plan
    assert released == {"database": "study", "release": 1}
    assert [row["Variable / Field Name"] for row in rows(tmp_path / "again.csv")] == ["record_id", "age"]
    assert "code: study" in yaml


def test_fields_are_added_renamed_moved_hidden_removed_and_restored_without_loss(
    lung: Shell, patients: Path
) -> None:
    def field(*arguments: str) -> None:
        lung.does("define", "field", arguments[0], "lung", "patient", *arguments[1:])

    field("add", "note", "string", "--zh", "备注", "--en", "Note")
    field("rename", "height", "body_height")
    field("move", "body_height", "--before", "name")
    field("hide", "name")
    field("remove", "pregnant")
    lung.does("define", "publish", "lung")
    field("restore", "name")
    field("restore", "pregnant")
    lung.does("define", "publish", "lung")

    [record] = lung.gives("query", "lung", "[body_height] > 170")["items"]
    assert (record["record_id"], record["name"], record["body_height"]) == ("1", "王五", 180.0)
    assert {"note", "pregnant"} <= set(record)


def test_what_loses_data_asks_for_approval_and_can_be_undone(lung: Shell, patients: Path) -> None:
    lung.does("define", "field", "remove", "lung", "patient", "name")

    refusal = lung.fails("define", "publish", "lung")
    lung.does("define", "publish", "lung", "--approve")
    without = lung.gives("query", "lung", "[record_id] = '1'")["items"][0]
    lung.does("define", "undo", "lung", "--approve")

    assert "approval" in refusal
    assert "name" not in without
    assert lung.gives("query", "lung", "[record_id] = '1'")["items"][0]["name"] == "王五"


def test_approving_where_nothing_needs_it_is_no_error(lung: Shell) -> None:
    lung.does("define", "field", "hide", "lung", "patient", "name")
    assert "release 2" in lung.does("define", "publish", "lung", "--approve")


def test_an_import_says_what_became_of_every_row(lung: Shell, tmp_path: Path) -> None:
    source, rejected = tmp_path / "p.csv", tmp_path / "rejected.csv"
    source.write_text("record_id,sex\n1,1\n2,9\n", "utf-8")

    said = lung.does("records", "import", "lung", "patient", source, "--rejected", rejected)
    again = lung.gives("records", "import", "lung", "patient", source)

    assert "2 rows read, 1 rejected" in said
    assert [(row["row"], row["field"]) for row in rows(rejected)] == [("3", "sex")]
    assert again["records"] == {"patient": {"unchanged": 1, "rejected": 1}}


def test_an_export_gives_back_what_came_in_with_codes_or_labels(
    lung: Shell, patients: Path, tmp_path: Path
) -> None:
    coded, book = tmp_path / "out.csv", tmp_path / "out.xlsx"

    told = lung.gives("records", "export", "lung", "--where", "[height] > 100", "--codes", "--out", coded)
    lung.does(
        "records", "export", "lung", "--select", "record_id,sex,name", "--format", "xlsx", "--out", book
    )
    lung.does("records", "export", "lung", "--codes", "--select", "name", "--out", tmp_path / "names.csv")

    assert told["records"] == 2
    assert [(row["record_id"], row["name"], row["sex"], row["height"]) for row in rows(coded)] == [
        ("1", "王五", "1", "180.0"), ("2", "李四", "1", "160.5"),
    ]  # fmt: skip
    sheet = list(openpyxl.load_workbook(book).worksheets[0].values)
    assert set(sheet[1]) == {"1", "Choice 1", "王五"}
    assert [row["name"] for row in rows(tmp_path / "names.csv")] == ["王五", "李四", "'=1+1"]


def test_an_export_into_a_zip_has_the_codebook_beside_the_data(
    lung: Shell, patients: Path, tmp_path: Path
) -> None:
    plain, packed = tmp_path / "out.sav", tmp_path / "out.zip"

    for out in (plain, packed):
        lung.does("records", "export", "lung", "--format", "sav", "--out", out)

    archive = zipfile.ZipFile(packed)
    assert archive.read("lung-patient.sav") == plain.read_bytes()
    assert b"record_id" in archive.read("codebook.csv")


def test_a_query_counts_prints_or_gives_json(lung: Shell, patients: Path) -> None:
    where = "[sex] = '1' and not ([height] > 170 or [height] is missing)"

    assert lung.does("query", "lung", where, "--count") == "1\n"
    assert lung.gives("query", "lung", where, "--count") == {"count": 1}
    found = lung.gives("query", "lung", where)
    assert (found["count"], found["items"][0]["record_id"]) == (1, "2")
    assert "\t2\t李四\t1\t" in lung.does("query", "lung", "[sex] = '1' 且 [height] < 170")
    assert lung.does("query", "lung", "true", "--limit", 1).count("\n") == 1


def test_rules_are_evaluated(lung: Shell) -> None:
    given = [
        "--record",
        json.dumps({"a": 3, "d": "2026-03-05"}),
        "--types",
        json.dumps({"a": "integer", "d": "date"}),
    ]

    assert lung.does("rules", "eval", "[a] / 2", *given) == "1.5\n"
    assert lung.does("rules", "eval", "year([d])", *given) == "2026\n"
    assert lung.does("rules", "eval", "[b] > 1", "--types", '{"b": "integer"}') == "null\n"


FAILURES = [
    (["define", "plan", "nothing"], "nothing"),
    (["define", "publish", "nothing"], "nothing"),
    (["define", "publish", "lung"], "no draft"),
    (["define", "undo", "lung"], "no earlier release"),
    (["define", "export", "nothing"], "nothing"),
    (["define", "import", "/no/such/file"], "/no/such/file"),
    (["define", "field", "add", "lung", "patient", "1x", "string"], "1x"),
    (["define", "field", "add", "lung", "patient", "x", "colour"], "colour"),
    (["define", "field", "rename", "lung", "patient", "nope", "x"], "nope"),
    (["define", "field", "remove", "lung", "patient", "record_id"], "key"),
    (["define", "field", "restore", "lung", "patient", "nope"], "nope"),
    (["records", "import", "lung", "/no/such/file"], "/no/such/file"),
    (["records", "export", "lung", "nothing", "--out", "x.csv"], "nothing"),
    (["records", "export", "lung", "--where", "[nope] = 1", "--out", "x.csv"], "nope"),
    (["query", "nothing", "true"], "nothing"),
    (["query", "lung", "[nope] = 1"], "nope"),
    (["query", "lung", "1 + 1"], "filter"),
    (["rules", "eval", "1", "--record", "{"], "JSON"),
    (["rules", "eval", "1", "--types", '{"a": "colour"}'], "colour"),
    (["rules", "eval", "1", "--types", '{"a": "date"}', "--record", '{"a": "soon"}'], "soon"),
    (["rules", "check", "/no/such/file"], "/no/such/file"),
    (["rules", "format", "/no/such/file"], "/no/such/file"),
    (["rules", "test", "/no/such/file"], "/no/such/file"),
]  # fmt: skip


def test_each_failure_is_one_line_that_names_what_is_wrong(lung: Shell) -> None:
    for arguments, part in FAILURES:
        assert part in lung.fails(*arguments), arguments
        assert lung.fails(*arguments, language="zh"), arguments


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


WHOLE = build_cli(ROOMS, lambda: Instance(Settings()))
ALL = dict(commands(WHOLE))


def has_both(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text) and any(
        "a" <= letter <= "z" for letter in text
    )


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_explains_itself_in_both_languages(path: tuple[str, ...], tmp_path: Path) -> None:
    shell = Shell(Settings(home=tmp_path / "not-made-yet"))

    said = shell.does(*path, "--help")

    assert has_both(ALL[path].help or ""), path
    assert "Usage: " in said
    assert not (tmp_path / "not-made-yet").exists()
    for parameter in ALL[path].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (path, parameter.name)
