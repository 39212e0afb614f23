"""The command group: whatever goes wrong ends as one clear line and a non-zero exit code."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click
from sqlalchemy.exc import DBAPIError, OperationalError

from zhenshu.cli.language import language
from zhenshu.cli.local_time import in_local_time
from zhenshu.db.migrations import require_head
from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance

log = logging.getLogger(__name__)

FAILED = 1
UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h


class DatabaseUnreachable(ZhenshuError):
    """The database can't be reached: {detail}"""

    zh = "无法连接数据库：{detail}"


class Group(click.Group):
    """Turns errors into lines in the user's language. Ends quietly when the reader of a pipe is gone."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except ZhenshuError as error:
            _end(in_local_time(error.message(language())), FAILED)
        except Exception as error:
            log.exception("command_failed")  # class and place, never the error's own words
            name = type(error).__name__
            _end(
                f"意外错误：{name}。详情见上一行日志。"
                if language() == "zh"
                else f"Unexpected error: {name}. The log line above says where.",
                UNEXPECTED,
            )

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DBAPIError as error:
            if isinstance(ctx.obj, Instance):
                raise _explained(ctx.obj, error) from error
            raise


def _end(line: str, code: int) -> None:
    click.echo(line, err=True)
    sys.exit(code)


def _explained(instance: Instance, error: DBAPIError) -> Exception:
    """A better word for a database that is away, or that `zhenshu init` has not made yet."""
    try:
        require_head(instance)
    except ZhenshuError as known:
        return known
    except OperationalError as away:
        return DatabaseUnreachable(detail=next(iter(str(away.orig).splitlines()), ""))
    return error
