"""The roof: the list of rooms, and the web app, worker and command line made of them. Nobody imports it."""

from __future__ import annotations

from typing import Any

from flask import Flask

import metamodel
from modules import archive, research
from zhenshu.cli import build_cli
from zhenshu.instance import Instance
from zhenshu.jobs import worker
from zhenshu.rooms import Room
from zhenshu.settings import Settings
from zhenshu.web import create_app


def rooms() -> tuple[Room, ...]:
    return (metamodel.room(), archive.room(), research.room())


def make_instance() -> Instance:
    return Instance(Settings.load())


def web_app() -> Flask:
    return create_app(make_instance(), rooms())


def worker_app() -> Any:
    return worker(make_instance(), rooms())


def main() -> None:
    build_cli(rooms(), make_instance)()
