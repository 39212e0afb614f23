"""Releases of a database: when, by whom, why, and in words what each of them changed."""

from __future__ import annotations

from typing import Any

from flask import Response

from metamodel.api.schemas import DOCUMENT, LABEL, RELEASE
from metamodel.api.shared import DESIGN, VIEW
from metamodel.definitions import load_draft, release_of
from metamodel.exchange import FORMATS, Exported, write_definition
from metamodel.plans import (
    Safety,
    changes_page,
    draft_changes,
    plan_changes,
    release_changes,
    release_lines,
)
from metamodel.plans.changes import Act, Thing
from zhenshu.audit import record as audit
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, Media, endpoint
from zhenshu.web.schemas import PAGING, TEXT, list_of, object_of, page_of, query_of

KIND = "database"
COUNT = {"type": "integer", "minimum": 0}
COUNTS = object_of({"added": COUNT, "removed": COUNT, "changed": COUNT})
NUMBER = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
MAYBE_LABEL = {"anyOf": [LABEL, {"type": "null"}]}
CHANGE = {
    "act": {"enum": [act.value for act in Act]},
    "thing": {"enum": [thing.value for thing in Thing]},
    "code": TEXT,
    "label": LABEL,
    "within": {"anyOf": [object_of({"code": TEXT, "label": LABEL}), {"type": "null"}]},
    "type_id": TEXT,
    "field_id": TEXT,
    "property": TEXT,
    "property_label": LABEL,
    "before": MAYBE_LABEL,
    "after": MAYBE_LABEL,
    "text": LABEL,
}
PLANNED_CHANGE = CHANGE | {
    "safety": {"enum": [safety.value for safety in Safety]},
    "operations": list_of(COUNT) | {"description": "Which of the plan's operations it costs, by their place"},
}


def _changes(change: dict[str, Any]) -> dict[str, Any]:
    page = page_of(object_of(change))
    more = {"total": COUNT, "counts": COUNTS}
    return page | {"properties": page["properties"] | more, "required": [*page["required"], *more]}


def _file(exported: Exported, name: str) -> Response:
    response = Response(exported.content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{exported.extension}"'
    return response


class Releases(Api):
    @endpoint(
        "GET", "/databases/<code>/releases",
        summary={"zh": "发布历史", "en": "Releases, newest first, with how much each of them changed."},
        needs=VIEW,
        params=query_of(PAGING),
        returns={200: page_of(object_of(RELEASE["properties"] | {"changes": COUNTS}))},
        errors=[NotFound],
    )  # fmt: skip
    def list(self, code: str) -> dict[str, Any]:
        limit = self.params["limit"]
        with self.read() as uow:
            found = release_lines(uow, code, self.params["after"], limit)
        names = [*RELEASE["properties"], "changes"]
        lines = [{name: getattr(item, name) for name in names} for item in found]
        more = len(lines) == limit and lines[-1]["number"] > 1
        return {"items": lines, "next": lines[-1]["number"] if more else None}

    @endpoint(
        "GET", "/databases/<code>/releases/<int:number>",
        summary={"zh": "某一发布版本", "en": "One release with its whole document."},
        needs=VIEW,
        returns={200: object_of(RELEASE["properties"] | {"document": DOCUMENT})},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, code: str, number: int) -> dict[str, Any]:
        with self.read() as uow:
            found = release_of(uow, KIND, code, number)
        head = {name: getattr(found, name) for name in RELEASE["properties"]}
        return head | {"document": found.document}

    @endpoint(
        "GET", "/databases/<code>/releases/<int:number>/changes",
        summary={"zh": "某一发布版本的变更", "en": "What a release changed, in words."},
        needs=VIEW,
        params=query_of({**PAGING, "against": NUMBER | {"description": "0: against nothing"}}),
        returns={200: _changes(CHANGE)},
        errors=[NotFound],
    )  # fmt: skip
    def changes(self, code: str, number: int) -> dict[str, Any]:
        with self.read() as uow:
            found = release_changes(uow, code, number, self.params.get("against"))
        return changes_page(found, self.params["after"], self.params["limit"])

    @endpoint(
        "GET", "/databases/<code>/releases/<int:number>/definition",
        summary={"zh": "下载某一版本的定义", "en": "The definition of a release as a file."},
        needs=VIEW,
        params=query_of({"format": {"enum": [*FORMATS], "default": "yaml"}}),
        returns={200: Media()},
        errors=[NotFound],
    )  # fmt: skip
    def definition(self, code: str, number: int) -> Response:
        kind = self.params["format"]
        with self.write() as uow:
            document = release_of(uow, KIND, code, number).document
            audit(uow, "export_definition", KIND, code, detail={"format": kind, "release": number})
        return _file(write_definition(document, kind, self.language), f"{code}-{number}")

    @endpoint(
        "GET", "/databases/<code>/draft/definition",
        summary={"zh": "下载草稿的定义", "en": "The draft, or the live definition, as a file."},
        needs=VIEW,
        params=query_of({"format": {"enum": [*FORMATS], "default": "yaml"}}),
        returns={200: Media()},
        errors=[NotFound],
    )  # fmt: skip
    def draft_definition(self, code: str) -> Response:
        kind = self.params["format"]
        with self.write() as uow:
            draft = load_draft(uow, KIND, code)
            audit(uow, "export_definition", KIND, code, detail={"format": kind, "version": draft.version})
        return _file(write_definition(draft.document, kind, self.language), f"{code}-draft")

    @endpoint(
        "GET", "/databases/<code>/draft/changes",
        summary={"zh": "草稿的变更", "en": "What the draft changes in the live release, in words."},
        needs=VIEW,
        params=query_of(PAGING),
        returns={200: _changes(CHANGE)},
        errors=[NotFound],
    )  # fmt: skip
    def of_draft(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            found = draft_changes(uow, code)
        return changes_page(found, self.params["after"], self.params["limit"])

    @endpoint(
        "GET", "/plans/<int:id>/changes",
        summary={"zh": "变更计划的变更", "en": "What a plan changes, in words; what costs something first."},
        needs=DESIGN,
        params=query_of(PAGING),
        returns={200: _changes(PLANNED_CHANGE)},
        errors=[NotFound],
    )  # fmt: skip
    def of_plan(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            found = plan_changes(uow, id)
        return changes_page(found, self.params["after"], self.params["limit"])
