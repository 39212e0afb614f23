"""What an Excel workbook from outside may be: checked before anything in it is unpacked into memory."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.parsers import expat

PART_LIMIT = 128 << 20  # bytes of a part that is read whole, above all the shared texts
SHEET_LIMIT = 2 << 30  # bytes of a sheet's part, which is read row by row
TOTAL_LIMIT = 4 << 30  # bytes of all parts
RATIO_LIMIT = 200  # unpacked to packed; sheets pack to a tenth, very even ones to a hundredth
PARTS_LIMIT = 5_000
ROW_TAGS = 1 << 18  # tags in a row, which is read whole: sixteen for each of the columns that there can be
TEXT_LIMIT = 1 << 20  # bytes between two tags; Excel itself has 32,767 characters in a cell
_SMALL = 8 << 20  # bytes up to which any ratio is harmless
_PROLOG = 1 << 20  # bytes within which the first element of a part begins
_CHUNK = 1 << 16
_BLOCK = 1 << 20
_MANIFEST = "[Content_Types].xml"
_ROWS = re.compile(rb"<(?:(/?)(?:[\w.-]+:)?row(?=[\s/>])|(!))")  # beginnings and ends of rows, and comments
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


class WorkbookRefused(ValueError):
    """Why a workbook is not opened, in both languages."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_zh = reason_zh


class NoWorkbook(WorkbookRefused):
    """The file is no workbook at all, or a broken one."""

    def __init__(self) -> None:
        super().__init__("it is no Excel workbook (.xlsx)", "不是 Excel 工作簿（.xlsx）")


class DeclaresEntities(WorkbookRefused):
    """A part has a document type declaration, which no honest workbook has."""

    def __init__(self, part: str) -> None:
        super().__init__(
            f"its part {part} holds a DOCTYPE or entity declaration",
            f"其中的 {part} 含有 DOCTYPE 或实体声明",
        )


def check_workbook(stream: BinaryIO, total: int = TOTAL_LIMIT) -> None:
    """Look at the parts of a seekable `stream`, which is then at its beginning again.

    What the archive says of the sizes binds: no more than that is ever unpacked.

    Raises:
        WorkbookRefused: when it is no workbook, unpacks to too much, or declares entities.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            _check_sizes(parts, total)
            for part in parts:
                _check_prolog(archive, part)
            for name in _sheets(archive):
                _check_rows(archive, name)
            if large := [part.filename for part in parts if part.file_size > PART_LIMIT]:
                _check_large(archive, large)
    except WorkbookRefused:
        raise
    except Exception as error:  # a broken archive fails in many ways, all of them the sender's
        raise NoWorkbook from error
    stream.seek(0)


def _check_sizes(parts: list[zipfile.ZipInfo], total: int) -> None:
    if len(parts) > PARTS_LIMIT:
        raise WorkbookRefused(f"it has more than {PARTS_LIMIT:,} parts", f"内含超过 {PARTS_LIMIT:,} 个部件")
    for part in parts:
        if part.file_size > min(SHEET_LIMIT, total):
            raise _part_too_large(part.filename, min(SHEET_LIMIT, total))
        if part.file_size > _SMALL and part.file_size > RATIO_LIMIT * max(part.compress_size, 1):
            raise WorkbookRefused(
                f"its part {part.filename} unpacks to more than {RATIO_LIMIT} times its size",
                f"其中的 {part.filename} 解压后超过原大小的 {RATIO_LIMIT} 倍",
            )
    if sum(part.file_size for part in parts) > total:
        raise _too_large("it", "工作簿", total)


def _check_large(archive: zipfile.ZipFile, large: list[str]) -> None:
    """Sheets alone may be that large: by what the workbook says a part is, for a name can say anything."""
    links = [name for name in archive.namelist() if name.endswith(".rels")]
    if listed := next((name for name in large if name == _MANIFEST or name in links), None):
        raise _part_too_large(listed, PART_LIMIT)
    kinds: dict[str, set[str]] = {}
    for entry in _elements(archive, _MANIFEST, "Override"):
        kinds.setdefault(entry.get("PartName", "").removeprefix("/"), set()).add(entry.get("ContentType", ""))
    charts = {
        posixpath.basename(posixpath.normpath(entry.get("Target", "")))
        for name in links
        for entry in _elements(archive, name, "Relationship")
        if "chartsheet" in entry.get("Type", "")  # these are read whole
    }
    for name in large:
        if kinds.get(name) != {_SHEET} or posixpath.basename(name) in charts:
            raise _part_too_large(name, PART_LIMIT)


def _sheets(archive: zipfile.ZipFile) -> list[str]:
    """The parts that are read as sheets: those that some part says are."""
    names = archive.namelist()
    listed = {
        posixpath.basename(posixpath.normpath(entry.get("Target", "")))
        for name in names
        if name.endswith(".rels")
        for entry in _elements(archive, name, "Relationship")
        if "worksheet" in entry.get("Type", "")
    }
    return [name for name in names if posixpath.basename(name) in listed]


def _check_rows(archive: zipfile.ZipFile, name: str) -> None:
    """No row may be so large that it can't be held: it is read whole, and so is what it holds."""
    rest, tags, depth = b"", 0, 0
    with archive.open(name) as content:
        while piece := content.read(_BLOCK):
            whole, mark, rest = (rest + piece).rpartition(b"<")  # what is left of it has whole tags alone
            rest = mark + rest
            at = 0
            for found in _ROWS.finditer(whole):
                tags += whole.count(b"<", at, found.start())
                at = found.start()
                depth += _step(whole, at, found, depth)
                if tags > ROW_TAGS or not 0 <= depth <= 1:
                    raise _row_too_large(name)
                tags = 0
            tags += whole.count(b"<", at)
            if tags > ROW_TAGS or len(rest) > TEXT_LIMIT:
                raise _row_too_large(name)


def _step(text: bytes, at: int, found: re.Match[bytes], depth: int) -> int:
    """How much deeper in rows one is behind this tag. What could hide a tag in a row is as good as a row."""
    if found[2]:
        return depth
    tag = text[at : text.find(b"<", at + 1) % (len(text) + 1)].rstrip()
    if tag.count(b">") != 1:
        return 2
    if found[1]:
        return -1
    return 0 if tag.endswith(b"/>") else 1


def _row_too_large(name: str) -> WorkbookRefused:
    return WorkbookRefused(f"its part {name} has a row that can't be read", f"其中的 {name} 含有无法读取的行")


def _elements(archive: zipfile.ZipFile, name: str, wanted: str) -> Iterator[dict[str, str]]:
    """The attributes of all elements called `wanted` in a part."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: (
        found.append(attributes) if tag.split(" ")[-1] == wanted else None
    )
    with archive.open(name) as content:
        while piece := content.read(_CHUNK):
            parser.Parse(piece)
            yield from found
            found.clear()


def _part_too_large(name: str, limit: int) -> WorkbookRefused:
    return _too_large(f"its part {name}", f"其中的 {name} ", limit)


def _too_large(what: str, what_zh: str, limit: int) -> WorkbookRefused:
    size = f"{limit >> 20:,} MiB"
    return WorkbookRefused(f"{what} unpacks to more than {size}", f"{what_zh}解压后超过 {size}")


def _check_prolog(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """What comes before a part's first element; pictures are no XML, and drawn ones (SVG) are never read."""
    if part.is_dir() or PurePosixPath(part.filename).suffix.lower() == ".svg":
        return
    seen: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: seen.append("doctype")
    parser.StartElementHandler = lambda *_: seen.append("element")
    size = 0
    with archive.open(part) as content:
        while not seen and (piece := content.read(_CHUNK)):
            try:
                parser.Parse(piece)
            except expat.ExpatError:
                break  # no XML: whoever reads the part as such will say so
            size += len(piece)
            if not seen and size > _PROLOG:
                raise NoWorkbook
    if "doctype" in seen:
        raise DeclaresEntities(part.filename)
