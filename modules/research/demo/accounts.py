"""Demonstration accounts: one per role, with passwords made at random for this instance alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from zhenshu.db import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.account_policy import change_account_policy, is_chosen
from zhenshu.security.accounts import create_user
from zhenshu.security.people import find_user, list_users

ACCOUNTS = (
    ("admin", "hospital_admin", "医院管理员"),
    ("designer", "research_admin", "科研管理员"),
    ("researcher", "researcher", "科研人员"),
    ("reader", "reader", "阅览者"),
    ("security", "security_admin", "安全管理员"),
    ("auditor", "audit_admin", "审计管理员"),
)
FILE = "demo-logins.txt"


def make_accounts(instance: Instance) -> Path:
    """Make the accounts that are missing; the file with the logins is readable by its owner alone."""
    path = instance.settings.home / FILE
    _spare_second_factor(instance)
    made = [line for name, role, shown in ACCOUNTS if (line := _make(instance, name, role, shown))]
    if made:
        _append(path, made)
    return path


def _spare_second_factor(instance: Instance) -> None:
    """Whoever looks at a demonstration has no device at hand. An instance with users stays as it is."""
    with instance.write(SYSTEM, Channel.API, purpose="demonstration account") as uow:
        if not list_users(uow, limit=1) and not is_chosen(uow):
            change_account_policy(uow, second_factor_roles=())


def _make(instance: Instance, name: str, role: str, shown: str) -> str | None:
    password = f"{secrets.token_urlsafe(12)}-Zs1"
    with instance.write(SYSTEM, Channel.API, purpose="demonstration account") as uow:
        if _exists(uow, name):
            return None
        create_user(uow, name, (role,), password, display_name=shown)
    return f"{name}\t{password}\t{role}\t{shown}"


def _exists(uow: UnitOfWork, name: str) -> bool:
    try:
        find_user(uow, name)
    except NotFound:
        return False
    return True


def _append(path: Path, lines: list[str]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
