"""An instance: settings, secrets, engine and storage of one installation, opened once per process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

from sqlalchemy import Engine

from zhenshu.db.engine import make_engine
from zhenshu.db.unit_of_work import UnitOfWork, unit_of_work
from zhenshu.security.policy import Channel, GrantPolicy, Policy
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import Subject
from zhenshu.settings import Settings


class Instance:
    """What a process needs of an installation.

    The engine connects at first use, so an instance made before a fork is safe to use after it.
    """

    def __init__(self, settings: Settings, policy: Policy | None = None) -> None:
        self.settings = settings
        self.policy: Policy = policy or GrantPolicy()
        self.memo: dict[Any, Any] = {}  # caches keyed by version, owned by the rooms that fill them
        self.closing: list[Callable[[], None]] = []  # what is still to be done before it closes

    @cached_property
    def engine(self) -> Engine:
        return make_engine(self.settings.url, self.settings.busy_seconds)

    @cached_property
    def secrets(self) -> Secrets:
        return Secrets.load(self.settings.secrets_folder)

    def read(
        self, subject: Subject, channel: Channel, purpose: str = "", request_id: str = "",
        seconds: int | None = None,
    ) -> AbstractContextManager[UnitOfWork]:  # fmt: skip
        """A transaction that only reads, of one consistent state.

        Raises:
            TookTooLong: when the database is at it for more than `seconds`.
        """
        return unit_of_work(
            self, subject, channel, writes=False, purpose=purpose, request_id=request_id, seconds=seconds
        )

    def write(
        self, subject: Subject, channel: Channel, purpose: str = "", request_id: str = ""
    ) -> AbstractContextManager[UnitOfWork]:
        """A transaction that may write; it commits when the block ends and rolls back on any error."""
        return unit_of_work(self, subject, channel, writes=True, purpose=purpose, request_id=request_id)

    def close(self) -> None:
        for act in self.closing:
            act()
        if "engine" in self.__dict__:
            self.engine.dispose()
