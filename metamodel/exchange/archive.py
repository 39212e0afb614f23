"""A folder or a ZIP archive as a list of files, within limits."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from metamodel.exchange.errors import UnsafeArchive
from metamodel.exchange.source import SourceFile

FILE_LIMIT = 2_000  # files
SIZE_LIMIT = 256 * 1024 * 1024  # bytes, unpacked
RATIO_LIMIT = 200  # unpacked to packed; text packs to about a tenth
_CHUNK = 1024 * 1024


def source_files(paths: Iterable[Path]) -> list[SourceFile]:
    """The files at `paths`; a folder gives all files in it, named from the folder on."""
    files: list[SourceFile] = []
    for path in paths:
        if not path.is_dir():
            files.append(SourceFile(path.name, path))
            continue
        inside = sorted(item for item in path.rglob("*") if item.is_file() and not item.is_symlink())
        if len(inside) > FILE_LIMIT:
            raise _refused(path.name, f"more than {FILE_LIMIT} files", f"超过 {FILE_LIMIT} 个文件")
        files += [SourceFile(item.relative_to(path).as_posix(), item) for item in inside]
    return files


def unpacked(files: Sequence[SourceFile]) -> list[SourceFile]:
    """`files` with the ZIP archives among them replaced by what is in them.

    Raises:
        UnsafeArchive: when an archive is broken, encrypted, too large unpacked, or names a place outside.
    """
    result: list[SourceFile] = []
    for file in files:
        if file.extension == "zip":
            result += _members(file)
        else:
            result.append(file)
    return result


def _members(file: SourceFile) -> list[SourceFile]:
    data = file.data()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_members(file.name, archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise _refused(file.name, f"it can't be read ({error})", f"无法读取（{error}）") from error


def _read_members(name: str, archive: zipfile.ZipFile) -> list[SourceFile]:
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > FILE_LIMIT:
        raise _refused(name, f"more than {FILE_LIMIT} files", f"超过 {FILE_LIMIT} 个文件")
    result, room = [], SIZE_LIMIT
    for info in members:
        _check_member(name, info)
        content = _content(name, archive, info, room)
        room -= len(content)
        result.append(SourceFile(info.filename, content))
    return _without_top_folder(result)


def _check_member(name: str, info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in info.filename:
        raise _refused(name, "a name in it leads outside", "其中的文件名指向压缩包之外")
    if info.flag_bits & 0x1:
        raise _refused(name, "it is encrypted", "已加密")
    if info.file_size > _CHUNK and info.file_size > RATIO_LIMIT * max(info.compress_size, 1):
        raise _refused(name, "it unpacks to far more than it is", "解压后体积异常膨胀")


def _content(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """The bytes of a member; what its header says of the size is not believed."""
    pieces, size = [], 0
    with archive.open(info) as member:
        while piece := member.read(_CHUNK):
            size += len(piece)
            if size > room:
                raise _refused(
                    name, f"more than {SIZE_LIMIT:,} bytes unpacked", f"解压后超过 {SIZE_LIMIT:,} 字节"
                )
            pieces.append(piece)
    return b"".join(pieces)


def _without_top_folder(files: list[SourceFile]) -> list[SourceFile]:
    """An archive of one folder is the folder's content."""
    tops = {file.name.partition("/")[0] for file in files}
    if len(tops) != 1 or not all("/" in file.name for file in files):
        return files
    return [SourceFile(file.name.partition("/")[2], file.content) for file in files]


def _refused(name: str, reason: str, reason_zh: str) -> UnsafeArchive:
    return UnsafeArchive(file=name, reason=reason, reason_zh=reason_zh)
