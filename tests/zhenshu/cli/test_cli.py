"""The command line: one clear line when something is wrong, and commands that may be run again."""

import dataclasses
import io
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from tests.architecture.tree import ROOT
from tests.zhenshu.cli.house import House
from zhenshu.audit import record
from zhenshu.cli.language import language
from zhenshu.errors import Conflict, Invalid
from zhenshu.instance import Instance
from zhenshu.jobs import JobKind, bind_jobs, submit
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import NAMES
from zhenshu.security.subject import SYSTEM
from zhenshu.storage import put_file

Maker = Callable[..., House]
ENVIRONMENT = {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}", "PATH": "/usr/bin:/bin"}


def test_init_makes_a_healthy_instance_and_may_be_run_again(house: House) -> None:
    for _ in range(2):
        result = house.run("init")
        assert result.exit_code == 0, result.output

    assert house.calls == ["init", "init"]
    assert house.check()["ok"], house.check()
    folder = house.settings.secrets_folder
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert house.run("check").exit_code == 0


def test_demo_data_comes_only_when_asked_for(house: House) -> None:
    house.run("init", "--demo")
    assert house.calls == ["init", "demo"]


def test_data_is_closed_to_other_users_even_in_an_open_folder(make_house: Maker) -> None:
    house = make_house("")
    house.settings.home.mkdir(mode=0o755)
    house.run("init")

    home = house.settings.home
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert (modes["zhenshu.db"], modes["files"], modes["secrets"]) == (0o600, 0o700, 0o700)


def test_init_goes_on_after_it_was_killed_while_making_keys(house: House) -> None:
    folder = house.settings.secrets_folder
    folder.mkdir(parents=True, mode=0o700)
    (folder / "master.key").touch(mode=0o600)

    assert house.run("init").exit_code == 0
    assert house.faults_of("secrets") == []


def test_init_never_makes_new_keys_for_old_data(house: House) -> None:
    house.run("init")
    (house.settings.secrets_folder / "index.key").unlink()

    result = house.run("init")

    assert result.exit_code == 1
    assert "Restore it from the backup of the secrets folder" in result.stderr
    assert not (house.settings.secrets_folder / "index.key").exists()


def test_check_tells_what_is_wrong_and_exits_1(house: House) -> None:
    house.run("init")
    instance = house.instance()
    bind_jobs(instance, [JobKind("job", {}, lambda run: None)], wake=lambda queue, job_id: None)
    with instance.write(SYSTEM, Channel.API) as uow:
        record(uow, "view", "records", "1")
        kept = put_file(uow, "ct.zip", io.BytesIO(b"x"))
        submit(uow, "job", {})
    (house.settings.home / "files" / kept.path).unlink()
    with instance.engine.begin() as conn:
        conn.execute(text("DROP TABLE event_delivery"))
        conn.execute(text("UPDATE job SET state = 'running', lease_until = '2020-01-01 00:00:00.000000'"))
    (house.settings.secrets_folder / f"{NAMES[0]}.key").chmod(0o644)
    house.faults.append("a fault of the room")
    instance.close()

    assert house.run("check").exit_code == 1
    found = {finding["name"]: finding["faults"] for finding in house.check()["checks"]}

    assert found.pop("audit trail") == []
    assert found.pop("the room") == ["a fault of the room"]
    assert found.pop("stored files") == [f"file {kept.id}: its bytes are missing"]
    assert found.pop("job leases") == ["job 1: its worker fell silent"]
    assert found.pop("event delivery")[0].startswith("could not be run: ")
    assert "event_delivery" in found.pop("database tables")[0]
    assert "0644" in found.pop("secrets")[0]
    assert found == {}


def failing(error: Exception) -> click.Command:
    @click.command("fail")
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "The request was not accepted: row 3. Nothing was changed.\n"),
        ("zh", "请求未被接受：第 3 行。未作任何修改。\n"),
    ],
)
def test_an_error_of_ours_is_one_line_in_the_users_language(
    make_house: Maker, language: str, line: str
) -> None:
    result = make_house("", failing(Invalid(reason="row 3", reason_zh="第 3 行"))).run(
        "fail", language=language
    )
    assert (result.exit_code, result.stderr, result.stdout) == (1, line, "")


def test_an_instant_is_told_in_the_time_of_this_machine(
    make_house: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    changed = Conflict(reason="li was faster at 2026-03-05T16:20:07+00:00.", reason_zh="")
    result = make_house("", failing(changed)).run("fail", language="en")
    monkeypatch.undo()
    time.tzset()
    assert result.stderr == "li was faster at 2026-03-06 00:20. Nothing was changed.\n"


def test_an_unknown_error_shows_its_class_and_none_of_its_words(make_house: Maker) -> None:
    result = make_house("", failing(ValueError("张三"))).run("fail")
    assert result.exit_code == 70
    assert "ValueError" in result.stderr and "张三" not in result.output


def test_the_locale_decides_where_no_language_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ZHENSHU_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for locale, expected in (("en_GB.UTF-8", "en"), ("zh_CN.UTF-8", "zh"), ("C.UTF-8", "zh")):
        monkeypatch.setenv("LANG", locale)
        assert language() == expected


def reading() -> click.Command:
    @click.command("read")
    @click.pass_obj
    def read(instance: Instance) -> None:
        with instance.read(SYSTEM, Channel.API):
            pass

    return read


def test_a_command_on_an_instance_that_was_never_made_says_so(make_house: Maker) -> None:
    house = make_house("", reading())
    house.settings.home.mkdir()
    result = house.run("read")
    assert result.exit_code == 1
    assert "Run `zhenshu init` first." in result.stderr and result.stderr.count("\n") == 1


def test_a_database_that_is_away_is_one_line(make_house: Maker) -> None:
    house = make_house("postgresql+psycopg://zhenshu@127.0.0.1:1/none", reading())
    result = house.run("read")
    assert result.exit_code == 1
    assert result.stderr.startswith("The database can't be reached: ") and result.stderr.count("\n") == 1


def test_a_second_init_waits_for_the_first(make_house: Maker) -> None:
    house = make_house()
    program = (
        "from pathlib import Path; from zhenshu.cli import build_cli; from zhenshu.instance import Instance;"
        "from zhenshu.settings import Settings;"
        f"build_cli([], lambda: Instance(Settings(home=Path({str(house.settings.home)!r}))))(['init'])"
    )
    both = [subprocess.Popen([sys.executable, "-c", program], env=ENVIRONMENT) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert house.check()["ok"]


def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path: Path) -> None:
    program = (
        "import click; from zhenshu.cli import build_cli; from zhenshu.instance import Instance;"
        "from zhenshu.rooms import Room; from zhenshu.settings import Settings; from pathlib import Path\n"
        "many = click.Command('many', callback=lambda: [click.echo('x' * 100) for _ in range(10000)])\n"
        f"settings = Settings(home=Path({str(tmp_path)!r}))\n"
        "build_cli([Room('r', commands=[many])], lambda: Instance(settings))(['many'])"
    )
    environment = ENVIRONMENT | {"PROGRAM": program}
    command = f"'{sys.executable}' -c \"$PROGRAM\" | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command],
        env=environment,
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == b"x" * 100 + b"\n"
    assert done.stderr == b""


def test_a_directory_that_cannot_be_used_is_told_before_anything_is_served(make_house: Maker) -> None:
    house = make_house()
    house.run("init")
    house.settings = dataclasses.replace(house.settings, directory_urls="ldaps://dc1.hospital.test")

    result = house.run("up", "--port", "0")

    assert result.exit_code != 0
    assert "directory_ca_file" in result.output
