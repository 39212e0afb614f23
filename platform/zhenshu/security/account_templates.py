"""Account templates: what accounts of one role type have in common, to make one or many from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Conflict, NotFound
from zhenshu.security.accounts import NoSuchRole
from zhenshu.security.people import roles
from zhenshu.security.tables import account_template

if TYPE_CHECKING:
    from zhenshu.instance import Instance


class TemplateExists(Conflict):
    """There is already an account template named {name}. Nothing was changed."""

    zh = "已有名为“{name}”的账号模板。未作任何修改。"


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """`valid_days` is for how long an account made from it lasts, today not counted; None: without an end."""

    id: int
    name: str
    role: str
    language: str
    valid_days: int | None

    def expires_at(self, instance: Instance, now: datetime) -> datetime | None:
        if self.valid_days is None:
            return None
        today = now.astimezone(ZoneInfo(instance.settings.zone)).date()
        return end_of_day(instance, today + timedelta(days=self.valid_days))


def end_of_day(instance: Instance, day: date) -> datetime:
    """The instant at which `day` is over in the hospital's zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(instance.settings.zone))


def list_templates(uow: UnitOfWork, after: int = 0, limit: int = 500) -> list[AccountTemplate]:
    """Templates by id, from the one after id `after`."""
    query = select(account_template).where(account_template.c.id > after)
    return [
        AccountTemplate(*row) for row in uow.conn.execute(query.order_by(account_template.c.id).limit(limit))
    ]


def create_template(uow: UnitOfWork, **values: Any) -> AccountTemplate:
    """
    Raises:
        TemplateExists, NoSuchRole.
    """
    _check(uow, 0, values)
    key = uow.conn.execute(insert(account_template).values(values)).inserted_primary_key
    assert key is not None  # an INSERT of one row always has its key
    record(uow, "add", "account_templates", str(key[0]), detail={"role": values["role"]})
    return _get(uow, key[0])


def change_template(uow: UnitOfWork, template_id: int, **values: Any) -> AccountTemplate:
    """Change what is given; accounts that were made from it stay as they are.

    Raises:
        NotFound, TemplateExists, NoSuchRole.
    """
    before = asdict(_get(uow, template_id))
    _check(uow, template_id, before | values)
    uow.conn.execute(update(account_template).where(account_template.c.id == template_id).values(values))
    record(uow, "edit", "account_templates", str(template_id), fields=sorted(values))
    return _get(uow, template_id)


def delete_template(uow: UnitOfWork, template_id: int) -> None:
    """
    Raises:
        NotFound.
    """
    _get(uow, template_id)
    uow.conn.execute(delete(account_template).where(account_template.c.id == template_id))
    record(uow, "delete", "account_templates", str(template_id))


def _get(uow: UnitOfWork, template_id: int) -> AccountTemplate:
    row = uow.conn.execute(select(account_template).where(account_template.c.id == template_id)).one_or_none()
    if row is None:
        raise NotFound(kind="account template", kind_zh="账号模板", name=template_id)
    return AccountTemplate(*row)


def _check(uow: UnitOfWork, template_id: int, values: dict[str, Any]) -> None:
    same = func.lower(account_template.c.name) == values["name"].strip().lower()
    if uow.conn.execute(
        select(account_template.c.id).where(same, account_template.c.id != template_id)
    ).first():
        raise TemplateExists(name=values["name"])
    if not uow.conn.execute(select(roles.c.id).where(roles.c.name == values["role"])).first():
        known = uow.conn.execute(select(roles.c.name).order_by(roles.c.name)).scalars()
        raise NoSuchRole(names=values["role"], known=", ".join(known))
