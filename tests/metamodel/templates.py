"""Copies of an instance with a live database: made once per test process, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from metamodel.catalogue import catalogue_of
from tests.instances import an_instance
from tests.metamodel.live import Desk, make_live
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.settings import Settings


class Template:
    """A closed instance; `url` is "" for SQLite, whose file lies in `home`."""

    def __init__(self, home: Path, url: str, document: Mapping[str, Any]) -> None:
        self._home = home
        self._url = url
        self._code = document["code"]
        self._copies = 0
        instance = an_instance(home, url)
        make_live(instance, document)
        instance.close()

    @contextmanager
    def copied(self, home: Path) -> Iterator[Desk]:
        """A desk in a copy of its own, which is dropped afterwards."""
        shutil.copytree(self._home, home)
        with self._database() as url:
            instance = Instance(Settings(home=home, database_url=url, busy_seconds=5))
            with instance.read(SYSTEM, Channel.API) as uow:
                desk = Desk(instance, catalogue_of(uow).database(self._code))
            yield desk
            instance.close()

    @contextmanager
    def _database(self) -> Iterator[str]:
        if not self._url:
            yield ""
            return
        self._copies += 1
        url = make_url(self._url)
        name = f"{url.database}_copy_{self._copies}"
        admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as conn:
            conn.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{url.database}"')
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as conn:
                conn.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
            admin.dispose()
