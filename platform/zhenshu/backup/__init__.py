"""Backups: one tar file with the database, the stored files and, on demand, the secrets."""

from zhenshu.backup.errors import (
    BackupDamaged,
    NotEmpty,
    SecretsDiffer,
    ToolFailed,
    ToolMissing,
    WrongDatabase,
)
from zhenshu.backup.restore import restore
from zhenshu.backup.write import backup

__all__ = [
    "BackupDamaged",
    "NotEmpty",
    "SecretsDiffer",
    "ToolFailed",
    "ToolMissing",
    "WrongDatabase",
    "backup",
    "restore",
]
