"""`zhenshu records`: records in and out of files, by the same jobs that the API starts."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfileobj
from typing import Any

import click

from metamodel.catalogue import catalogue_of
from metamodel.commands.output import AS_JSON, print_json, say
from metamodel.exchange.labels import export_label
from metamodel.exchange.records.exporting import FORMATS
from zhenshu.cli.language import language
from zhenshu.instance import Instance
from zhenshu.jobs import Job, run_now, submit
from zhenshu.security import Channel
from zhenshu.security.operators import operator
from zhenshu.storage import delete_file, open_file, put_file, stage_file


@click.group()
def records() -> None:
    """Records in and out of files. 记录的导入与导出。"""


@records.command("import")
@click.argument("database")
@click.argument("paths", nargs=-1, required=True, metavar="[RECORD_TYPE] FILE")
@click.option(
    "--format", "format_", type=click.Choice(["csv", "xlsx", "jsonl", "redcap"]),
    help="By name and header without it. 文件格式，缺省时自动判断。",
)  # fmt: skip
@click.option(
    "--rejected", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the list of rejected rows to this file. 将被拒绝的行写入文件。",
)  # fmt: skip
@AS_JSON
@click.pass_obj
def import_(
    instance: Instance, database: str, paths: tuple[str, ...], format_: str | None, rejected: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Store the rows of a file. 导入记录。

    Bad rows are listed with their reasons, the rest is stored. 有误的行列出原因，其余入库。
    """
    if len(paths) > 2:
        raise click.UsageError("expected DATABASE [RECORD_TYPE] FILE")
    *record_type, name = paths
    args = {"record_type": record_type[0] if record_type else None, "format": format_}
    job = _import(instance, database, Path(name), args)
    result: dict[str, Any] = dict(job.result or {})
    kept = _save_file(instance, result.get("rejected_file"), rejected)
    if as_json:
        print_json(result | ({"rejected_rows_in": str(rejected)} if kept else {}))
        return
    _print_result(result, rejected if kept else None)


def _import(instance: Instance, database: str, path: Path, args: dict[str, Any]) -> Job:
    if not path.is_file():
        raise click.UsageError(f"no such file: {path}")
    with path.open("rb") as stream:
        staged = stage_file(instance, stream)
    with instance.write(operator(), Channel.API) as uow:
        file = put_file(uow, path.name, staged)
        whole = {"database": database, "file_id": file.id, "options": {}} | args
        job_id = submit(uow, "records.import", whole)
    try:
        return run_now(instance, job_id)
    finally:
        with instance.write(operator(), Channel.API) as uow:
            delete_file(uow, file.id)


def _print_result(result: dict[str, Any], rejected: Path | None) -> None:
    say(
        f"读入 {result['rows']} 行，拒绝 {result['rejected_rows']} 行，提示 {result['warnings']} 处",
        f"{result['rows']} rows read, {result['rejected_rows']} rejected, {result['warnings']} warnings",
    )
    for code, counts in result["records"].items():
        click.echo(f"  {code}: " + ", ".join(f"{state} {number}" for state, number in counts.items()))
    for item in result["ignored_columns"]:
        reason = item.get("reason", {})
        click.echo(f"  - {item.get('column', item.get('where', ''))}: {reason.get(language(), '')}")
    if rejected is not None:
        say(f"被拒绝的行见 {rejected}", f"The rejected rows are in {rejected}")


@records.command("export")
@click.argument("database")
@click.argument("record_type", required=False)
@click.option("--where", default="", help="Only records for which this rule is true. 筛选条件。")
@click.option("--select", default="", help="Field codes with commas; all without it. 字段编码，逗号分隔。")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="csv", show_default=True,
    help="File format. 文件格式。",
)  # fmt: skip
@click.option("--codes", is_flag=True, help="Codes instead of labels. 输出编码而非名称。")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help="Write to this file; a .zip has codebook and import scripts. 写入文件，.zip 附数据字典和导入脚本。",
)  # fmt: skip
@AS_JSON
@click.pass_obj
def export(
    instance: Instance, database: str, record_type: str | None, where: str, select: str, format_: str,
    codes: bool, out: Path, as_json: bool,
) -> None:  # fmt: skip
    """Write records to a file. 导出记录。"""
    with instance.write(operator(), Channel.API) as uow:
        found = catalogue_of(uow).database(database)
        kind = found.record_type(record_type) if record_type else found.root
        args = {
            "database": database,
            "record_type": kind.code,
            "select": [part.strip() for part in select.split(",") if part.strip()] or None,
            "format": format_,
            "labels": not codes,
            "language": language(),
            "package": out.suffix.lower() == ".zip",
        }
        job_id = submit(
            uow, "records.export", args, label=export_label(found, kind), sealed={"where": where or None}
        )
    result = dict(run_now(instance, job_id).result or {})
    _save_file(instance, result["file_id"], out)
    if as_json:
        print_json(result | {"out": str(out)})
        return
    say(f"已导出 {result['records']} 条记录到 {out}", f"{result['records']} records exported to {out}")


def _save_file(instance: Instance, file_id: int | None, out: Path | None) -> bool:
    """Copy a stored file to `out`, complete or not at all; whether there was one to copy."""
    if file_id is None or out is None:
        return False
    part = out.with_name(f".{out.name}.part")
    with (
        instance.read(operator(), Channel.API) as uow,
        open_file(uow, file_id) as stream,
        part.open("wb") as to,
    ):
        copyfileobj(stream, to)
    part.replace(out)
    return True
