"""`zhenshu rules`: evaluating expressions from the command line."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn

import click

from rules_dsl import (
    Context,
    Language,
    Missing,
    RuleError,
    RuleType,
    UnknownFieldType,
    check,
    evaluate,
    parse,
    type_of_field,
)
from rules_dsl import format as format_tree
from zhenshu.cli.language import language
from zhenshu.instance import Instance


@click.group()
def rules() -> None:
    """The rule language. 规则语言。"""


@rules.command("eval")
@click.argument("expression")
@click.option("--record", default="{}", help="Values by field code, as JSON. 字段值（JSON）。")
@click.option("--types", default="{}", help="Field types by field code, as JSON. 字段类型（JSON）。")
@click.pass_obj
def evaluate_rule(instance: Instance, expression: str, record: str, types: str) -> None:
    """Print the value of EXPRESSION as JSON; null when it is missing or unknown. 计算表达式。"""
    known = _types(types)
    values = _values(_object(record, "--record"), known)
    context = Context(datetime.now(UTC), instance.settings.zone, language())
    try:
        value = evaluate(expression, values, known, context)
    except RuleError as error:
        _fail(error)
    click.echo(json.dumps(_json(value), ensure_ascii=False))


@rules.command("format")
@click.argument("expression")
@click.option(
    "--language", "to", type=click.Choice(["zh", "en"]), default="en", show_default=True,
    help="Language of its words. 关键字的语言。",
)  # fmt: skip
def format_rule(expression: str, to: str) -> None:
    """Print EXPRESSION in its standard form. 规范化表达式。"""
    try:
        click.echo(format_tree(parse(expression), "zh" if to == "zh" else "en"))
    except RuleError as error:
        _fail(error)


@rules.command("check")
@click.argument("expression")
@click.option("--types", default="{}", help="Field types by field code, as JSON. 字段类型（JSON）。")
def check_rule(expression: str, types: str) -> None:
    """Say of what type the value of EXPRESSION is. 检查表达式。"""
    known = _types(types)
    try:
        click.echo(check(parse(expression), known).name.lower())
    except RuleError as error:
        _fail(error)


def _types(text: str) -> dict[str, RuleType]:
    try:
        return {code: type_of_field(str(name)) for code, name in _object(text, "--types").items()}
    except UnknownFieldType as error:
        raise click.BadParameter(error.message(_language()), param_hint="--types") from error


def _object(text: str, option: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint=option) from error
    if not isinstance(value, dict):
        raise click.BadParameter("not a JSON object", param_hint=option)
    return value


_READERS = {
    RuleType.DATE: date.fromisoformat,
    RuleType.DATETIME: datetime.fromisoformat,
    RuleType.TIME: time.fromisoformat,
}


def _values(record: dict[str, Any], known: dict[str, RuleType]) -> dict[str, Any]:
    """JSON values as the evaluator takes them: dates and times from ISO text."""
    read = dict(record)
    for code, kind in known.items():
        if isinstance(value := read.get(code), str) and kind in _READERS:
            try:
                read[code] = _READERS[kind](value)
            except ValueError as error:
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


def _fail(error: RuleError) -> NoReturn:
    click.echo(error.explain(_language()), err=True)
    sys.exit(1)
