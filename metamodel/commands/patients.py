"""`zhenshu patients`: forgetting a patient, from the command line."""

from __future__ import annotations

import json

import click

from metamodel.records.forgetting import Forgetting, forget, look, phrase_of
from zhenshu.instance import Instance
from zhenshu.security.operators import operator
from zhenshu.security.policy import Channel


@click.group()
def patients() -> None:
    """Patients, across all databases. 患者。"""


@patients.command("forget")
@click.argument("patient", type=int)
@click.option("--reason", default="", help="Why; the audit trail keeps it. 原因，记入审计。")
@click.option("--confirm", default="", help="The phrase that the first call shows. 首次调用所显示的确认语。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
@click.pass_obj
def forget_patient(instance: Instance, patient: int, reason: str, confirm: str, as_json: bool) -> None:
    """Destroy a patient's identity for good. Without --confirm only say what would go. 遗忘患者。"""
    if confirm:
        with instance.write(operator(), Channel.API) as uow:
            done = forget(uow, patient, reason, confirm)
    else:
        with instance.read(operator(), Channel.API) as uow:
            done = look(uow, patient)
    click.echo(json.dumps(done.to_json(), ensure_ascii=False) if as_json else _told(done, bool(confirm)))


def _told(found: Forgetting, done: bool) -> str:
    lines = [f"{item.database}.{item.record_type}\t{item.records}\t{item.values}" for item in found.affected]
    lines += [f"file 文件 {item['id']}\t{item['name']}" for item in found.files]
    head = "forgotten 已遗忘" if done or found.forgotten else "would be forgotten 将被遗忘"
    lines.insert(0, f"patient 患者 {found.patient}: {head}; identifiers 标识 {found.identifiers}")
    if not done and not found.forgotten:
        lines.append(f'confirm with 确认: --reason "..." --confirm "{phrase_of(found.patient)}"')
    return "\n".join(lines)
