"""`zhenshu users`."""

import json
from typing import Any

import pyotp
import pytest
from click.testing import CliRunner, Result

from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.callers import caller_by_token
from zhenshu.security.commands import users
from zhenshu.security.directory.opened import NoDirectory
from zhenshu.security.login import CodeNeeded, log_in
from zhenshu.security.people import find_user
from zhenshu.security.second_factor import begin_enrolment, confirm_enrolment

PASSWORD = "Correct-Horse-7"


def run(instance: Instance, *arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(users, arguments, obj=instance, input=stdin)


def run_json(instance: Instance, *arguments: str) -> Any:
    result = run(instance, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_user_made_signs_in_with_the_printed_password(embedded: Instance) -> None:
    made = run_json(embedded, "add", "wang", "--role", "reader")

    assert log_in(embedded, "wang", made["one_time_password"], "").user.must_change_password


def test_a_password_from_standard_input_is_not_printed(embedded: Instance) -> None:
    result = run(embedded, "add", "wang", "--role", "reader", "--password-stdin", stdin=f"{PASSWORD}\n")

    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert log_in(embedded, "wang", PASSWORD, "").user.name == "wang"


def test_users_are_listed(embedded: Instance) -> None:
    run(embedded, "add", "wang", "--role", "reader")

    assert "wang\treader" in run(embedded, "list").output
    assert run_json(embedded, "list")[0]["roles"] == ["reader"]


def test_a_new_password_replaces_the_old_one(embedded: Instance) -> None:
    run(embedded, "add", "wang", "--role", "reader")

    new = run_json(embedded, "password", "wang")["one_time_password"]

    assert log_in(embedded, "wang", new, "").user.name == "wang"


def test_a_token_printed_is_valid(embedded: Instance) -> None:
    run(embedded, "add", "wang", "--role", "reader")

    value = run(embedded, "token", "wang", "--days", "1").output.strip()

    caller = caller_by_token(embedded, value, "")
    assert caller is not None
    assert caller.subject.name == "wang"


def test_an_unknown_user_is_an_error(embedded: Instance) -> None:
    assert isinstance(run(embedded, "token", "nobody").exception, NotFound)


def test_a_grant_is_given_from_the_command_line(embedded: Instance) -> None:
    run_json(embedded, "add", "wang", "--role", "reader")

    made = run_json(
        embedded, "grant", "wang", "lung/patient", "export", "--until", "2199-01-01", "--grade", "1"
    )

    assert (made["resource"], made["actions"]) == ("lung.patient", ["view", "export"])
    for wrong in (("nobody", "lung", "view"), ("project:x", "lung", "view"), ("wang", "lung", "fly"),
                  ("wang", "lung", "view", "--until", "2001-01-01")):  # fmt: skip
        assert run(embedded, "grant", *wrong).exit_code != 0


def test_a_lost_second_factor_is_taken_away(embedded: Instance) -> None:
    run(embedded, "add", "wang", "--role", "hospital_admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    with embedded.write(SYSTEM, Channel.API) as uow:
        wang = find_user(uow, "wang").id
        secret = begin_enrolment(uow, wang).secret
        confirm_enrolment(uow, wang, pyotp.TOTP(secret).now(), None)
    with pytest.raises(CodeNeeded):
        log_in(embedded, "wang", PASSWORD, "")

    assert run(embedded, "reset-factor", "wang").exit_code == 0

    assert log_in(embedded, "wang", PASSWORD, "").user.name == "wang"


def test_a_user_of_a_directory_needs_one(embedded: Instance) -> None:
    result = run(embedded, "add", "wang", "--role", "reader", "--directory")

    assert isinstance(result.exception, NoDirectory)
