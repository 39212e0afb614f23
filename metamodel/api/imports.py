"""Definitions from files: imported into a draft, with a report that is kept and can be compared."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Response
from sqlalchemy import Row, select

from metamodel.api.drafts import DRAFT_PROBLEM
from metamodel.api.import_schemas import COMPARISON, IMPORT, IMPORT_BODY, MADE, REPORTED, TARGET
from metamodel.api.shared import DESIGN, allowed, instant, sliced
from metamodel.definitions import DefinitionInvalid, DraftChanged, load_draft, validate_document
from metamodel.definitions.access import require
from metamodel.exchange.comparing import compare_imports
from metamodel.exchange.definition_job import uploaded_sources
from metamodel.exchange.errors import ExchangeError
from metamodel.exchange.importing import read_import, store_import
from metamodel.exchange.labels import definition_label
from metamodel.exchange.report import report_rows
from metamodel.tables import definition, definition_import, definition_release
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Invalid, NotFound
from zhenshu.jobs import submit
from zhenshu.security import Action
from zhenshu.storage import stat_file
from zhenshu.web.api import Api, Media, endpoint
from zhenshu.web.schemas import ID, PAGING, list_of, object_of, page_of, query_of

KIND = "database"


class NotComparable(Invalid):
    """Import {id} can't be compared: {reason}. Nothing was changed."""

    status = 409
    zh = "导入 {id} 无法比较：{reason_zh}。未作任何修改。"

    def details(self) -> dict[str, Any]:
        return {}


class Imports(Api):
    @endpoint(
        "POST", "/definitions/imports",
        summary={"zh": "导入定义文件", "en": "Read files you sent into the draft `code`; see the report."},
        needs=DESIGN,
        body=IMPORT_BODY,
        returns={201: object_of(MADE | {"problems": list_of(DRAFT_PROBLEM)})},
        errors=[NotFound, ExchangeError, DefinitionInvalid, DraftChanged, Invalid],
    )  # fmt: skip
    def add(self) -> dict[str, Any]:
        body = self._body()
        with self.read() as uow:
            files = uploaded_sources(uow, body["file_ids"], body.get("names"))
        imported = read_import(files, body.get("code"), body.get("label"))
        with self.write() as uow:  # what takes long is done before: a writing transaction holds others up
            stored = store_import(uow, files, imported, body.get("expected_version"))
        return {
            "import": stored.id,
            "kind": stored.draft.kind,
            "code": stored.draft.code,
            "draft_version": stored.draft.version,
            "report": stored.report,
            "problems": _problems(stored.draft.document),
        }

    @endpoint(
        "POST", "/definitions/import-jobs",
        summary={"zh": "后台导入定义文件", "en": "The same as a job, with progress; it can be cancelled."},
        needs=DESIGN,
        body=IMPORT_BODY,
        returns={202: object_of({"job": ID})},
        errors=[NotFound, Invalid],
    )  # fmt: skip
    def start(self) -> dict[str, Any]:
        body = self._body()
        with self.write() as uow:
            files = [stat_file(uow, file_id) for file_id in body["file_ids"]]
            if foreign := next((file for file in files if file.created_by_id != self.subject.id), None):
                raise NotFound(kind="file", kind_zh="文件", name=foreign.id)
            names = ("file_ids", "names", "code", "label", "expected_version")
            args = {name: body.get(name) for name in names}
            label = definition_label(body.get("code"), [file.name for file in files])
            return {"job": submit(uow, "definitions.import", args, label=label)}

    @endpoint(
        "GET", "/definitions/import-targets/<code>",
        summary={"zh": "导入目标", "en": "What the database of this code has that an import would replace."},
        needs=DESIGN,
        returns={200: TARGET},
    )  # fmt: skip
    def target(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            if not allowed(uow, "databases", code, ("design",)):
                return _target(uow, "")  # whether it is there is not told
            return _target(uow, code)

    @endpoint(
        "GET", "/databases/<code>/imports",
        summary={"zh": "导入历史", "en": "Imports into this database's draft, newest first."},
        needs=DESIGN,
        params=query_of(PAGING),
        returns={200: page_of(IMPORT)},
        errors=[NotFound],
    )  # fmt: skip
    def list(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            require(uow, Action.DESIGN, code)
            load_draft(uow, KIND, code)
            mine = _imports().where(definition.c.kind == KIND, definition.c.code == code)
            rows = uow.conn.execute(mine.order_by(definition_import.c.id.desc())).all()
            return sliced([_line(row) for row in rows], self.params["after"], self.params["limit"])

    @endpoint(
        "GET", "/imports/<int:id>",
        summary={"zh": "导入报告", "en": "The whole report of one import, and what is wrong in its draft."},
        needs=DESIGN,
        returns={200: REPORTED},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            row = _one(uow, id)
            document = _document(uow, id)
        problems = None if document is None else _problems(document)
        return _line(row) | {"report": row.report, "problems": problems}

    @endpoint(
        "GET", "/imports/<int:id>/report",
        summary={"zh": "下载导入报告", "en": "What was not carried over, and what is not known, as CSV."},
        needs=DESIGN,
        returns={200: Media("text/csv")},
        errors=[NotFound],
    )  # fmt: skip
    def download(self, id: int) -> Response:
        with self.read() as uow:
            row = _one(uow, id)
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(report_rows(row.report, self.language))
        response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{row.code}-import-{id}.csv"'
        return response

    @endpoint(
        "GET", "/imports/<int:id>/changes",
        summary={"zh": "与较早的导入比较", "en": "What this import changed since an earlier one, `since`."},
        needs=DESIGN,
        params=query_of({"since": ID}, ["since"]),
        returns={200: COMPARISON},
        errors=[NotFound, NotComparable],
    )  # fmt: skip
    def changes(self, id: int) -> dict[str, Any]:
        since = self.params["since"]
        with self.read() as uow:
            before, after = _one(uow, since), _one(uow, id)
            if before.definition_id != after.definition_id:
                reason = {"reason": "they are of two definitions", "reason_zh": "两次导入不属于同一定义"}
                raise NotComparable(id=id, **reason)
            old, new = _kept(uow, since), _kept(uow, id)
        found = compare_imports(old, new, (before.report, after.report))
        return {"before": _line(before), "after": _line(after)} | found

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = self.body
        names = body.get("names")
        if names is not None and len(names) != len(body["file_ids"]):
            raise Invalid(
                reason="`names` must have one for each file", reason_zh="`names` 须为每个文件各给一个名称"
            )
        return body


def _imports() -> Any:
    """All columns of an import but its document, which is large."""
    columns = [column for column in definition_import.c if column.name != "document"]
    comparable = definition_import.c.document.is_not(None).label("comparable")
    query = select(*columns, definition.c.kind, definition.c.code, comparable)
    return query.join(definition, definition.c.id == definition_import.c.definition_id)


def _one(uow: UnitOfWork, id: int) -> Row[Any]:
    row = uow.conn.execute(_imports().where(definition_import.c.id == id)).one_or_none()
    if row is None or not allowed(uow, "databases", row.code, ("design",)):
        raise NotFound(kind="import", kind_zh="导入", name=id)
    return row


def _document(uow: UnitOfWork, id: int) -> dict[str, Any] | None:
    query = select(definition_import.c.document).where(definition_import.c.id == id)
    document: dict[str, Any] | None = uow.conn.execute(query).scalar_one()
    return document


def _kept(uow: UnitOfWork, id: int) -> dict[str, Any]:
    document = _document(uow, id)
    if document is None:
        raise NotComparable(
            id=id, reason="what it made was not kept then", reason_zh="当时没有保存导入的内容"
        )
    return document


def _problems(document: dict[str, Any]) -> list[dict[str, str]]:
    return [problem.to_json() for problem in validate_document(document)]


def _target(uow: UnitOfWork, code: str) -> dict[str, Any]:
    c = definition.c
    saved = c.draft.is_not(None).label("saved")
    query = select(c.id, c.label, c.draft_version, saved, c.draft_by, c.draft_at, c.live_release_id)
    row = uow.conn.execute(query.where(c.kind == KIND, c.code == code)).one_or_none()
    if row is None:
        return {"exists": False, "label": None, "version": 0, "draft": None, "release": None}
    return {
        "exists": bool(row.saved or row.live_release_id),
        "label": row.label,
        "version": row.draft_version,
        "draft": _draft(uow, row) if row.saved else None,
        "release": _release(uow, row.live_release_id) if row.live_release_id else None,
    }


def _draft(uow: UnitOfWork, row: Row[Any]) -> dict[str, Any]:
    size = _size(uow, select(definition.c.draft).where(definition.c.id == row.id))
    return {"by": row.draft_by, "at": instant(row.draft_at)} | size


def _release(uow: UnitOfWork, release_id: int) -> dict[str, Any]:
    r = definition_release.c
    number = uow.conn.execute(select(r.number).where(r.id == release_id)).scalar_one()
    return {"number": number} | _size(uow, select(r.document).where(r.id == release_id))


def _size(uow: UnitOfWork, query: Any) -> dict[str, int]:
    document = uow.conn.execute(query).scalar_one() or {}
    types = document.get("record_types", ())
    return {"record_types": len(types), "fields": sum(len(item["fields"]) for item in types)}


def _line(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "code": row.code,
        "format": row.format,
        "files": row.files,
        "imported_by": row.imported_by,
        "imported_at": instant(row.imported_at),
        "counts": row.report["counts"],
        "not_carried": len(row.report["not_carried"]),
        "comparable": bool(row.comparable),
    }
