"""`zhenshu query`: records for which an expression is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click

from metamodel.catalogue import RecordType, catalogue_of
from metamodel.commands.output import AS_JSON, print_json
from metamodel.queries import RecordQuery, count, needs_write, page
from metamodel.records import as_json as to_json
from zhenshu.db import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security import Channel
from zhenshu.security.operators import operator

PAGE = 500


@click.command()
@click.argument("database")
@click.argument("expression")
@click.option("--type", "record_type", help="Record type; the database's root without it. 记录类型。")
@click.option("--count", "only_count", is_flag=True, help="Print their number alone. 只输出数量。")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True,
    help="Print at most so many records. 最多输出的记录数。",
)  # fmt: skip
@AS_JSON
@click.pass_obj
def query(
    instance: Instance, database: str, expression: str, record_type: str | None, only_count: bool, limit: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Find records of DATABASE. 查询记录。

    Those for which EXPRESSION is true, e.g. "[sex] = '1' and [age] > 60". 表达式为真者。
    """
    with instance.read(operator(), Channel.API) as uow:
        kind = _kind(uow, database, record_type)
        number = count(uow, kind, expression)
        audited = needs_write(uow, RecordQuery(kind))
    if only_count:
        print_json({"count": number}) if as_json else click.echo(number)
        return
    unit = instance.write if audited else instance.read
    with unit(operator(), Channel.API, "zhenshu query") as uow:
        found = list(_records(uow, RecordQuery(_kind(uow, database, record_type), expression), limit))
    if as_json:
        print_json({"count": number, "items": found})
        return
    for record in found:
        click.echo("\t".join([str(record["id"]), *(_cell(kind, record, item.code) for item in kind.fields)]))
    if number > len(found):
        click.echo(f"… {number}", err=True)


def _kind(uow: UnitOfWork, database: str, record_type: str | None) -> RecordType:
    found = catalogue_of(uow).database(database)
    return found.record_type(record_type) if record_type else found.root


def _records(uow: UnitOfWork, wanted: RecordQuery, limit: int) -> Iterator[dict[str, Any]]:
    after: str | None = None
    while limit > 0:
        found = page(uow, replace(wanted, after=after, limit=min(limit, PAGE)))
        yield from (to_json(wanted.type, record) for record in found.records)
        limit -= len(found.records)
        after = found.next
        if after is None:
            return


def _cell(kind: RecordType, record: dict[str, Any], code: str) -> str:
    value = record.get(code)
    return "" if value is None else str(value).replace("\t", " ").replace("\n", " ")
