"""Whose name and password it is: told by the hash that is kept here, or by the hospital's directory.

An account has one of the two, never both: a password from here does not open an account of the directory,
and no password of the directory is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.account_policy import AccountPolicy
from zhenshu.security.directory import Directory, directory_of
from zhenshu.security.directory.accounts import account_of, newcomer
from zhenshu.security.passwords import LONGEST, verify_password
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject
from zhenshu.security.tables import account

if TYPE_CHECKING:
    from zhenshu.instance import Instance

users = User.__table__


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who a name could be. `id` is None for nobody, and for one who may not sign in; `is_free`: nobody has
    the name."""

    name: str
    policy: AccountPolicy
    id: int | None = None
    password_hash: str | None = None
    directory: bool = False
    is_free: bool = False

    def limits(self) -> dict[str, int]:
        return {"failures": self.policy.lock_failures, "minutes": self.policy.lock_minutes}


def find_candidate(uow: UnitOfWork, name: str, policy: AccountPolicy) -> Candidate:
    columns = (users.c.id, users.c.password, users.c.active, account.c.expires_at, account.c.directory)
    query = select(*columns).join(account, account.c.user_id == users.c.id).where(users.c.username == name)
    found = uow.conn.execute(query).one_or_none()
    if found is None:
        return Candidate(name, policy, is_free=True)
    if not found.active or (found.expires_at is not None and found.expires_at <= uow.at):
        return Candidate(name, policy, directory=found.directory)
    return Candidate(name, policy, found.id, found.password, found.directory)


def recognise(
    instance: Instance, candidate: Candidate, password: str, address: str, request_id: str = ""
) -> int | None:
    """The user that name and password are of; for a newcomer of the directory an account is made.

    Raises:
        DirectoryUnavailable.
        NotAdmitted: when they are right and the settings give the newcomer no account.
    """
    directory = directory_of(instance)
    if directory is not None and candidate.directory and candidate.id is not None:
        return _by_directory(instance, directory, candidate, password, address, request_id)
    if directory is not None and candidate.is_free and directory.configuration.templates:
        return _newcomer(instance, directory, candidate, password, address, request_id)
    stored = None if candidate.directory else candidate.password_hash
    return candidate.id if verify_password(stored, password[: LONGEST + 1]) else None


def _by_directory(
    instance: Instance, directory: Directory, candidate: Candidate, password: str, address: str,
    request_id: str,
) -> int | None:  # fmt: skip
    entry = directory.authenticate(candidate.name, password)
    if entry is None:
        return None
    assert candidate.id is not None  # the caller looked
    subject = Subject(candidate.id, candidate.name, address=address)
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        return account_of(uow, candidate.id, entry)


def _newcomer(
    instance: Instance, directory: Directory, candidate: Candidate, password: str, address: str,
    request_id: str,
) -> int | None:  # fmt: skip
    entry = directory.authenticate(candidate.name, password)
    if entry is None:
        return None
    groups = directory.groups(entry)  # before the transaction: it must not wait for another machine
    subject = Subject(None, "directory", address=address)
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        return newcomer(uow, entry, directory.configuration.template_of(groups))
