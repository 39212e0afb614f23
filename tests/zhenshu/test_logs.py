"""Logs hold names, ids and counts; no way leads a patient's value into them."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine

from zhenshu import logs
from zhenshu.db.engine import make_engine
from zhenshu.errors import Invalid

NAME = "张三丰"
log = logging.getLogger("zhenshu.somewhere")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    logs.configure(stream=stream)
    yield stream
    root.handlers[:], root.level = before
    logging.captureWarnings(False)
    structlog.reset_defaults()


def written(lines: io.StringIO) -> list[dict[str, Any]]:
    assert NAME not in lines.getvalue()
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_line_has_its_name_level_and_known_facts(lines: io.StringIO) -> None:
    log.warning("plan_applied", extra={"plan_id": 7, "request_id": "r1", "patient_name": NAME})

    [line] = written(lines)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "zhenshu.somewhere",
        "event": "plan_applied",
        "plan_id": 7,
        "request_id": "r1",
    }


def test_arguments_are_never_filled_in(lines: io.StringIO) -> None:
    log.info("no record of %s", NAME)
    assert written(lines)[0]["event"] == "no record of %s"


def test_an_error_is_told_by_its_class_and_place(lines: io.StringIO) -> None:
    try:
        raise Invalid(reason=f"{NAME} has no birth date", reason_zh="略")
    except Invalid:
        log.exception("request_failed")

    [line] = written(lines)
    assert line["error"] == "Invalid"
    assert "test_an_error_is_told_by_its_class_and_place" in line["where"][-1]


def test_an_error_of_the_database_shows_no_parameters(lines: io.StringIO) -> None:
    person = Table("person", MetaData(), Column("id", Integer, primary_key=True), Column("name", String))
    engine = make_engine("sqlite://")
    with pytest.raises(Exception) as caught, engine.begin() as conn:
        person.create(conn)
        conn.execute(person.insert(), [{"id": 1, "name": NAME}, {"id": 1, "name": NAME}])
    assert NAME not in str(caught.value)  # not even where someone prints the error

    log.error("request_failed", exc_info=caught.value)
    assert written(lines)[0]["error"] == "IntegrityError"


def test_others_may_say_where_they_are_and_nothing_else(lines: io.StringIO) -> None:
    logging.getLogger("somelibrary").error(f"cannot parse {NAME}")
    logging.getLogger("gunicorn.error").info("Booting worker with pid: %s", NAME)

    stranger, known = written(lines)
    assert stranger["event"].startswith("test_logs:")
    assert known["event"] == "Booting worker with pid: %s"


def test_statements_are_not_logged_even_when_the_engine_echoes(lines: io.StringIO) -> None:
    with create_engine("sqlite://", echo=True).connect() as conn:
        conn.exec_driver_sql(f"SELECT '{NAME}'")
    written(lines)


def test_context_and_structlog_go_the_same_way(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r2", name=NAME):
        log.info("one")
        structlog.get_logger("zhenshu.other").info("two", job_id=3, value=NAME, kind={"a": NAME})

    one, two = written(lines)
    assert one["request_id"] == two["request_id"] == "r2"
    assert (two["event"], two["job_id"], two["kind"]) == ("two", 3, "dict")
