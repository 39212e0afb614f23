"""What the rows of a batch mean, and what is wrong with them, each told in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security.account_templates import AccountTemplate, end_of_day, list_templates
from zhenshu.security.accounts import UserExists, checked_name
from zhenshu.security.batch.sheet import SheetRow
from zhenshu.security.people import normal_name, users
from zhenshu.security.phones import PhoneTaken, normal_phone, phone_index
from zhenshu.security.roles import ROLES
from zhenshu.security.tables import account

LANGUAGES = {"": "", "中文": "zh", "zh": "zh", "chinese": "zh", "english": "en", "en": "en", "英文": "en"}


class RowProblem(ZhenshuError):
    """{reason}."""

    zh = "{reason_zh}。"
    status = 422


@dataclass(slots=True)
class PlannedUser:
    """A row as the user it will make. `problems`: (property, what is wrong)."""

    number: int
    name: str = ""
    display_name: str = ""
    role: str = ""
    language: str = ""
    phone: str | None = None
    expires_at: datetime | None = None
    problems: list[tuple[str, ZhenshuError]] = field(default_factory=list)


def plan_users(uow: UnitOfWork, rows: Sequence[SheetRow]) -> list[PlannedUser]:
    """What each row would make, and all that stands against it."""
    templates = {template.name.lower(): template for template in list_templates(uow)}
    planned = [_plan(uow, row, templates) for row in rows]
    _find_twins(planned, "name", "in the user name", "用户名")
    _find_twins(planned, "phone", "in the phone number", "手机号")
    _find_taken(uow, planned)
    return planned


def _plan(uow: UnitOfWork, row: SheetRow, templates: dict[str, AccountTemplate]) -> PlannedUser:
    user = PlannedUser(row.number, row.cells.get("name", ""), row.cells.get("display_name", "")[:64])
    readers: dict[str, Any] = {
        "template": lambda text: _template(uow, user, text, templates),
        "name": lambda text: setattr(user, "name", checked_name(text)),
        "role": lambda text: setattr(user, "role", _role(text) or user.role),
        "language": lambda text: setattr(user, "language", _language(text) or user.language),
        "phone": lambda text: setattr(user, "phone", normal_phone(text) if text else None),
        "until": lambda text: setattr(user, "expires_at", _until(uow, text) or user.expires_at),
    }
    for name, read in readers.items():
        try:
            read(row.cells.get(name, ""))
        except ZhenshuError as error:
            user.problems.append((name, error))
    if not user.role and not any(name in ("role", "template") for name, _ in user.problems):
        user.problems.append(("role", RowProblem(reason="A role is missing", reason_zh="没有填写角色")))
    return user


def _template(uow: UnitOfWork, user: PlannedUser, text: str, templates: dict[str, AccountTemplate]) -> None:
    if not text:
        return
    template = templates.get(text.lower())
    if template is None:
        reason, reason_zh = "There is no account template of that name", "没有这个名称的账号模板"
        raise RowProblem(reason=reason, reason_zh=reason_zh)
    user.role, user.language = template.role, template.language
    user.expires_at = template.expires_at(uow.instance, uow.at)


def _role(text: str) -> str:
    known = {label.lower(): role.name for role in ROLES for label in (role.name, role.zh, role.en)}
    if text and text.lower() not in known:
        raise RowProblem(reason="There is no role of that name", reason_zh="没有这个名称的角色")
    return known.get(text.lower(), "")


def _language(text: str) -> str:
    if text.lower() not in LANGUAGES:
        raise RowProblem(reason="The language is 中文 or English", reason_zh="界面语言须为“中文”或“English”")
    return LANGUAGES[text.lower()]


def _until(uow: UnitOfWork, text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        reason, reason_zh = "That is no date; write 2027-03-31", "日期无法识别，请写成 2027-03-31"
        raise RowProblem(reason=reason, reason_zh=reason_zh) from error
    end = end_of_day(uow.instance, day)
    if end <= uow.at:
        raise RowProblem(reason="That day is over", reason_zh="这一天已经过去")
    return end


def _find_twins(planned: Sequence[PlannedUser], name: str, what: str, what_zh: str) -> None:
    counts = Counter(getattr(user, name) for user in planned)
    for user in planned:
        value = getattr(user, name)
        if value and counts[value] > 1:
            reason, reason_zh = f"Another row is the same {what}", f"与另一行的{what_zh}相同"
            user.problems.append((name, RowProblem(reason=reason, reason_zh=reason_zh)))


def _find_taken(uow: UnitOfWork, planned: Sequence[PlannedUser]) -> None:
    names = [normal_name(user.name) for user in planned]
    taken = set(uow.conn.scalars(select(users.c.username).where(users.c.username.in_(names))))
    numbers = {phone_index(uow.instance, user.phone): user for user in planned if user.phone}
    for index in uow.conn.scalars(select(account.c.phone_index).where(account.c.phone_index.in_(numbers))):
        numbers[index].problems.append(("phone", PhoneTaken()))
    for user in planned:
        if user.name in taken:
            user.problems.append(("name", UserExists(name=user.name)))
