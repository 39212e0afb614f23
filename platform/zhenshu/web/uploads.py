"""Reading one uploaded file from a multipart form as it arrives, without a copy in memory or in /tmp."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, File, MultipartDecoder, NeedData

from zhenshu.web.errors import Malformed, NotValid, UnsupportedMedia
from zhenshu.web.json import BadJson, check_text

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 1 << 18  # bytes read from the network at once
FORM_BYTES = 1 << 16  # allowed beside the file: part headers, boundaries
PART = "file"
MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,63}/[a-z0-9.+-]{1,63}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is arriving. `name` is as the sender gave it, for people to read; never a path."""

    name: str
    media_type: str
    stream: BinaryIO
    _part: _PartStream

    def check_complete(self) -> None:
        """Read the rest of the form.

        Raises:
            Malformed: when the form ended before its last boundary: the file may be cut.
        """
        self._part.finish()


def uploaded_file(megabytes: int) -> Upload:
    """The part `file` of the current request.

    Raises:
        UnsupportedMedia, Malformed, NotValid (no such part), RequestEntityTooLarge (also while reading).
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        raise UnsupportedMedia(expected="multipart/form-data")
    request.max_content_length = megabytes * 2**20 + FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge
    events = _Events(request.stream, boundary)
    part = _find_part(events)
    stream = _PartStream(events)
    return Upload(_name(part), _media_type(part), io.BufferedReader(stream, BLOCK), stream)


def _find_part(events: _Events) -> File:
    while not isinstance(event := events.next(), Epilogue):
        if isinstance(event, File) and event.name == PART:
            return event
    message = "缺少文件部分 file / the form part `file` is missing"
    raise NotValid(problems=[{"in": "body", "path": f"/{PART}", "message": message}])


def _name(part: File) -> str:
    name = (part.filename or "").replace("\\", "/").rsplit("/", 1)[-1][:255] or "file"
    try:
        check_text(name)
    except BadJson as error:
        raise Malformed(reason=str(error), reason_zh=error.zh) from error
    return name


def _media_type(part: File) -> str:
    sent = part.headers.get("Content-Type", "").split(";")[0].strip().lower()
    return sent if MEDIA_TYPE.fullmatch(sent) else ""


class _Events:
    """The events of a multipart body, read block by block."""

    def __init__(self, body: IO[bytes], boundary: str) -> None:
        self._body = body
        self._decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=20)

    def next(self) -> Event:
        while isinstance(event := self._decoded(), NeedData):
            block = self._body.read(BLOCK)  # raises RequestEntityTooLarge itself
            self._decoder.receive_data(block or None)
        return event

    def _decoded(self) -> Event:
        try:
            return self._decoder.next_event()
        except ValueError as error:
            raise Malformed(reason="the form is broken or was cut", reason_zh="表单已损坏或不完整") from error
        except RequestEntityTooLarge as error:
            raise Malformed(reason="the form has too many parts", reason_zh="表单的部分过多") from error


class _PartStream(io.RawIOBase):
    """The bytes of the part that `events` stands in."""

    def __init__(self, events: _Events) -> None:
        self._events = events
        self._left = memoryview(b"")
        self._more = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """At least one byte until the part ends."""
        while not self._left and self._more:
            self._left = self._next()
        target = memoryview(buffer)
        count = min(len(target), len(self._left))
        target[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _next(self) -> memoryview:
        event = self._events.next()
        assert isinstance(event, Data)  # after a File, its Data events come until more_data is False
        self._more = event.more_data
        return memoryview(bytes(event.data))

    def finish(self) -> None:
        while self._more:
            self._next()
        while not isinstance(self._events.next(), Epilogue):
            pass
