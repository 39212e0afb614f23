"""Trying a login against the directory, for administrators: what each step finds, what would follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.account_policy import account_policy
from zhenshu.security.directory.accounts import find_template
from zhenshu.security.directory.client import Directory, DirectoryUnavailable, Entry, Failure
from zhenshu.security.directory.opened import require_directory
from zhenshu.security.people import normal_name, users
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject
from zhenshu.security.tables import account
from zhenshu.security.throttle import count_attempt, lock_if_exhausted, refuse, take_back

if TYPE_CHECKING:
    from zhenshu.instance import Instance

# What would become of a login: in by an account, in by a new one, or not, and why.
OUTCOMES = (
    "signs_in", "makes_account", "no_server", "not_found", "wrong_password", "local_account", "disabled",
    "other_entry", "no_account",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """`password` is None when none was tried; `template` is what a new account would be made by."""

    failures: list[Failure]
    entry: Entry | None
    groups: list[str]
    password: bool | None
    template: str | None
    user_id: int | None
    outcome: str


def try_login(instance: Instance, subject: Subject, name: str, password: str, request_id: str = "") -> Trial:
    """Look for `name`, and see whether `password` is theirs if one is given. Nothing is changed, and each
    try counts as a login would: guessing is no faster here.

    Raises:
        NoDirectory, TooManyAttempts.
    """
    directory = require_directory(instance)
    name = normal_name(name)
    _count(instance, subject, name, request_id)
    failures = directory.failures()
    try:
        found = _ask(directory, name, password)
    except DirectoryUnavailable:
        found = None
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        trial = _judged(uow, directory, name, failures, found)
        if trial.password is False:
            lock_if_exhausted(uow, name, account_policy(uow))
        else:
            take_back(uow, name, subject.address)
        record(uow, "try", "directory", "", detail={"outcome": trial.outcome})
    return trial


def _count(instance: Instance, subject: Subject, name: str, request_id: str) -> None:
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        wait = count_attempt(uow, name, subject.address, account_policy(uow))
    if wait is not None:
        raise refuse(wait)


@dataclass(frozen=True, slots=True)
class _Found:
    entry: Entry | None
    groups: frozenset[str]
    password: bool | None


def _ask(directory: Directory, name: str, password: str) -> _Found:
    entry = directory.find(name)
    if entry is None:
        return _Found(None, frozenset(), None)
    is_right = directory.authenticate(name, password) is not None if password else None
    return _Found(entry, directory.groups(entry), is_right)


def _judged(
    uow: UnitOfWork, directory: Directory, name: str, failures: list[Failure], found: _Found | None
) -> Trial:
    if found is None or found.entry is None:
        outcome = "no_server" if found is None else "not_found"
        return Trial(failures, None, [], None, None, None, outcome)
    named = directory.configuration.template_of(found.groups)
    template = find_template(uow, named) if named else None
    user_id, outcome = _account(uow, name, found.entry, template is not None)
    if found.password is False:
        outcome = "wrong_password"
    made_by = template.name if template is not None and user_id is None else None
    return Trial(failures, found.entry, sorted(found.groups), found.password, made_by, user_id, outcome)


def _account(uow: UnitOfWork, name: str, entry: Entry, has_template: bool) -> tuple[int | None, str]:
    columns = (users.c.id, users.c.active, account.c.expires_at, account.c.directory, account.c.directory_id)
    query = select(*columns).join(account, account.c.user_id == users.c.id)
    row = uow.conn.execute(query.where(users.c.username == name)).one_or_none()
    if row is None:
        row = uow.conn.execute(query.where(account.c.directory_id == entry.id)).one_or_none()
    if row is None:
        return None, "makes_account" if has_template else "no_account"
    if not row.active or (row.expires_at is not None and row.expires_at <= uow.at):
        return row.id, "disabled"
    if not row.directory:
        return row.id, "local_account"
    return row.id, "signs_in" if row.directory_id in (None, entry.id) else "other_entry"
