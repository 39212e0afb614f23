"""Files that come in: where their bytes are, and what encoding their text is in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from metamodel.exchange.errors import FileTooLarge, UnknownEncoding

DEFINITION_LIMIT = 64 * 1024 * 1024  # bytes; the largest real dictionary seen has under 1 MB


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file by its name (which may hold folders, with `/`) and its bytes or the path they are at."""

    name: str
    content: bytes | Path

    def data(self, limit: int = DEFINITION_LIMIT) -> bytes:
        """All bytes.

        Raises:
            FileTooLarge: when there are more than `limit`.
        """
        size = len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size
        if size > limit:
            raise FileTooLarge(file=self.name, limit=limit)
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()

    def text(self) -> str:
        """All text, decoded by `detect_encoding`, without a byte order mark.

        Raises:
            UnknownEncoding: when it is text in no known encoding.
        """
        data = self.data()
        return decode(data, detect_encoding(data, self.name), self.name)

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


def detect_encoding(sample: bytes, name: str, whole: bool = True) -> str:
    """The Python name of the encoding of `sample`: utf-8-sig, utf-16 (or -le, -be) or gb18030.

    A sample that is not the `whole` file may end within a character.

    Raises:
        UnknownEncoding: when none of them fits.
    """
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _utf16_without_mark(sample):
        return wide
    if _readable(sample, "utf-8", whole) is not None:
        return "utf-8-sig"
    text = _readable(sample, "gb18030", whole)
    if text is not None and _looks_chinese(text):
        return "gb18030"
    raise UnknownEncoding(file=name, line=_first_bad_line(sample))


def decode(data: bytes, encoding: str, name: str) -> str:
    """
    Raises:
        UnknownEncoding: when `data` is not text in `encoding`.
    """
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding(file=name, line=data[: error.start].count(b"\n") + 1) from error


def _utf16_without_mark(sample: bytes) -> str | None:
    """ASCII letters in UTF-16 leave a zero in every other byte; no other text does."""
    head = sample[:200]
    if len(head) < 4:
        return None
    if head[1::2].count(0) > len(head) // 4 and 0 not in head[0::2]:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 4 and 0 not in head[1::2]:
        return "utf-16-be"
    return None


def _readable(sample: bytes, encoding: str, whole: bool) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(sample, final=whole)
    except UnicodeDecodeError:
        return None


def _looks_chinese(text: str) -> bool:
    """Nearly any bytes decode as GB18030, so at least nine tenths must be common characters (GB 2312)."""
    beyond_ascii = [char for char in text if ord(char) > 127]
    common = sum(1 for char in beyond_ascii if _in_gb2312(char))
    return common >= 0.9 * len(beyond_ascii)


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _first_bad_line(sample: bytes) -> int:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return sample[: error.start].count(b"\n") + 1
    return 1
