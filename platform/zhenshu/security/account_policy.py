"""The policy for accounts, as administrators chose it: how passwords must be, and when failures lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.tables import security_setting

NAME = "account_policy"
ROLES = "second_factor_roles"


@dataclass(frozen=True, slots=True)
class AccountPolicy:
    """Lengths are in characters; a class is one of lower case, upper case, digits, all else."""

    min_length: int = 10
    min_classes: int = 3
    history: int = 5  # so many of the last passwords, the present one included, can't be chosen again
    max_age_days: int = 90  # 0: a password holds for ever
    lock_failures: int = 5
    lock_minutes: int = 15
    emergency_minutes: int = 60  # how long access in an emergency may last
    audit_keep_days: int = 1095  # so long entries of the trail stay in the database; then in sealed files
    max_unused_days: int = 90  # an account that nobody used for so long is disabled; 0: none is
    # Who holds one of these has to have a second factor. By default those who let others in, or define data.
    second_factor_roles: tuple[str, ...] = (
        "audit_admin",
        "hospital_admin",
        "research_admin",
        "security_admin",
    )

    @property
    def lock(self) -> timedelta:
        return timedelta(minutes=self.lock_minutes)

    def is_expired(self, changed_at: datetime, now: datetime) -> bool:
        """Whether a password chosen at `changed_at` has to be changed by now."""
        return self.max_age_days > 0 and changed_at + timedelta(days=self.max_age_days) <= now


# What administrators may choose, so that nobody weakens the house below 等保三级 (GB/T 22239-2019 8.1.4.1).
BOUNDS: Mapping[str, tuple[int, int]] = {
    "min_length": (8, 64),
    "min_classes": (1, 4),
    "history": (1, 24),
    "max_age_days": (0, 730),
    "lock_failures": (3, 10),
    "lock_minutes": (5, 1440),
    "emergency_minutes": (5, 240),
    "max_unused_days": (0, 730),
    "audit_keep_days": (180, 3650),  # six months at least: 网络安全法 art. 21
}
DEFAULT = AccountPolicy()


def account_policy(uow: UnitOfWork) -> AccountPolicy:
    """The policy in force; what nobody chose is as in DEFAULT."""
    chosen = uow.conn.execute(
        select(security_setting.c.value).where(security_setting.c.name == NAME)
    ).scalar()
    known: dict[str, Any] = {name: value for name, value in (chosen or {}).items() if name in BOUNDS}
    roles = (chosen or {}).get(ROLES, DEFAULT.second_factor_roles)
    return AccountPolicy(**known, second_factor_roles=tuple(roles))


def is_chosen(uow: UnitOfWork) -> bool:
    """Whether anybody chose a policy so far."""
    query = select(security_setting.c.name).where(security_setting.c.name == NAME)
    return uow.conn.execute(query).first() is not None


def change_account_policy(uow: UnitOfWork, **changes: Any) -> AccountPolicy:
    """Change what is given, within BOUNDS; it holds from the next login or change of a password on."""
    before = asdict(account_policy(uow))
    after = before | changes
    after[ROLES] = tuple(sorted(after[ROLES]))
    assert all(low <= after[name] <= high for name, (low, high) in BOUNDS.items())  # the API checked it
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return AccountPolicy(**after)
    uow.conn.execute(delete(security_setting).where(security_setting.c.name == NAME))
    uow.conn.execute(insert(security_setting).values(name=NAME, value=after))
    detail = {name: [before[name], after[name]] for name in changed}
    record(uow, "edit", "account_policy", "", fields=changed, detail=detail)
    return AccountPolicy(**after)
