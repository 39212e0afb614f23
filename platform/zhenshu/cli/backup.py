"""`zhenshu backup` and `zhenshu restore`."""

from __future__ import annotations

from pathlib import Path

import click

from zhenshu.backup import backup, restore
from zhenshu.cli.language import say
from zhenshu.db.migrations import require_head
from zhenshu.instance import Instance


def backup_command() -> click.Command:
    @click.command("backup")
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
    @click.option(
        "--with-secrets", is_flag=True, help="Put the keys in, too; guard the file well. 包含密钥。"
    )
    @click.pass_obj
    def backup_instance(instance: Instance, file: Path, with_secrets: bool) -> None:
        """Write database and files to FILE while the instance goes on. 备份到文件。"""
        require_head(instance)
        made = backup(instance, file, with_secrets)
        say(f"已备份到 {file}，文件 {made.files} 个。", f"Backed up to {file}, with {made.files} files.")
        if not with_secrets:
            say(
                f"密钥未包含在内，请另行保管：{instance.settings.secrets_folder}",
                f"The keys are not in it; keep them apart: {instance.settings.secrets_folder}",
            )

    return backup_instance


def restore_command() -> click.Command:
    @click.command("restore")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--force", is_flag=True, help="Replace an instance that holds data. 覆盖已有数据。")
    @click.pass_obj
    def restore_instance(instance: Instance, file: Path, force: bool) -> None:
        """Make the instance what it was when FILE was written. 从备份恢复。"""
        made = restore(instance, file, force)
        say(f"已恢复到 {made.created_at} 的状态。", f"Restored to the state of {made.created_at}.")

    return restore_instance
