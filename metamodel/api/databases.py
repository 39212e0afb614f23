"""Databases: which there are, what a live one consists of, its releases, its definition as a file."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import select

from metamodel.api.schemas import DATABASE, DATABASE_LINE, DOCUMENT
from metamodel.api.shared import DESIGN, VIEW, allowed, knows, sliced, visible_types
from metamodel.api.views import DATABASE_ACTIONS, RECORD_ACTIONS, database_view, label_view
from metamodel.catalogue import Database, catalogue_of
from metamodel.definitions import (
    DefinitionInvalid,
    DraftChanged,
    Summary,
    list_definitions,
    live_release,
    load_draft,
    save_draft,
)
from metamodel.exchange import FORMATS, write_definition
from metamodel.queries import count
from metamodel.tables import definition
from zhenshu.audit import record as audit
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security import Denied
from zhenshu.web.api import Api, Media, endpoint
from zhenshu.web.schemas import PAGING, TEXT, object_of, page_of, query_of

KIND = "database"
MADE = object_of({"code": TEXT, "draft_version": {"type": "integer"}})


class Databases(Api):
    @endpoint(
        "GET", "/databases",
        summary={"zh": "病种库列表", "en": "Databases, with the number of records you may see."},
        needs=VIEW,
        params=query_of({**PAGING, "counts": {"type": "boolean", "default": False}}),
        returns={200: page_of(DATABASE_LINE)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        with self.read() as uow:
            live = catalogue_of(uow).databases
            known = [item for item in list_definitions(uow, KIND) if knows(uow, item.code, live)]
            found = sliced(known, self.params["after"], self.params["limit"])
            counted = self.params["counts"]
            lines = [_line(uow, item, live.get(item.code), counted) for item in found["items"]]
            return {"items": lines, "next": found["next"]}

    @endpoint(
        "POST", "/databases",
        summary={"zh": "新建病种库草稿", "en": "A new database, as a draft."},
        needs=DESIGN,
        body=object_of({"document": DOCUMENT}),
        returns={201: MADE},
        errors=[DefinitionInvalid, DraftChanged],
    )  # fmt: skip
    def add(self) -> dict[str, Any]:
        with self.write() as uow:
            draft = save_draft(uow, KIND, self.body["document"], 0)
        return {"code": draft.code, "draft_version": draft.version}

    @endpoint(
        "GET", "/databases/<code>",
        summary={"zh": "已发布的病种库", "en": "The live release of a database, as far as you may know it."},
        needs=VIEW,
        returns={200: DATABASE},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            database = catalogue_of(uow).database(code)
            if not knows(uow, code, {code: database}):
                raise Denied(action="view", resource=code)
            release = live_release(uow, KIND, code)
            version = select(definition.c.draft_version).where(definition.c.id == database.id)
            head = {
                "published_at": release.published_at,
                "published_by": release.published_by,
                "draft_version": uow.conn.execute(version).scalar_one(),
            }
            return database_view(database, visible_types(uow, database), head, _may(uow, database))

    @endpoint(
        "GET", "/databases/<code>/definition",
        summary={"zh": "导出定义", "en": "The draft or live definition as a file."},
        needs=VIEW,
        params=query_of({"format": {"enum": [*FORMATS], "default": "yaml"}}),
        returns={200: Media()},
        errors=[NotFound],
    )  # fmt: skip
    def definition(self, code: str) -> Response:
        with self.write() as uow:
            document = load_draft(uow, KIND, code).document
            audit(uow, "export_definition", KIND, code, detail={"format": self.params["format"]})
        exported = write_definition(document, self.params["format"], self.language)
        response = Response(exported.content, mimetype="application/octet-stream")
        name = f"{code}.{exported.extension}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _line(uow: UnitOfWork, item: Summary, database: Database | None, counted: bool) -> dict[str, Any]:
    types = []
    if database is not None:
        scopes = visible_types(uow, database)
        types = [
            {
                "code": record_type.code,
                "label": label_view(record_type.label),
                "count": count(uow, record_type) if counted else None,
            }
            for record_type in database.record_types
            if record_type.code in scopes
        ]
    return {
        "code": item.code,
        "label": label_view(item.label),
        "category": database.document.get("category", "") if database else "",
        "release": database.release_number if database else None,
        "draft_version": item.version if item.has_draft else 0,
        "record_types": types,
    }


def _may(uow: UnitOfWork, database: Database) -> list[str]:
    """What the subject may do with some of its records, and with its definition."""
    found = {
        action
        for kind in database.record_types
        for action in allowed(uow, "records", kind.path, RECORD_ACTIONS)
    }
    records = [action for action in RECORD_ACTIONS if action in found]
    return records + allowed(uow, "databases", database.code, DATABASE_ACTIONS)
