"""`zhenshu define`: definitions from files to drafts, plans and releases, and back to files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import click

from metamodel.commands.output import AS_JSON, OUT, in_words, print_json, say, write_out
from metamodel.definitions import (
    KINDS,
    LONGEST_NOTE,
    edit_draft,
    list_definitions,
    load_draft,
    publish_plain,
    validate_document,
)
from metamodel.exchange import FORMATS, render_report, source_files, write_definition
from metamodel.exchange.importing import import_definition
from metamodel.plans import Plan, Release, approve_plan, get_plan, make_plan, publish, undo
from metamodel.plans.conversions.kept import kept_columns, purge_column
from metamodel.plans.conversions.report import conversion_of, write_cells
from zhenshu.cli.language import language
from zhenshu.instance import Instance
from zhenshu.jobs import run_now
from zhenshu.security import Channel
from zhenshu.security.operators import operator

SHOWN = 30  # problems or report lines printed; --json and --report have all


class Note(click.ParamType[str]):
    """A text that fits into a release's note."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if len(value) > LONGEST_NOTE:
            self.fail(f"{len(value):,} > {LONGEST_NOTE:,} 个字符 characters", param, ctx)
        return value


@click.group()
def define() -> None:
    """Definitions: import, plan, publish, change, export. 定义：导入、计划、发布、修改、导出。"""


@define.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--code", help="Code of the definition. 定义的编码。")
@click.option("--label", help="Its name. 名称。")
@click.option(
    "--report", "report_file", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the whole report to this file. 将完整报告写入文件。",
)  # fmt: skip
@AS_JSON
@click.pass_obj
def import_(
    instance: Instance, paths: tuple[Path, ...], code: str | None, label: str | None,
    report_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Read files, a folder or a zip into a draft: YAML, REDCap, ODM, FHIR, Form.io, ISARIC. 导入为草稿。"""
    files = source_files(paths)
    with instance.write(operator(), Channel.API) as uow:
        draft, report = import_definition(uow, files, code, label)
    problems = [problem.to_json() for problem in validate_document(draft.document)]
    if report_file is not None:
        write_out("\n".join(render_report(report, language())).encode() + b"\n", report_file)
    if as_json:
        print_json(
            {"kind": draft.kind, "code": draft.code, "draft_version": draft.version, "report": report,
             "problems": problems}
        )  # fmt: skip
        return
    say(f"草稿 {draft.code}（第 {draft.version} 版）", f"Draft {draft.code}, version {draft.version}")
    _print_report(report)
    _print_problems(problems)


def _print_report(report: dict[str, Any]) -> None:
    lines = render_report(report, language())
    for line in lines[:SHOWN]:
        click.echo(line)
    if (more := len(lines) - SHOWN) > 0:
        say(
            f"…… 另有 {more} 行，用 --report 写入文件。",
            f"… {more} more lines; --report writes them to a file.",
        )


def _print_problems(problems: list[dict[str, str]]) -> None:
    for problem in problems[:SHOWN]:
        mark = "✗" if problem["severity"] == "error" else "!"
        click.echo(f"{mark} {problem['path']}: {in_words(problem)}")
    if (more := len(problems) - SHOWN) > 0:
        say(f"…… 另有 {more} 个问题。", f"… {more} more problems.")


@define.command()
@click.argument("database")
@AS_JSON
@click.pass_obj
def plan(instance: Instance, database: str, as_json: bool) -> None:
    """Show what publishing the draft would change. 查看发布草稿会带来的变更。"""
    with instance.write(operator(), Channel.API) as uow:
        made = make_plan(uow, database)
    _print_plan(made, as_json)


@define.command("publish")
@click.argument("database")
@click.option("--approve", is_flag=True, help="Approve what it would lose. 同时批准有损变更。")
@click.option("--note", type=Note(), default="", help="What the release is for. 发布说明。")
@AS_JSON
@click.pass_obj
def publish_(instance: Instance, database: str, approve: bool, note: str, as_json: bool) -> None:
    """Make the draft live. 发布草稿。"""
    kind = _kind_of(instance, database)
    if kind == "database":
        _print_release(_publish(instance, database, approve, note), as_json)
        return
    with instance.write(operator(), Channel.API) as uow:
        release = publish_plain(uow, kind, database, note)
    _say_published(database, release.number)


def _publish(instance: Instance, database: str, approve: bool, note: str) -> Release:
    if not approve:
        return publish(instance, operator(), database, Channel.API, note)
    with instance.write(operator(), Channel.API) as uow:
        made = make_plan(uow, database)
    with instance.write(operator(), Channel.API) as uow:
        approve_plan(uow, made.id)
    return publish(instance, operator(), made.id, Channel.API, note)


def _kind_of(instance: Instance, code: str) -> str:
    """The kind of the definition `code`; a database where there is none, so that publishing says so."""
    with instance.read(operator(), Channel.API) as uow:
        known = (kind for kind in KINDS if any(item.code == code for item in list_definitions(uow, kind)))
        return next(known, "database")


@define.command("cells")
@click.argument("plan_id", metavar="PLAN", type=int)
@click.argument("field_code", metavar="FIELD")
@OUT
@click.pass_obj
def cells(instance: Instance, plan_id: int, field_code: str, out: Path | None) -> None:
    """List the values of FIELD that PLAN can't convert, as CSV. 列出计划不能转换的值。"""
    text = io.StringIO()
    with instance.read(operator(), Channel.EXPORT) as uow:
        found = get_plan(uow, plan_id)
        write_cells(uow, found, conversion_of(found, field_code).field_id, language(), text)
    write_out(text.getvalue().encode(), out)


@define.command("kept")
@click.argument("database")
@AS_JSON
@click.pass_obj
def kept(instance: Instance, database: str, as_json: bool) -> None:
    """List the columns that no release uses any more. 列出保留的旧列。"""
    with instance.read(operator(), Channel.API) as uow:
        found = kept_columns(uow, database)
    if as_json:
        print_json([column.to_json() for column in found])
        return
    for column in found:
        name = f"{column.id}  {column.record_type}.{column.field}"
        kind = column.type
        say(f"{name}  {kind.zh}，{column.values} 个值", f"{name}  {kind.en}, {column.values} values")


@define.command("purge")
@click.argument("database")
@click.argument("column", type=int)
@click.option("--confirm", required=True, help="The field's code: there is no way back. 字段编码，以确认。")
@click.pass_obj
def purge(instance: Instance, database: str, column: int, confirm: str) -> None:
    """Empty and drop the kept COLUMN, whose number `define kept` tells. 清除旧列，无法恢复。"""
    with instance.write(operator(), Channel.API) as uow:
        job_id = purge_column(uow, database, column, confirm)
    emptied = run_now(instance, job_id).result or {}
    n = emptied.get("records", 0)
    say(f"已清除 {n} 个值", f"Purged {n} values")


@define.command("undo")
@click.argument("database")
@click.option("--approve", is_flag=True, help="Approve what it would lose. 同时批准有损变更。")
@AS_JSON
@click.pass_obj
def undo_(instance: Instance, database: str, approve: bool, as_json: bool) -> None:
    """Go back to the release before the live one, by a new release. 撤销上次发布。"""
    with instance.write(operator(), Channel.API) as uow:
        made = undo(uow, database)
    if approve and made.needs_approval:
        with instance.write(operator(), Channel.API) as uow:
            approve_plan(uow, made.id)
    _print_release(publish(instance, operator(), made.id, Channel.API), as_json)


@define.command()
@click.argument("database")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="yaml", show_default=True,
    help="File format. 文件格式。",
)  # fmt: skip
@OUT
@click.pass_obj
def export(instance: Instance, database: str, format_: str, out: Path | None) -> None:
    """Write the draft or live definition to a file. 导出定义。"""
    with instance.read(operator(), Channel.API) as uow:
        document = load_draft(uow, "database", database).document
    exported = write_definition(document, format_, language())
    write_out(exported.content, out)
    for item in exported.report["not_carried"]:
        click.echo(f"{item['where']}: {in_words(item['what'])}: {in_words(item['reason'])}", err=True)


@define.group()
def field() -> None:
    """Change fields of a database's draft; publish makes it live. 修改草稿中的字段。"""


def _edit(instance: Instance, database: str, edit: dict[str, Any]) -> None:
    with instance.write(operator(), Channel.API) as uow:
        draft = edit_draft(uow, database, [edit])
    say(f"草稿 {database} 现为第 {draft.version} 版", f"Draft {database} is now version {draft.version}")


@field.command("add")
@click.argument("database")
@click.argument("record_type")
@click.argument("code")
@click.argument("type_", metavar="TYPE")
@click.option("--zh", default="", help="Chinese label. 中文名称。")
@click.option("--en", default="", help="English label. 英文名称。")
@click.option("--unit", default="", help="Unit. 单位。")
@click.option("--value-set", default="", help="Value set of a choice. 值域。")
@click.pass_obj
def add_field(
    instance: Instance, database: str, record_type: str, code: str, type_: str, zh: str, en: str, unit: str,
    value_set: str,
) -> None:  # fmt: skip
    """Add a field of TYPE to RECORD_TYPE. 新增字段。"""
    made: dict[str, Any] = {"code": code, "label": {"zh": zh or code, "en": en or code}, "type": type_}
    made |= {"unit": unit} if unit else {}
    made |= {"value_set": value_set} if value_set else {}
    _edit(instance, database, {"edit": "add_field", "record_type": record_type, "field": made})


@field.command("rename")
@click.argument("database")
@click.argument("record_type")
@click.argument("code")
@click.argument("new_code")
@click.pass_obj
def rename_field(instance: Instance, database: str, record_type: str, code: str, new_code: str) -> None:
    """Give a field another code; rules and forms follow. 重命名字段编码。"""
    edit = {"edit": "rename_field", "record_type": record_type, "field": code, "code": new_code}
    _edit(instance, database, edit)


@field.command("move")
@click.argument("database")
@click.argument("record_type")
@click.argument("code")
@click.option("--before", help="Put it before this field. 移到该字段之前。")
@click.option("--after", help="Put it after this field. 移到该字段之后。")
@click.pass_obj
def move_field(
    instance: Instance, database: str, record_type: str, code: str, before: str | None, after: str | None
) -> None:
    """Put a field elsewhere in the order. 调整字段顺序。"""
    place = {"before": before} if before else {"after": after} if after else {"index": 0}
    _edit(instance, database, {"edit": "move_field", "record_type": record_type, "field": code} | place)


@field.command("retype")
@click.argument("database")
@click.argument("record_type")
@click.argument("code")
@click.argument("type_", metavar="TYPE")
@click.option("--value-set", help="Value set of a choice. 值域。")
@click.option("--scale", type=click.IntRange(0, 12), help="Decimal places. 小数位。")
@click.pass_obj
def retype_field(
    instance: Instance, database: str, record_type: str, code: str, type_: str, value_set: str | None,
    scale: int | None,
) -> None:  # fmt: skip
    """Give a field another TYPE; publishing converts its values. 改变字段类型，发布时转换已有的值。"""
    options = None if scale is None else {"scale": scale}
    properties = {"type": type_, "options": options, "value_set": value_set}
    _set(instance, database, record_type, code, properties)


@field.command("unit")
@click.argument("database")
@click.argument("record_type")
@click.argument("code")
@click.argument("unit")
@click.option("--factor", default="1", help="new = old × factor + offset. 新值 = 旧值 × 系数 + 加数。")
@click.option("--offset", default="0", help="See --factor. 见 --factor。")
@click.pass_obj
def field_unit(
    instance: Instance, database: str, record_type: str, code: str, unit: str, factor: str, offset: str
) -> None:
    """Give a field another UNIT; publishing converts its values. 改变单位，发布时换算已有的值。"""
    properties = {"unit": unit, "convert": {"factor": factor, "offset": offset}}
    _set(instance, database, record_type, code, properties)


@field.command("merge-choices")
@click.argument("database")
@click.argument("value_set")
@click.argument("choices", nargs=-1, required=True)
@click.option("--into", help="The choice they become; without it they are rechecked. 合并为该选项。")
@click.pass_obj
def merge_choices(
    instance: Instance, database: str, value_set: str, choices: tuple[str, ...], into: str | None
) -> None:
    """Put CHOICES of a value set together, and stored values with them. 合并选项，已有的值随之转换。"""
    edit = {"edit": "merge_choices", "value_set": value_set, "choices": list(choices), "into": into}
    _edit(instance, database, edit)


def _set(instance: Instance, database: str, record_type: str, code: str, properties: dict[str, Any]) -> None:
    edit = {"edit": "set_field", "record_type": record_type, "field": code, "set": properties}
    _edit(instance, database, edit)


def _simple(name: str, edit: str, help_text: str) -> None:
    @field.command(name, help=help_text)
    @click.argument("database")
    @click.argument("record_type")
    @click.argument("code")
    @click.pass_obj
    def command(instance: Instance, database: str, record_type: str, code: str) -> None:
        _edit(instance, database, {"edit": edit, "record_type": record_type, "field": code})


_simple("hide", "hide_field", "Keep a field but show it nowhere. 隐藏字段。")
_simple("restore", "restore_field", "Bring back a hidden or removed field. 恢复字段。")
_simple("remove", "remove_field", "Take a field out; its values are kept. 移除字段，数据保留。")


def _say_published(code: str, number: int) -> None:
    say(f"已发布 {code} 第 {number} 版", f"Published {code}, release {number}")


def _print_plan(made: Plan, as_json: bool) -> None:
    if as_json:
        print_json(made.to_json())
        return
    say(f"变更计划 {made.id}：{made.safety}", f"Plan {made.id}: {made.safety}")
    for item in made.to_json()["operations"]:
        click.echo(f"  [{item['safety']}] {in_words(item['text'])}")
        _print_conversion(item["finding"])
    if made.needs_approval:
        say("发布前须批准（--approve）。", "It needs approval before it is published (--approve).")


def _print_conversion(finding: dict[str, Any]) -> None:
    """How many values a conversion concerns, and what does not fit."""
    if "values" not in finding:
        return
    say(f"      {finding['values']} 个值", f"      {finding['values']} values")
    for reason in finding["reasons"]:
        click.echo(f"      ✗ {in_words(reason)}: {reason['rows']}")
    if finding["samples"]:
        ids = ", ".join(map(str, finding["samples"]))
        say(f"      如记录 {ids}", f"      e.g. records {ids}")


def _print_release(release: Release, as_json: bool) -> None:
    if as_json:
        print_json({"database": release.code, "release": release.number})
        return
    _say_published(release.code, release.number)
