"""Report rule packages on the command line: run over reports, checked, tested and formatted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from metamodel.commands.output import print_json
from metamodel.commands.rule_files import error_json, located, read_text
from rules_dsl import Language, RuleError
from zhenshu.cli.language import language, say

if TYPE_CHECKING:
    from rules_dsl.report import Findings, Package, TestMiss

SEEDED = Path(__file__).parents[2] / "seed_configs" / "report_packages"


def is_package(path: Path) -> bool:
    """Whether a path names a report package: a folder, or a file that ends in .rules."""
    return path.is_dir() or path.suffix == ".rules"


def _language() -> Language:
    return "zh" if language() == "zh" else "en"


def load(path: Path) -> Package:
    """The checked package; a wrong one ends the command with its place and a suggestion."""
    from rules_dsl.report import load_package

    try:
        return load_package(path, (SEEDED,), yaml.safe_load)
    except FileNotFoundError:
        raise click.ClickException(f"{path}: no .rules file") from None
    except RuleError as error:
        click.echo(located(error, path, 1, _language()), err=True)
        sys.exit(1)


def check_report_package(path: Path, as_json: bool) -> None:
    from rules_dsl.report import load_package

    try:
        package = load_package(path, (SEEDED,), yaml.safe_load)
    except RuleError as error:
        if as_json:
            print_json([error_json(error, 1)])
            sys.exit(1)
        click.echo(located(error, path, 1, _language()), err=True)
        sys.exit(1)
    facts = {"package": package.code, "version": package.version, "hash": package.hash,
             "terms": len(package.terms), "tests": len(package.tests)}  # fmt: skip
    if as_json:
        print_json(facts)
        return
    say(
        f"{package.code} {package.version}：{len(package.terms)} 个术语，{len(package.tests)} 个测试，无误。",
        f"{package.code} {package.version}: {len(package.terms)} terms, {len(package.tests)} tests: right.",
    )


def test_report_package(path: Path, as_json: bool) -> bool:
    """Run the tests inside a package; returns whether all came out."""
    from rules_dsl.report import Compiled, run_tests

    package = load(path)
    total, wrong = run_tests(Compiled(package))
    if as_json:
        print_json({"package": package.code, "labels": total, "failed": [_miss_json(it) for it in wrong]})
        return not wrong
    for miss in wrong:
        name = f"{miss.family}.{miss.key}" if miss.key else miss.family
        say(
            f"{miss.test.text}\n  {name} 应为 {_shown(miss.wanted)}，实得 {_shown(miss.got)}",
            f"{miss.test.text}\n  {name} expected {_shown(miss.wanted)}, got {_shown(miss.got)}",
        )
    say(
        f"{package.code}：{len(package.tests)} 个测试，{total} 项标注，{len(wrong)} 项不符。",
        f"{package.code}: {len(package.tests)} tests, {total} labels, {len(wrong)} failed.",
    )
    return not wrong


def _miss_json(miss: TestMiss) -> dict[str, Any]:
    return {"text": miss.test.text, "family": miss.family, "key": miss.key, "expected": miss.wanted,
            "found": miss.got}  # fmt: skip


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def format_report_package(path: Path, lang: Language, write: bool) -> None:
    from rules_dsl.report import format_package

    for file in sorted(path.glob("*.rules")) if path.is_dir() else [path]:
        text = read_text(file)
        try:
            changed = format_package(text, lang)
        except RuleError as error:
            click.echo(located(error, file, 1, _language()), err=True)
            sys.exit(1)
        if not write:
            click.echo(changed, nl=False)
        elif changed != text:
            part = file.with_name(f".{file.name}.part")
            part.write_text(changed, encoding="utf-8")
            part.replace(file)


@click.command("run")
@click.argument("package")
@click.argument("reports", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--as", "shape", type=click.Choice(["values", "gold"]), default="values", show_default=True,
    help="values with their places, or labels. 输出形式：带位置的值，或标注。",
)  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write. 输出文件。")
def run_package(package: str, reports: Path, shape: str, out: Path | None) -> None:
    """Read the values of REPORTS by the rule package PACKAGE. 用规则包解析报告。

    PACKAGE is the name of a delivered package, a folder or a .rules file. REPORTS holds a JSON object a line
    with id and text; each line of the output has the same id.
    """
    from rules_dsl.report import Compiled, as_gold

    named = Path(package)
    compiled = Compiled(load(named if named.exists() else _delivered(package)))
    target = out.open("w", encoding="utf-8") if out else sys.stdout
    done = 0
    try:
        for number, report in _reports(reports):
            findings = compiled.run(str(report.get("text") or ""))
            read = {"expect": as_gold(findings)} if shape == "gold" else _values(findings)
            target.write(json.dumps({"id": report.get("id", number), **read}, ensure_ascii=False) + "\n")
            done += 1
    finally:
        if out:
            target.close()
    if out:
        say(f"已解析 {done} 份报告：{out}", f"{done} reports read: {out}")


def _delivered(code: str) -> Path:
    folder = SEEDED / code
    if not folder.is_dir():
        known = ", ".join(sorted(it.name for it in SEEDED.iterdir() if it.is_dir()))
        raise click.ClickException(f"no rule package {code}; there are {known} / 没有规则包 {code}")
    return folder


def _reports(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The reports of a file of JSON lines, one at a time, however long it is."""
    stream = sys.stdin.buffer if str(path) == "-" else path.open("rb")
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                report = json.loads(line.decode("utf-8-sig", errors="replace"))
            except json.JSONDecodeError as error:
                raise click.ClickException(f"{path}:{number}: not JSON: {error}") from None
            if not isinstance(report, dict):
                raise click.ClickException(f"{path}:{number}: not a JSON object")
            yield number, report


def _values(findings: Findings) -> dict[str, Any]:
    return {
        "package": findings.package,
        "version": findings.version,
        "hash": findings.hash,
        "coverage": round(findings.coverage, 4),
        "values": [
            {"family": it.family, "key": it.key, "value": it.value, "spans": it.spans, "rule": it.rule,
             **({"because": it.because} if it.because else {})}
            for it in findings.values
        ],
    }  # fmt: skip
