"""Who may fetch a file: whoever sent it, or whom the room that made it lets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.storage.files import FileObject, stat_file

if TYPE_CHECKING:
    from zhenshu.instance import Instance
    from zhenshu.rooms import Room

_CHECK: Final = "storage.file_check"

# Whether the subject may fetch the file now; None when the room does not know such files.
FileCheck = Callable[[UnitOfWork, FileObject], bool | None]


def bind_file_check(instance: Instance, rooms: Iterable[Room]) -> None:
    """Let the rooms judge the files that they make."""
    instance.memo[_CHECK] = tuple(room.file_check for room in rooms if room.file_check is not None)


def fetchable_file(uow: UnitOfWork, file_id: int) -> FileObject:
    """A file that the subject may fetch now.

    What somebody uploaded is theirs alone: it is not known yet whose data it holds.

    Raises:
        NotFound: when there is no such file, or it is not for the subject.
    """
    found = stat_file(uow, file_id)
    judged = _judged(uow, found)
    mine = uow.subject.is_system or found.created_by_id == uow.subject.id
    if not (mine if judged is None else judged):
        raise NotFound(kind="file", kind_zh="文件", name=file_id)
    return found


def _judged(uow: UnitOfWork, file: FileObject) -> bool | None:
    checks: tuple[FileCheck, ...] = uow.instance.memo.get(_CHECK, ())
    answers = [answer for check in checks if (answer := check(uow, file)) is not None]
    return all(answers) if answers else None
