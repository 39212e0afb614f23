"""`zhenshu demo`: synthetic patients for the shipped disease databases."""

from __future__ import annotations

from time import monotonic

import click

from metamodel.commands.output import AS_JSON, print_json, say
from zhenshu.instance import Instance


@click.group()
def demo() -> None:
    """Synthetic data. 合成数据。"""


@demo.command("fill")
@click.option("--patients", type=click.IntRange(1, 10_000_000), default=20_000, show_default=True,
              help="How many persons, over all disease databases. 全部病种库合计的人数。")  # fmt: skip
@click.option("--seed", type=click.IntRange(1, 10**6), default=1, show_default=True,
              help="The same seed makes the same persons. 种子相同，患者相同。")  # fmt: skip
@AS_JSON
@click.pass_obj
def fill_command(instance: Instance, patients: int, seed: int, as_json: bool) -> None:
    """Add invented patients to the disease databases. 向病种库加入虚构患者。

    One person in eight is in two databases. Who is there already stays; a run that was interrupted goes on.
    八分之一的人见于两个病种库。已有的保留；中断后再次运行会继续。
    """
    from modules.research.demo.load import LAST_DAY, fill  # Faker is slow to import
    from modules.research.demo.population import population

    began = monotonic()
    with click.progressbar(length=patients, hidden=as_json) as bar:
        added = fill(instance, population(patients, seed, LAST_DAY), lambda done: bar.update(done - bar.pos))
    seconds = round(monotonic() - began, 1)
    if as_json:
        print_json({"added": added, "seconds": seconds})
        return
    say(f"新增 {added} 人，用时 {seconds} 秒。", f"{added} persons added in {seconds} seconds.")
