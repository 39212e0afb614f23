"""What grants can be about: databases and record types, and rules that fit them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import or_, select

from metamodel.catalogue import Database, RecordType, catalogue_of
from metamodel.queries.row_rules import check_row_rule
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound, ZhenshuError
from zhenshu.events import Event
from zhenshu.instance import Instance
from zhenshu.notices import News, notify
from zhenshu.rooms import Check, Listener
from zhenshu.security.grants.errors import GrantWrong
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.security.subjects import holders


def check_grant(uow: UnitOfWork, resource: str, row_rule: str) -> str | None:
    """The id of the record type that the resource names, if it names one.

    Raises:
        NotFound: when no live database or record type has this path.
        RowRuleWrong: when the rule does not fit a record type in the resource.
        GrantWrong: when a rule is to hold for all databases.
    """
    if row_rule and not resource:
        raise GrantWrong(reason="a row rule needs a database", reason_zh="行条件须限定在一个病种库内")
    types = types_in(uow, resource)
    for _, record_type in types:
        if row_rule and record_type.tables:
            check_row_rule(uow, record_type, row_rule)
    return types[0][1].id or types[0][1].code if "." in resource else None


def types_in(uow: UnitOfWork, resource: str) -> Sequence[tuple[Database, RecordType]]:
    """The record types that a resource's path names: "" all, a database's, or one.

    Raises:
        NotFound: when no live database or record type has this path.
    """
    catalogue = catalogue_of(uow)
    if not resource:
        return [(each, kind) for each in catalogue.databases.values() for kind in each.record_types]
    code, _, name = resource.partition(".")
    database = catalogue.database(code)
    return [(database, kind) for kind in ([database.record_type(name)] if name else database.record_types)]


def broken_grants(uow: UnitOfWork, database: str = "") -> Iterator[tuple[int, str, ZhenshuError]]:
    """(id, resource, why) of each grant that holds or will hold and names what is no longer there.

    Such a grant reaches nothing where its rule does not fit.
    """
    c = access_grant.c
    running = c.revoked_at.is_(None), or_(c.ends_at.is_(None), c.ends_at > uow.at), c.resource != ""
    query = select(c.id, c.resource, c.row_rule, c.gone).where(*running).order_by(c.id)
    for row in uow.conn.execute(query):
        if database and row.resource.partition(".")[0] != database:
            continue
        try:
            if row.gone:
                raise NotFound(kind="record type", kind_zh="记录类型", name=row.resource)
            check_grant(uow, row.resource, row.row_rule)
        except ZhenshuError as error:
            yield row.id, row.resource, error


def _check(instance: Instance) -> Sequence[str]:
    with instance.read(SYSTEM, Channel.API) as uow:
        return [f"grant {id_} on {resource}: {error}" for id_, resource, error in broken_grants(uow)]


def hear_published(instance: Instance, event: Event) -> None:
    """Tell those who manage grants which of them a new release has broken."""
    _, _, code = event.resource.partition("/")
    with instance.write(SYSTEM, Channel.API) as uow:
        for grant, resource, error in broken_grants(uow, code):
            news = News(
                "grant.broken",
                f"grant:{grant}:broken:{event.payload['release']}",
                f"{resource} 的新版本使 {grant} 号授权失效：{error.message('zh')}"[:1000],
                f"A new release of {resource} broke grant {grant}: {error.message('en')}"[:1000],
                "/access/grants",
            )
            notify(uow, holders(uow.conn, "manage", "grants"), news)


GRANTS_CHECK: Final = Check("grants", _check)
GRANT_LISTENERS: Final = (Listener("metamodel.broken_grants", "catalogue.published", hear_published),)
