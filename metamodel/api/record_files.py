"""Around imports of records: a file to fill in, and the rows that an import rejected."""

from __future__ import annotations

import csv
import io
import tempfile
from itertools import islice
from typing import Any

from flask import Response

from metamodel.api.shared import live_type, record_scope
from metamodel.catalogue import catalogue_of
from metamodel.exchange.records.template import write_template
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.jobs import Job, get_job
from zhenshu.security import Action
from zhenshu.storage import fetchable_file, open_file
from zhenshu.web.api import Api, Media, endpoint
from zhenshu.web.schemas import PAGING, TEXT, object_of, page_of, query_of

REJECTED = object_of(
    {
        "row": TEXT,
        "record_type": TEXT,
        "field": TEXT,
        "code": TEXT,
        "reason_zh": TEXT,
        "reason_en": TEXT,
        "value": TEXT,
    }
)


class RecordFiles(Api):
    @endpoint(
        "GET", "/databases/<code>/record-templates/<record_type>",
        summary={"zh": "下载导入模板", "en": "An empty file with a column for each field."},
        needs=("add", "records"),
        params=query_of(
            {
                "format": {"enum": ["csv", "xlsx"], "default": "xlsx"},
                "headings": {"enum": ["codes", "labels"], "default": "codes"},
            }
        ),
        returns={200: Media()},
        errors=[NotFound],
    )  # fmt: skip
    def template(self, code: str, record_type: str) -> Response:
        format = self.params["format"]
        with self.read() as uow, tempfile.TemporaryFile() as file:
            kind = live_type(uow, code, record_type)
            record_scope(uow, kind, Action.ADD)
            language = self.language if self.params["headings"] == "labels" else None
            write_template(uow, catalogue_of(uow).database(code), kind, file, format, language)
            file.seek(0)
            response = Response(file.read(), mimetype="application/octet-stream")
        name = f"{code}-{record_type}-template.{format}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @endpoint(
        "GET", "/record-imports/<int:id>/rejected",
        summary={"zh": "导入时拒绝的行", "en": "Rows that an import of yours (a job) rejected, and why."},
        needs=("add", "records"),
        params=query_of(PAGING),
        returns={200: page_of(REJECTED)},
        errors=[NotFound],
    )  # fmt: skip
    def rejected(self, id: int) -> dict[str, Any]:
        after, limit = self.params["after"], self.params["limit"]
        with self.read() as uow:
            file_id = (self._own_import(uow, id).result or {}).get("rejected_file")
            if file_id is None:
                return {"items": [], "next": None}
            stream = open_file(uow, fetchable_file(uow, file_id).id)
        with io.TextIOWrapper(stream, "utf-8", newline="") as text:
            lines = list(islice(csv.DictReader(text), after, after + limit + 1))
        return {"items": lines[:limit], "next": after + limit if len(lines) > limit else None}

    def _own_import(self, uow: UnitOfWork, id: int) -> Job:
        found = get_job(uow, id)
        if found.kind != "records.import" or found.created_by_id != self.subject.id:
            raise NotFound(kind="job", kind_zh="任务", name=id)
        return found
