"""The accounts of people of the directory: linked to their entry, in step with it, made for newcomers."""

from __future__ import annotations

import logging
from contextlib import suppress

from sqlalchemy import select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.notices import News, notify
from zhenshu.security.account_templates import AccountTemplate, list_templates
from zhenshu.security.accounts import BadUserName, NoSuchRole, create_user, phone_values
from zhenshu.security.directory.client import Entry
from zhenshu.security.people import UserInfo, get_user, users
from zhenshu.security.phones import BadPhone, PhoneTaken, normal_phone, phone_index
from zhenshu.security.subjects import holders
from zhenshu.security.tables import account

log = logging.getLogger(__name__)


class NotAdmitted(ZhenshuError):
    """The hospital's directory knows you, but you have no account here. Ask the hospital administrator."""

    status = 403
    zh = "医院目录服务中有您的账号，但本系统没有为您开通。请联系医院管理员。"


def account_of(uow: UnitOfWork, user_id: int, entry: Entry) -> int | None:
    """`user_id`, brought in step with `entry`; None when the account is linked to another entry."""
    mine = account.c.user_id == user_id
    linked = uow.conn.execute(select(account.c.directory_id).where(mine)).scalar_one()
    if linked is None and _linked(uow, entry) is None:
        uow.conn.execute(update(account).where(mine).values(directory_id=entry.id))
        record(uow, "link", "users", str(user_id))
    elif linked != entry.id:
        log.warning("directory_entry_changed", extra={"user_id": user_id})  # the name was given to another
        return None
    _keep_in_step(uow, user_id, entry)
    return user_id


def newcomer(uow: UnitOfWork, entry: Entry, template_name: str | None) -> int | None:
    """The account of somebody whose name nobody has here: renamed in the directory, or made by the template.

    Raises:
        NotAdmitted.
    """
    if (linked := _linked(uow, entry)) is not None:
        if get_user(uow, linked).state in ("disabled", "expired"):
            return None
        uow.conn.execute(update(users).where(users.c.id == linked).values(username=entry.name))
        record(uow, "edit", "users", str(linked), fields=["name"], detail={"by": "directory"})
        _keep_in_step(uow, linked, entry)
        return linked
    template = find_template(uow, template_name) if template_name else None
    if template is None:
        raise NotAdmitted
    return _make(uow, entry, template)


def find_template(uow: UnitOfWork, name: str) -> AccountTemplate | None:
    """The account template that the settings name; None, and a line in the log, when there is none."""
    found = [each for each in list_templates(uow) if each.name.lower() == name.lower()]
    if not found:
        log.error("directory_template_missing", extra={"template": name})
    return found[0] if found else None


def _linked(uow: UnitOfWork, entry: Entry) -> int | None:
    query = select(account.c.user_id).where(account.c.directory_id == entry.id)
    return uow.conn.execute(query).scalar_one_or_none()


def _make(uow: UnitOfWork, entry: Entry, template: AccountTemplate) -> int:
    try:
        user = create_user(
            uow, entry.name, template.role, display_name=entry.display_name, language=template.language,
            expires_at=template.expires_at(uow.instance, uow.at), directory=True, directory_id=entry.id,
        ).user  # fmt: skip
    except (BadUserName, NoSuchRole) as error:
        log.error("directory_account_not_made", extra={"error": error.code()})
        raise NotAdmitted from error
    _keep_phone(uow, user, entry)
    news = News(
        kind="account.made",
        key=f"account.made:{user.id}",
        zh=f"{user.display_name}（{user.name}）首次通过目录服务登录，已按模板“{template.name}”建立账号",
        en=f'{user.display_name} ({user.name}) signed in by the directory; made from "{template.name}"',
        link=f"/users?open={user.id}",
    )
    notify(uow, holders(uow.conn, "manage", "users"), news)
    return user.id


def _keep_in_step(uow: UnitOfWork, user_id: int, entry: Entry) -> None:
    user = get_user(uow, user_id)
    shown = entry.display_name[:64]
    changed = _keep_phone(uow, user, entry)
    if shown and shown != user.display_name:
        uow.conn.execute(update(users).where(users.c.id == user_id).values(first_name=shown))
        changed = ["display_name", *changed]
    if changed:
        record(uow, "edit", "users", str(user_id), fields=changed, detail={"by": "directory"})


def _keep_phone(uow: UnitOfWork, user: UserInfo, entry: Entry) -> list[str]:
    """Take over the number, if it is one and nobody else has it. What the directory leaves out stays."""
    mine = account.c.user_id == user.id
    kept = uow.conn.execute(select(account.c.phone_index).where(mine)).scalar_one()
    with suppress(BadPhone, PhoneTaken):
        number = normal_phone(entry.phone)
        if phone_index(uow.instance, number) != kept:
            uow.conn.execute(update(account).where(mine).values(phone_values(uow, user.id, number)))
            return ["phone"]
    return []
