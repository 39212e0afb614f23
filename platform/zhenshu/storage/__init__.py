"""Files: rows with name, size and hash; bytes in named storages."""

from zhenshu.storage.access import bind_file_check, fetchable_file
from zhenshu.storage.files import (
    FileDamaged,
    FileObject,
    delete_file,
    open_file,
    put_file,
    stage_file,
    stat_file,
    stores,
)
from zhenshu.storage.store import StagedFile, Store
from zhenshu.storage.tables import file_object
from zhenshu.storage.upkeep import sweep_files, verify_files

__all__ = [
    "FileDamaged",
    "FileObject",
    "StagedFile",
    "Store",
    "bind_file_check",
    "delete_file",
    "fetchable_file",
    "file_object",
    "open_file",
    "put_file",
    "stage_file",
    "stat_file",
    "stores",
    "sweep_files",
    "verify_files",
]
