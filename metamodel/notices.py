"""What the metamodel tells users: of plans that wait, drafts that others changed, and new releases.

Of a release are told those who had a hand in the database's definition, and those who saved records in it in
the last 90 days; whoever published it knows. No notice holds a value of a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, select, union

from metamodel.catalogue.model import Label
from metamodel.tables import definition, definition_import, definition_release, revision, storage_record_type
from metamodel.tables import plan as plan_table
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.events import Event
from zhenshu.instance import Instance
from zhenshu.notices import News, notify, withdraw
from zhenshu.rooms import Listener
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.security.subjects import active_ids, holders

LATELY: Final = timedelta(days=90)
_KINDS: Final = {
    "database": ("病种库", "database"),
    "field_library": ("字段库", "field library"),
    "value_set": ("值域", "value set"),
    "masking_type": ("脱敏类型", "masking type"),
}


def plan_waits(uow: UnitOfWork, plan_id: int, code: str, label: Mapping[str, str]) -> None:
    """Tell those who may approve it, other than its maker, that a plan would lose data."""
    zh, en = _names(label, code)
    who = uow.subject.name
    news = News(
        "plan.waits",
        f"{_waits(code)}{plan_id}",
        f"{who} 请求批准病种库“{zh}”的变更计划",
        f'{who} asks for approval of a change of the database "{en}"',
        f"/databases/{code}/plan",
    )
    notify(uow, holders(uow.conn, "approve", "databases") - {uow.subject.id}, news)


def plan_settled(uow: UnitOfWork, code: str) -> None:
    """No plan of this database waits for approval any more."""
    withdraw(uow, _waits(code))


def plan_approved(uow: UnitOfWork, plan_id: int, code: str, label: Mapping[str, str], maker: str) -> None:
    """Tell its maker, if somebody else approved the plan, and nobody else that it waits."""
    plan_settled(uow, code)
    zh, en = _names(label, code)
    who = uow.subject.name
    news = News(
        "plan.approved",
        f"plan:{code}:approved:{plan_id}",
        f"{who} 批准了病种库“{zh}”的变更计划，可以发布",
        f'{who} approved the change of the database "{en}"; it can be published',
        f"/databases/{code}/plan",
    )
    notify(uow, active_ids(uow.conn, {maker}) - {uow.subject.id}, news)


def draft_changed(
    uow: UnitOfWork, kind: str, code: str, label: Mapping[str, str], former: str | None, version: int, *,
    thrown_away: bool = False,
) -> None:  # fmt: skip
    """Tell `former`, who edited the draft last, that somebody else goes on with it or threw it away."""
    if former is None or former == uow.subject.name:
        return
    zh, en = _names(label, code)
    kind_zh, kind_en = _KINDS.get(kind, ("定义", "definition"))
    who = uow.subject.name
    news = News(
        "draft.thrown_away" if thrown_away else "draft.changed",
        f"draft:{kind}:{code}:{version}",
        f"{who} {'放弃' if thrown_away else '修改'}了您编辑过的{kind_zh}“{zh}”的草稿",
        f'{who} {"threw away" if thrown_away else "changed"} the draft of the {kind_en} "{en}" you worked on',
        f"/databases/{code}/structure" if kind == "database" else "",
    )
    notify(uow, active_ids(uow.conn, {former}), news)


def hear_published(instance: Instance, event: Event) -> None:
    """Tell who works on or in a database that it has a new release."""
    _, _, code = event.resource.partition("/")
    with instance.write(SYSTEM, Channel.API) as uow:
        c = definition_release.c
        releases = select(c.definition_id, c.number, c.published_by, definition.c.label).join(
            definition, definition.c.id == c.definition_id
        )
        named = definition.c.kind == "database", definition.c.code == code
        found = uow.conn.execute(releases.where(*named, c.number == event.payload["release"])).one_or_none()
        if found is None:
            return
        publisher = active_ids(uow.conn, {found.published_by})
        designers = active_ids(uow.conn, _hands(uow, found.definition_id)) - publisher
        authors = _authors(uow, found.definition_id) - publisher - designers
        notify(uow, designers, _published(found, code, "releases"))
        notify(uow, authors, _published(found, code, "data"))


def _published(release: Any, code: str, page: str) -> News:
    zh, en = _names(release.label, code)
    number, who = release.number, release.published_by
    return News(
        "database.published",
        f"published:{code}:{number}",
        f"{who} 发布了病种库“{zh}”的第 {number} 版",
        f'{who} published release {number} of the database "{en}"',
        f"/databases/{code}/{page}",
    )


def _hands(uow: UnitOfWork, definition_id: int) -> set[str]:
    """Names of those who made, imported, planned, approved or published this definition."""
    release, plan, taken = definition_release.c, plan_table.c, definition_import.c
    parts: list[Select[Any]] = [
        select(definition.c.created_by).where(definition.c.id == definition_id),
        select(release.published_by).where(release.definition_id == definition_id),
        select(plan.created_by).where(plan.definition_id == definition_id),
        select(plan.approved_by).where(plan.definition_id == definition_id, plan.approved_by.is_not(None)),
        select(taken.imported_by).where(taken.definition_id == definition_id),
    ]
    return set(uow.conn.scalars(union(*parts)))


def _authors(uow: UnitOfWork, definition_id: int) -> set[int]:
    """Ids of those who saved records of this database lately and still may view some."""
    types = select(storage_record_type.c.id).where(storage_record_type.c.definition_id == definition_id)
    numbers = list(uow.conn.scalars(types))
    since = uow.at - LATELY
    c = revision.c
    found = set()
    for user in holders(uow.conn, "view", "records"):  # few; each is answered by the index of a user's latest
        theirs = select(c.id).where(c.subject_id == user, c.at >= since, c.record_type_id.in_(numbers))
        if uow.conn.execute(theirs.order_by(c.id.desc()).limit(1)).first() is not None:
            found.add(user)
    return found


def _waits(code: str) -> str:
    return f"plan:{code}:waits:"


def _names(label: Mapping[str, str], code: str) -> tuple[str, str]:
    known = Label.of(label)
    return known.zh or known.en or code, known.en or known.zh or code


LISTENERS: Final = (Listener("metamodel.tell_published", "catalogue.published", hear_published),)
