"""Asking the directory: who has a name, whether a password is theirs, and which groups they are in.

Each question opens a connection of its own and leaves nothing behind; no password is kept. Referrals are not
followed: they would carry the password to a server that nobody set.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ldap3 import DEREF_NEVER, SIMPLE, SUBTREE, Connection
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from zhenshu.errors import ZhenshuError
from zhenshu.security.directory.configuration import DirectoryConfiguration, DirectoryServer, normal_dn
from zhenshu.security.directory.connection import Failed, bind_service, opened, problem_of
from zhenshu.security.people import normal_name

log = logging.getLogger(__name__)
T = TypeVar("T")
Question = Callable[[Connection, DirectoryServer], T]

# Result codes of RFC 4511.
SUCCESS, SIZE_LIMIT = 0, 4
NO_SERVICE = frozenset({1, 3, 51, 52, 80})  # operations error, time limit, busy, unavailable, other
MOST_GROUPS = 1000
# What can be wrong with a server; refused: our own DN and password.
PROBLEMS = ("unreachable", "certificate", "password_file", "refused", "search", "failed")
REST = 30.0  # seconds for which a server that failed is asked after the others
QUEUE = 2.0  # seconds to wait for earlier questions of this process


class DirectoryUnavailable(ZhenshuError):
    """The hospital's directory does not answer. The attempt is not counted; try again in a few minutes."""

    status = 503
    zh = "医院目录服务无响应。本次尝试不计入失败次数，请几分钟后重试。"


@dataclass(frozen=True, slots=True)
class Entry:
    """A person of the directory. `id` never changes, whatever becomes of the name."""

    dn: str
    id: str
    name: str
    display_name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a server gave no answer: one of PROBLEMS."""

    server: str
    problem: str


class Directory:
    """The servers of the settings, asked in their order until one answers."""

    def __init__(self, configuration: DirectoryConfiguration, at_once: int = 2) -> None:
        self.configuration = configuration
        self._free = threading.BoundedSemaphore(at_once)
        self._failed_at: dict[DirectoryServer, float] = {}

    def find(self, name: str) -> Entry | None:
        """The one entry whose login name is `name`, of those who may sign in.

        Raises:
            DirectoryUnavailable.
        """
        return self._ask(lambda connection, _: self._by_name(connection, name))

    def present(self, ids: Collection[str]) -> set[str]:
        """Which of the entries with these ids are still there and may sign in.

        Raises:
            DirectoryUnavailable.
        """
        return self._ask(lambda connection, _: {one for one in ids if self._has_id(connection, one)})

    def authenticate(self, name: str, password: str) -> Entry | None:
        """The entry of `name` if `password` is its password.

        Raises:
            DirectoryUnavailable.
        """
        # A bind without a password succeeds for anybody (RFC 4513, 5.1.2).
        if not password or "\0" in password:
            return None
        return self._ask(lambda connection, server: self._authenticate(connection, server, name, password))

    def groups(self, entry: Entry) -> frozenset[str]:
        """The normalised DNs of the groups that the group filter gives for `entry`.

        Raises:
            DirectoryUnavailable.
        """
        wanted = self.configuration.group_filter.replace("{dn}", escape_filter_chars(entry.dn))
        found = self._ask(lambda connection, _: self._search(connection, wanted, (), MOST_GROUPS))
        return frozenset(normal_dn(group["dn"]) for group in found or ())

    def failures(self) -> list[Failure]:
        """What is wrong with each server; empty when all answer."""
        found = []
        for server in self.configuration.servers:
            if problem := self._problem(server):
                found.append(Failure(server.address, problem))
        return found

    def _problem(self, server: DirectoryServer) -> str:
        try:
            with opened(self.configuration, server) as connection:
                bind_service(self.configuration, connection)
                self._search(connection, self.configuration.filter, (), 1)
        except (LDAPException, OSError, Failed) as error:
            return problem_of(error)
        return ""

    def _by_name(self, connection: Connection, name: str) -> Entry | None:
        set_ = self.configuration
        wanted = f"(&{set_.filter}({set_.login_attribute}={escape_filter_chars(name)}))"
        named = (set_.login_attribute, set_.id_attribute, set_.name_attribute, set_.phone_attribute)
        found = self._search(connection, wanted, [attribute for attribute in named if attribute], 2)
        if found is None or len(found) > 1:
            log.warning("directory_ambiguous")  # several people for one name: none of them
            return None
        entry = self._entry(found[0]) if found else None
        # A directory may take "wäng" for "wang". Here each spelling would have attempts of its own.
        return entry if entry is not None and entry.name == name else None

    def _entry(self, found: Any) -> Entry | None:
        raw = {name.lower(): values for name, values in found["raw_attributes"].items()}
        set_ = self.configuration
        ids = raw.get(set_.id_attribute.lower())
        if not ids:
            log.error("directory_id_missing", extra={"attribute": set_.id_attribute})
            return None
        named = (set_.login_attribute, set_.name_attribute, set_.phone_attribute)
        name, shown, phone = (_text(raw, attribute) for attribute in named)
        return Entry(found["dn"], bytes(ids[0]).hex(), normal_name(name), shown, phone)

    def _has_id(self, connection: Connection, entry_id: str) -> bool:
        value = escape_filter_chars(bytes.fromhex(entry_id))
        wanted = f"(&{self.configuration.filter}({self.configuration.id_attribute}={value}))"
        return bool(self._search(connection, wanted, (), 2))

    def _search(
        self, connection: Connection, wanted: str, attributes: Sequence[str], most: int
    ) -> list[Any] | None:
        """The entries, or None when there are more than `most`."""
        connection.search(
            self.configuration.base_dn, wanted, SUBTREE, dereference_aliases=DEREF_NEVER,
            attributes=list(attributes) or ["1.1"], size_limit=most, time_limit=self.configuration.seconds,
        )  # fmt: skip
        code = connection.result["result"]
        if code == SIZE_LIMIT:
            return None
        if code != SUCCESS:  # a base that is not there is no "nobody": it is a wrong setting
            log.error("directory_search_failed", extra={"result": connection.result["description"]})
            raise Failed("search")
        return [each for each in connection.response or () if each["type"] == "searchResEntry"]

    def _authenticate(
        self, connection: Connection, server: DirectoryServer, name: str, password: str
    ) -> Entry | None:
        entry = self._by_name(connection, name)
        # A name that nobody has takes a bind, too: the time must not tell.
        dn = entry.dn if entry is not None else f"cn=nobody,{self.configuration.base_dn}"
        with opened(self.configuration, server) as theirs:
            theirs.user, theirs.password, theirs.authentication = dn, password, SIMPLE
            is_right = bool(theirs.bind(read_server_info=False))
            if theirs.result["result"] in NO_SERVICE:
                raise Failed("failed")
        return entry if is_right else None

    def _ask(self, question: Question[T]) -> T:
        if not self._free.acquire(timeout=QUEUE):
            log.error("directory_crowded")
            raise DirectoryUnavailable
        try:
            return self._ask_each(question)
        finally:
            self._free.release()

    def _ask_each(self, question: Question[T]) -> T:
        for server in sorted(self.configuration.servers, key=self._rests):
            try:
                with opened(self.configuration, server) as connection:
                    bind_service(self.configuration, connection)
                    answer = question(connection, server)
                self._failed_at.pop(server, None)
                return answer
            except (LDAPException, OSError, Failed) as error:
                self._failed_at[server] = time.monotonic()
                # Not its words: they may hold a name or a DN.
                problem = problem_of(error)
                log.error("directory_failed", extra={"server": server.address, "problem": problem})
        raise DirectoryUnavailable

    def _rests(self, server: DirectoryServer) -> bool:
        return time.monotonic() - self._failed_at.get(server, -REST) < REST


def _text(raw: dict[str, Any], name: str) -> str:
    values = raw.get(name.lower()) if name else None
    return bytes(values[0]).decode("utf-8", "replace").strip() if values else ""
