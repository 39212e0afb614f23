"""Identities that any test stores are watched for: in its log, and in answers to those who may not see them.

Every value that goes into an encrypted column while a test runs, and could be told from other text, must be
in no line of the log, and in no answer of a `Site` to a caller who sees no identities, unless the caller sent
it in the same request. A test in which that happens fails at its end.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from flask import Flask, Response, g, request

from zhenshu import logs
from zhenshu.security.grant import EMERGENCY
from zhenshu.security.subject import Subject

MOST = 300  # values of one test; enough to notice, few enough to look for in each answer
SOURCE = "metamodel.storage.protected"  # what encrypts values

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Watch:
    """What was stored since the test began, and where it was seen."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.stored: set[str] = set()
        self.found: list[str] = []

    def store(self, plain: bytes) -> None:
        value = orjson.loads(plain)
        if len(self.stored) < MOST and isinstance(value, str) and tells(value):
            self.stored.add(value)

    def seen_in(self, text: str) -> list[str]:
        return [value for value in self.stored if value in text]

    def log(self, line: str) -> None:
        for value in self.seen_in(line):
            self.found.append(f"{value} in the log: {line}")

    def answer(self, response: Response) -> None:
        """Look at an answer of the application before it is packed."""
        if not self.stored or response.direct_passthrough:
            return
        text = response.get_data(as_text=True) + str(response.headers)
        for value in self.seen_in(text):
            if not (may_see(subject_of(g.get("caller"))) or value in sent()):
                self.found.append(f"{value} in the answer of {request.method} {request.path}: {text[:500]}")


WATCH = Watch()


def tells(value: str) -> bool:
    """Whether the text is somebody's, and not one that stands in many answers anyhow."""
    if len(_CHINESE.findall(value)) >= 2:
        return True
    return len(value) >= 6 and sum(map(str.isdigit, value)) >= 4 and not _DAY.match(value)


def may_see(subject: Subject | None) -> bool:
    """Whether some way leads this subject to identities; what is shown to whom, other tests say."""
    if subject is None:
        return False
    emergency = any(grant.kind == EMERGENCY for grant in subject.grants)
    return emergency or ("identify", "records") in subject.permissions


def subject_of(caller: Any) -> Subject | None:
    return caller.subject if caller is not None else None


def sent() -> str:
    return request.get_data(as_text=True) + request.path + " ".join(request.args.values())


def watch_answers(app: Flask) -> None:
    app.after_request(_look)


def _look(response: Response) -> Response:
    WATCH.answer(response)
    return response


class _Handler(logging.Handler):
    """Writes nothing; what the formatter makes of each record is looked at."""

    def emit(self, record: logging.LogRecord) -> None:
        WATCH.log(self.format(record))


def _watch_source() -> None:
    module = sys.modules.get(SOURCE)
    if module is not None and not hasattr(module, "_watched"):
        module._watched = True  # type: ignore[attr-defined]
        module.seal = _storing(module.seal)  # type: ignore[attr-defined]


def _storing(seal: Callable[..., bytes]) -> Callable[..., bytes]:
    def storing(key: bytes, plain: bytes, *more: Any) -> bytes:
        WATCH.store(plain)
        return seal(key, plain, *more)

    return storing


@pytest.fixture(autouse=True)
def watched() -> Iterator[Watch]:
    """Each test is watched; see the module."""
    _watch_source()
    WATCH.begin()
    handler = _Handler()
    handler.setFormatter(logs.JsonLines())
    logging.getLogger().addHandler(handler)
    yield WATCH
    logging.getLogger().removeHandler(handler)
    assert WATCH.found == []
