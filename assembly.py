"""The roof: the list of rooms, and the web app, worker and command line made of them. Nobody imports it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from forms.room import room as forms
from metamodel.room import room as metamodel
from modules import archive, research
from zhenshu.cli import build_cli
from zhenshu.instance import Instance
from zhenshu.jobs import bind_rooms
from zhenshu.jobs import worker as job_worker
from zhenshu.process import Steward
from zhenshu.rooms import Room
from zhenshu.security.room import room as security
from zhenshu.settings import Settings
from zhenshu.web.app import create_app


def rooms() -> tuple[Room, ...]:
    upper = (metamodel(), forms(), archive.room(), research.room())
    return (security(upper), *upper)


def make_instance() -> Instance:
    return Instance(Settings.load())


def web_app() -> Flask:
    instance = make_instance()
    bind_rooms(instance, rooms())
    return create_app(instance, rooms())


def worker_app() -> Any:
    return job_worker(make_instance(), rooms())


def steward() -> Steward:
    instance = make_instance()
    bind_rooms(instance, rooms())
    return Steward(instance, [listener for room in rooms() for listener in room.listeners])


def main() -> None:
    build_cli(rooms(), make_instance, demo=research.demo)()
