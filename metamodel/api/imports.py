"""Definitions from files: imported into a draft, with a report that is kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from metamodel.api.drafts import DRAFT_PROBLEM
from metamodel.api.schemas import OBJECT
from metamodel.api.shared import DESIGN, instant, sliced
from metamodel.definitions import DefinitionInvalid, load_draft, validate_document
from metamodel.exchange import SourceFile
from metamodel.exchange.errors import ExchangeError
from metamodel.exchange.importing import import_definition
from metamodel.tables import definition, definition_import
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.storage import open_file, stat_file
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, PAGING, TEXT, list_of, object_of, page_of, query_of

IMPORT = object_of(
    {
        "id": ID,
        "format": TEXT,
        "files": list_of(OBJECT),
        "imported_by": TEXT,
        "imported_at": INSTANT,
        "counts": OBJECT,
        "not_carried": {"type": "integer"},
    }
)
CODE = {"type": "string", "minLength": 1, "maxLength": 63}


class Imports(Api):
    @endpoint(
        "POST", "/definitions/imports",
        summary={"zh": "导入定义文件", "en": "Read files you sent into the draft `code`; see the report."},
        needs=DESIGN,
        body=object_of(
            {
                "file_ids": list_of(ID) | {"minItems": 1, "maxItems": 1000},
                "code": CODE,
                "label": {"type": "string", "maxLength": 500},
            },
            ["file_ids"],
        ),
        returns={
            201: object_of(
                {
                    "kind": TEXT,
                    "code": TEXT,
                    "draft_version": {"type": "integer"},
                    "report": OBJECT,
                    "problems": list_of(DRAFT_PROBLEM),
                }
            )
        },
        errors=[NotFound, ExchangeError, DefinitionInvalid],
    )  # fmt: skip
    def add(self) -> dict[str, Any]:
        with self.write() as uow:
            files = [self._source(uow, file_id) for file_id in self.body["file_ids"]]
            draft, report = import_definition(uow, files, self.body.get("code"), self.body.get("label"))
        return {
            "kind": draft.kind,
            "code": draft.code,
            "draft_version": draft.version,
            "report": report,
            "problems": [problem.to_json() for problem in validate_document(draft.document)],
        }

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
            load_draft(uow, "database", code)
            query = select(definition_import).join(
                definition, definition.c.id == definition_import.c.definition_id
            )
            mine = query.where(definition.c.kind == "database", definition.c.code == code)
            rows = uow.conn.execute(mine.order_by(definition_import.c.id.desc())).all()
            return sliced([_line(row) for row in rows], self.params["after"], self.params["limit"])

    @endpoint(
        "GET", "/imports/<int:id>",
        summary={"zh": "导入报告", "en": "The whole report of one import."},
        needs=DESIGN,
        returns={200: object_of(IMPORT["properties"] | {"report": OBJECT})},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            query = select(definition_import).where(definition_import.c.id == id)
            row = uow.conn.execute(query).one_or_none()
        if row is None:
            raise NotFound(kind="导入 import", name=id)
        return _line(row) | {"report": row.report}

    def _source(self, uow: UnitOfWork, file_id: int) -> SourceFile:
        file = stat_file(uow, file_id)
        if file.created_by_id != self.subject.id:
            raise NotFound(kind="文件 file", name=file_id)
        with open_file(uow, file_id) as stream:
            return SourceFile(file.name, stream.read())


def _line(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "format": row.format,
        "files": row.files,
        "imported_by": row.imported_by,
        "imported_at": instant(row.imported_at),
        "counts": row.report["counts"],
        "not_carried": len(row.report["not_carried"]),
    }
