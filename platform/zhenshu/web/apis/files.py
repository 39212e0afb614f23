"""Files: sent as one part of a form, fetched by whom what is in them is for."""

from __future__ import annotations

from typing import Any, BinaryIO

from flask import Response, send_file

from zhenshu.audit import record
from zhenshu.errors import DiskFull, NotFound
from zhenshu.storage import FileDamaged, FileObject, fetchable_file, open_file, put_file, stage_file
from zhenshu.web.api import UPLOAD, Api, Media, endpoint
from zhenshu.web.schemas import ID, INSTANT, MAYBE_INSTANT, TEXT, object_of
from zhenshu.web.uploads import uploaded_file

FILE = object_of(
    {
        "id": ID,
        "name": TEXT,
        "size": {"type": "integer", "description": "bytes"},
        "sha256": TEXT,
        "media_type": TEXT,
        "created_at": INSTANT,
        "expires_at": MAYBE_INSTANT,
    }
)


class Files(Api):
    @endpoint(
        "POST", "/files",
        summary={"zh": "上传文件", "en": "Send one file in the form part `file`."},
        needs=None,
        body=UPLOAD,
        returns={201: FILE},
        errors=[DiskFull],
    )  # fmt: skip
    def upload(self) -> dict[str, Any]:
        sent = uploaded_file(self.instance.settings.upload_megabytes)
        staged = stage_file(self.instance, sent.stream)
        sent.check_complete()
        with self.write() as uow:
            kept = put_file(uow, sent.name, staged, sent.media_type)
            record(uow, "add", "files", str(kept.id), detail={"size": kept.size})
        return _describe(kept)

    @endpoint(
        "GET", "/files/<int:id>",
        summary={"zh": "下载文件", "en": "The bytes of a file."},
        needs=None,
        returns={200: Media()},
        errors=[NotFound, FileDamaged],
    )  # fmt: skip
    def download(self, id: int) -> Response:
        """What one sent oneself. A file of records asks for the grants that it was made under, today's."""
        with self.write() as uow:
            found = fetchable_file(uow, id)
            stream = open_file(uow, id)
            record(uow, "download", "files", str(id), detail={"size": found.size})
        return _send(found, stream)


def _describe(file: FileObject) -> dict[str, Any]:
    return {name: getattr(file, name) for name in FILE["properties"]}


def _send(file: FileObject, stream: BinaryIO) -> Response:
    # Always an attachment of no particular type: an uploaded page must not run in our origin.
    response = send_file(stream, "application/octet-stream", as_attachment=True, download_name=file.name)
    response.content_length = file.size
    response.headers["Cache-Control"] = "no-store"  # `send_file` would let the browser keep a patient's file
    return response
