"""`zhenshu keys rotate-index`: a new key for the blind indexes of all databases."""

from __future__ import annotations

import json

import click

from metamodel.records.index_rotation import rotate_index, submit_index_rotation
from zhenshu.instance import Instance
from zhenshu.patients.commands import keys
from zhenshu.security.operators import operator
from zhenshu.security.policy import Channel


@keys.command("rotate-index")
@click.option("--job", is_flag=True, help="Leave it to a job of the running instance. 交由后台任务执行。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
@click.pass_obj
def rotate_index_key(instance: Instance, job: bool, as_json: bool) -> None:
    """Index identifying values with a new key. Stopped half-way, run it again. 更换检索索引密钥。"""
    if job:
        with instance.write(operator(), Channel.API) as uow:
            found = {"job": submit_index_rotation(uow)}
    else:
        done = rotate_index(instance, operator(), lambda: instance.write(operator(), Channel.API))
        found = {"values": done.done, "unread": done.unread}
    told = ", ".join(f"{name}: {number}" for name, number in found.items())
    click.echo(json.dumps(found) if as_json else told)
