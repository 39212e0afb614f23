"""`zhenshu rules`: expressions evaluated, checked, formatted and tested from the command line."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from metamodel.commands.output import AS_JSON, print_json
from metamodel.commands.report_packages import (
    check_report_package,
    format_report_package,
    is_package,
    run_package,
    test_report_package,
)
from metamodel.commands.rule_back_ends import ON, Evaluate, back_end
from metamodel.commands.rule_files import (
    FILE,
    WrittenRule,
    cases_in,
    error_json,
    located,
    read_text,
    rules_in,
    with_rules,
)
from rules_dsl import Context, Language, Missing, RuleError, UnknownFieldType, check, parse
from rules_dsl import format as format_tree
from rules_dsl.cases import Case, Failure, failure_of, read_types, read_value
from zhenshu.cli.language import language, say
from zhenshu.instance import Instance

WIDTH = 100  # columns of a formatted rule
TYPES = click.option("--types", help="Field types by field code, as JSON. 字段类型（JSON）。")


@click.group()
def rules() -> None:
    """The rule language, and the packages that read reports. 规则语言与报告解析规则包。"""


rules.add_command(run_package)


@rules.command("eval")
@click.argument("expression")
@click.option("--record", default="{}", help="Values by field code, as JSON. 字段值（JSON）。")
@TYPES
@ON
@AS_JSON
@click.pass_obj
def evaluate_rule(
    instance: Instance, expression: str, record: str, types: str | None, on: str, as_json: bool
) -> None:
    """Print the value of EXPRESSION as JSON; null when it is missing or unknown. 计算表达式。

    Errors are JSON, too, with --json.
    """
    known = _types(types or "{}")
    values = _values(_object(record, "--record"), known)
    try:
        tree = parse(expression)
        check(tree, known)
        with back_end(on, instance) as evaluate:
            value = evaluate(tree, values, known, _context(instance))
    except RuleError as error:
        _fail(error, as_json)
    print_json(_json(value))


@rules.command("format")
@click.argument("file", type=FILE)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="en", show_default=True,
    help="Language of its words. 关键字的语言。",
)  # fmt: skip
@click.option("--write", is_flag=True, help="Write FILE instead of printing. 直接改写文件。")
def format_rules(file: Path, lang: str, write: bool) -> None:
    """Print the rules of FILE in their standard form, long ones in lines. 规范化规则文件。

    Blank lines and lines that begin with # part one rule from the next, and are kept; - is standard input.
    FILE may be a report package: a folder, or a file that ends in .rules.
    """
    words: Language = "zh" if lang == "zh" else "en"
    if is_package(file):
        format_report_package(file, words, write)
        return
    text = read_text(file)
    errors: list[str] = []

    def formatted(rule: WrittenRule) -> str:
        try:
            return format_tree(parse(rule.text), words, WIDTH)
        except RuleError as error:
            errors.append(located(error, file, rule.line, _language()))
            return rule.text

    changed = with_rules(text, formatted)
    if errors:
        click.echo("\n".join(errors), err=True)
        sys.exit(1)
    if not write or str(file) == "-":
        click.echo(changed, nl=False)
    elif changed != text:
        part = file.with_name(f".{file.name}.part")
        part.write_text(changed, encoding="utf-8")
        part.replace(file)


@rules.command("check")
@click.argument("file", type=FILE)
@TYPES
@AS_JSON
def check_rules(file: Path, types: str | None, as_json: bool) -> None:
    """Check the rules of FILE, and print of what type each is. 检查规则文件。

    Without --types only their writing is checked. Blank lines and lines that begin with # part one rule from
    the next; - is standard input. FILE may be a report package: a folder, or a file that ends in .rules.
    """
    if is_package(file):
        check_report_package(file, as_json)
        return
    known = None if types is None else _types(types)
    found, wrong = [], 0
    for rule in rules_in(read_text(file)):
        try:
            tree = parse(rule.text)
            kind = None if known is None else check(tree, known).name.lower()
        except RuleError as error:
            wrong += 1
            found.append({"rule": rule.text, **error_json(error, rule.line)})
            if not as_json:
                click.echo(located(error, file, rule.line, _language()), err=True)
            continue
        found.append({"rule": rule.text, "line": rule.line, "type": kind})
        if not as_json and kind is not None:
            click.echo(f"{file}:{rule.line}: {kind}")
    if as_json:
        print_json(found)
    elif not wrong:
        say(f"{len(found)} 条规则无误。", f"{len(found)} rules are right.", err=known is not None)
    sys.exit(1 if wrong else 0)


@rules.command("test")
@click.argument("files", nargs=-1, required=True, type=FILE)
@ON
@AS_JSON
@click.pass_obj
def test_rules(instance: Instance, files: tuple[Path, ...], on: str, as_json: bool) -> None:
    """Run the cases of YAML FILES and print each that fails, with what came out. 运行用例文件。

    A case is a rule, a record, and what it gives or its error, as in
    {expr: "[age] + 1", record: {age: 71}, gives: 72}. A report package runs the tests inside it.
    """
    packages = [file for file in files if is_package(file)]
    failed = [file for file in packages if not test_report_package(file, as_json)]
    files = tuple(file for file in files if not is_package(file))
    if packages and not files:
        sys.exit(1 if failed else 0)
    try:
        cases = [case for file in files for case in cases_in(file, _context(instance))]
        with back_end(on, instance) as evaluate:
            run = [case for case in cases if on not in case.not_on]
            failures = [it for case in run if (it := failure_of(case, _value(evaluate)))]
    except RuleError as error:
        _fail(error, as_json)
    if as_json:
        print_json({"run": len(run), "failed": [_failure_json(it) for it in failures]})
    else:
        for failure in failures:
            say(_failure_zh(failure), _failure_en(failure))
        say(f"{len(run)} 个用例，{len(failures)} 个未通过。", f"{len(run)} cases, {len(failures)} failed.")
    sys.exit(1 if failures or failed else 0)


def _value(evaluate: Evaluate) -> Any:
    def value(case: Case) -> Any:
        return evaluate(parse(case.rule), case.record, case.types, case.context)

    return value


def _failure_en(failure: Failure) -> str:
    return (
        f"{failure.case.name}: {failure.case.rule}\n  expected {failure.expected}\n  gave     {failure.found}"
    )


def _failure_zh(failure: Failure) -> str:
    return f"{failure.case.name}：{failure.case.rule}\n  应为 {failure.expected}\n  实得 {failure.found}"


def _failure_json(failure: Failure) -> dict[str, Any]:
    case = failure.case
    return {"case": case.name, "rule": case.rule, "expected": failure.expected, "found": failure.found}


def _context(instance: Instance) -> Context:
    return Context(datetime.now(UTC), instance.settings.zone, language())


def _types(text: str) -> dict[str, Any]:
    try:
        return read_types(_object(text, "--types"))
    except UnknownFieldType as error:
        raise click.BadParameter(error.message(_language()), param_hint="--types") from error


def _object(text: str, option: str) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint=option) from error
    if not isinstance(value, dict):
        raise click.BadParameter("not a JSON object", param_hint=option)
    return value


def _values(record: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """JSON values as the evaluator takes them; a field without a type can't be named, and is left out."""
    read = {}
    for code, kind in known.items():
        try:
            read[code] = read_value(record.get(code), kind)
        except (ValueError, ArithmeticError, TypeError, AttributeError, KeyError) as error:
            raise click.BadParameter(f"{code}: {error}", param_hint="--record") from error
    return read


def _json(value: Any) -> Any:
    if value is None or isinstance(value, Missing):
        return None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if isinstance(value, date | time) else value


def _language() -> Language:
    return "zh" if language() == "zh" else "en"


def _fail(error: RuleError, as_json: bool) -> NoReturn:
    shown = json.dumps(error_json(error), ensure_ascii=False) if as_json else error.explain(_language())
    click.echo(shown, err=True)
    sys.exit(1)
