"""Records in and out of files, as jobs."""

from __future__ import annotations

from typing import Any

from metamodel.api.schemas import CODE, EXPRESSION, FLAG, OBJECT
from metamodel.api.shared import live_type
from metamodel.catalogue import catalogue_of
from metamodel.exchange.labels import export_label, import_label
from metamodel.exchange.records.exporting import FORMATS
from metamodel.queries import QueryNotAllowed, QueryWrong, count
from zhenshu.errors import NotFound
from zhenshu.jobs import submit
from zhenshu.storage import stat_file
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, list_of, object_of

JOB = object_of({"job": ID})


class Transfers(Api):
    @endpoint(
        "POST", "/databases/<code>/record-imports",
        summary={"zh": "导入记录", "en": "Import records from a file you sent; a job."},
        needs=("add", "records"),
        body=object_of(
            {
                "file_id": ID,
                "record_type": {"type": ["string", "null"], "maxLength": 99},
                "format": {"enum": ["csv", "xlsx", "jsonl", "redcap", None]},
                "options": OBJECT,
                "dry_run": FLAG,
            },
            ["file_id"],
        ),
        returns={202: JOB},
        errors=[NotFound],
    )  # fmt: skip
    def start_import(self, code: str) -> dict[str, Any]:
        body = self.body
        with self.write() as uow:
            database = catalogue_of(uow).database(code)
            kind = database.record_type(body["record_type"]) if body.get("record_type") else None
            file = stat_file(uow, body["file_id"])
            if file.created_by_id != self.subject.id:
                raise NotFound(kind="file", kind_zh="文件", name=body["file_id"])
            label = import_label(database, kind, body.get("dry_run", False))
            args = {
                "database": code,
                "record_type": body.get("record_type"),
                "file_id": body["file_id"],
                "format": body.get("format"),
                "options": body.get("options", {}),
                "dry_run": body.get("dry_run", False),
            }
            return {"job": submit(uow, "records.import", args, label=label)}

    @endpoint(
        "POST", "/databases/<code>/record-exports",
        summary={"zh": "导出记录", "en": "Export records into a file; a job."},
        needs=("export", "records"),
        body=object_of(
            {
                "record_type": CODE,
                "where": EXPRESSION,
                "select": list_of(CODE) | {"maxItems": 10_000},
                "format": {"enum": list(FORMATS)},
                "labels": FLAG,
                "package": {**FLAG, "description": "A zip with codebook and import scripts"},
                "language": {"enum": ["zh", "en"]},
            },
            ["record_type", "format"],
        ),
        returns={202: JOB},
        errors=[NotFound, QueryWrong, QueryNotAllowed],
    )  # fmt: skip
    def start_export(self, code: str) -> dict[str, Any]:
        body = self.body
        with self.write() as uow:
            kind = live_type(uow, code, body["record_type"])
            for name in body.get("select", ()):
                kind.field(name)
            count(
                uow, kind, body.get("where") or None
            )  # a filter that can't be run fails here, not in the job
            args = {
                "database": code,
                "record_type": kind.code,
                "select": body.get("select"),
                "format": body["format"],
                "labels": body.get("labels", True),
                "language": body.get("language", self.language),
                "package": body.get("package", False),
            }
            label = export_label(catalogue_of(uow).database(code), kind)
            filter_ = {"where": body.get("where") or None}  # it may hold an identifying value
            return {"job": submit(uow, "records.export", args, label=label, sealed=filter_)}
