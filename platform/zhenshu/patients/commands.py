"""`zhenshu keys`: the keys that patients' keys are wrapped with."""

from __future__ import annotations

import json

import click

from zhenshu.instance import Instance
from zhenshu.patients.rotation import rotate, submit_rotation
from zhenshu.security.operators import operator
from zhenshu.security.policy import Channel


@click.group()
def keys() -> None:
    """Keys of the instance. 密钥。"""


@keys.command("rotate")
@click.option("--job", is_flag=True, help="Leave it to a job of the running instance. 交由后台任务执行。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
@click.pass_obj
def rotate_keys(instance: Instance, job: bool, as_json: bool) -> None:
    """Wrap all patients' keys with a new key. Stopped half-way, run it again. 轮换密钥。"""
    if job:
        with instance.write(operator(), Channel.API) as uow:
            found = {"job": submit_rotation(uow)}
    else:
        found = {"keys": rotate(lambda: instance.write(operator(), Channel.API))}
    ((name, number),) = found.items()
    click.echo(json.dumps(found) if as_json else f"{name}: {number}")
