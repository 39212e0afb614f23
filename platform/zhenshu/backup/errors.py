"""What can go wrong with a backup."""

from __future__ import annotations

from zhenshu.errors import ZhenshuError


class AlreadyThere(ZhenshuError):
    """{path} exists already and was not overwritten. Choose another name."""

    zh = "{path} 已存在，未被覆盖。请另选文件名。"


class BackupDamaged(ZhenshuError):
    """{path} is no whole backup: {reason}. Nothing was restored."""

    zh = "{path} 不是完整的备份：{reason_zh}。未恢复任何内容。"


class NotEmpty(ZhenshuError):
    """This instance holds data already. Nothing was restored; `--force` replaces all of it."""

    zh = "该实例中已有数据。未恢复任何内容；使用 `--force` 将全部替换。"


class WrongDatabase(ZhenshuError):
    """This is a backup of {found}, and the instance uses {needed}. Nothing was restored."""

    zh = "该备份来自 {found}，而本实例使用 {needed}。未恢复任何内容。"


class SecretsDiffer(ZhenshuError):
    """The backup was made with other keys than those in {folder}, or none are there. Nothing was restored.
    Put the key files of that time into {folder} first."""

    zh = "备份使用的密钥与 {folder} 中的不同，或该处没有密钥。未恢复任何内容。请先放入当时的密钥文件。"


class ToolMissing(ZhenshuError):
    """The program {name} was not found. Install PostgreSQL's client programs (Debian: postgresql-client)."""

    zh = "未找到程序 {name}。请安装 PostgreSQL 客户端程序（Debian：postgresql-client）。"


class ToolFailed(ZhenshuError):
    """{name} failed: {detail}"""

    zh = "{name} 执行失败：{detail}"
