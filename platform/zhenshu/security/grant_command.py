"""`zhenshu users grant`: giving access from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.security.grants import NewGrant, add_grant
from zhenshu.security.grants.model import ACTIONS, CLEAR, DUTIES, MASKED
from zhenshu.security.grants.tables import project
from zhenshu.security.operators import operator
from zhenshu.security.people import find_user
from zhenshu.security.policy import Channel


@click.command()
@click.argument("subject")
@click.argument("resource")
@click.argument("actions", metavar="ACTION", nargs=-1, required=True, type=click.Choice(ACTIONS))
@click.option("--where", default="", metavar="EXPR", help="Only records that this rule is true for. 行条件。")
@click.option("--own", is_flag=True, help="Only records that the subject owns. 仅本人的记录。")
@click.option(
    "--class", "field_class", type=click.Choice(["plain", "identifying"]), default="plain",
    help="Show identities, too, or mask them (plain). 可见的字段类别。",
)  # fmt: skip
@click.option(
    "--grade", type=click.IntRange(0, 2), default=0, help="Highest grade of examinations. 最高检查分级。"
)
@click.option("--from", "starts", type=click.DateTime(["%Y-%m-%d"]), help="First day. 生效日期。")
@click.option("--until", "ends", type=click.DateTime(["%Y-%m-%d"]), help="The day it ends. 到期日期。")
@click.option("--duty", type=click.Choice(DUTIES), default=None, help="In the project. 项目内职责。")
@click.option("--reason", default="command line", help="Why. 授权理由。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
@click.pass_obj
def grant(
    instance: Instance, subject: str, resource: str, actions: tuple[str, ...], where: str, own: bool,
    field_class: str, grade: int, starts: datetime | None, ends: datetime | None, duty: str | None,
    reason: str, as_json: bool,
) -> None:  # fmt: skip
    """Let SUBJECT do ACTION... with RESOURCE. 授权。

    SUBJECT is a user name, role:NAME, project:CODE or class:NAME; RESOURCE a database, a record type as
    DATABASE/TYPE, or all. Days begin and end at midnight of the hospital's time zone.
    """
    zone = ZoneInfo(instance.settings.zone)
    with instance.write(operator(), Channel.API) as uow:
        kind, value = _subject(uow, subject)
        made = add_grant(
            uow,
            NewGrant(
                kind, value, _path(resource), actions, duty or "", own, where,
                CLEAR if field_class == "identifying" else MASKED, grade,
                starts_at=_instant(starts, zone), ends_at=_instant(ends, zone), reason=reason,
            ),
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps({"id": made.id, "resource": made.resource, "actions": list(made.actions)}))
        return
    click.echo(f"{made.id}\t{subject}\t{made.resource or 'all'}\t{', '.join(made.actions)}")


def _subject(uow: UnitOfWork, text: str) -> tuple[str, str]:
    kind, colon, name = text.partition(":")
    match kind if colon else "":
        case "role":
            return "role", name
        case "class":
            return "project_class", name
        case "project":
            found = uow.conn.execute(select(project.c.id).where(project.c.code == name)).scalar_one_or_none()
            if found is None:
                raise NotFound(kind="project", kind_zh="项目", name=name)
            return "project", str(found)
    return "user", str(find_user(uow, text).id)


def _path(text: str) -> str:
    return "" if text == "all" else text.replace("/", ".")


def _instant(day: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else day.replace(tzinfo=zone).astimezone(UTC)
