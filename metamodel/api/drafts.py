"""The draft of a database: read, replaced, edited step by step, thrown away."""

from __future__ import annotations

from typing import Any

from metamodel.api.schemas import CODE, DOCUMENT, FLAG, LABEL, MAYBE_TEXT, VERSION
from metamodel.api.shared import DESIGN, VIEW, instant, sliced
from metamodel.api.views import label_view
from metamodel.catalogue.model import Label
from metamodel.definitions import (
    EDITS,
    DefinitionInvalid,
    Draft,
    DraftChanged,
    EditRefused,
    NoDraft,
    RemovedField,
    changes,
    delete_draft,
    edited_draft,
    list_releases,
    load_draft,
    masking_problems,
    removed_fields,
    save_draft,
    validate_document,
)
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Conflict, Invalid, NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import PAGING, TEXT, list_of, object_of, page_of, query_of

KIND = "database"
DRAFT_PROBLEM = object_of(
    {"path": TEXT, "code": TEXT, "zh": TEXT, "en": TEXT, "suggestion": TEXT, "severity": TEXT}
)
DRAFT = object_of(
    {
        "version": VERSION,
        "saved": {"type": "boolean", "description": "false: nothing was changed since the last release"},
        "document": DOCUMENT,
        "by": MAYBE_TEXT,
        "at": MAYBE_TEXT,
        "problems": list_of(DRAFT_PROBLEM),
    }
)
EDITED = object_of(
    {
        **DRAFT["properties"],
        "changes": {
            "type": "array",
            "items": {"type": "object"},
            "description": "JSON Patch (RFC 6902) from the document that was edited; then without `document`",
        },
    },
    ["version", "saved", "by", "at", "problems"],
)
REMOVED = object_of(
    {
        "record_type": TEXT,
        "release": {**VERSION, "description": "The last one that had it"},
        "id": TEXT,
        "code": TEXT,
        "label": LABEL,
        "type": TEXT,
        "code_taken": {**FLAG, "description": "Another field has its code now, so it can't come back"},
    }
)
ANSWER = {
    "enum": ["document", "changes"],
    "default": "document",
    "description": "changes: say what changed instead of the whole document",
}
EDIT = {
    "type": "object",
    "required": ["edit"],
    "properties": {"edit": {"enum": list(EDITS)}},
    "description": "See metamodel/definitions/schemas/edits.json",
}


class Drafts(Api):
    @endpoint(
        "GET", "/databases/<code>/draft",
        summary={"zh": "草稿及其问题", "en": "The draft, or the live definition, with what is wrong in it."},
        needs=VIEW,
        returns={200: DRAFT},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            return _describe(uow, load_draft(uow, KIND, code))

    @endpoint(
        "PUT", "/databases/<code>/draft",
        summary={"zh": "替换草稿", "en": "Replace the draft you read as `expected_version`."},
        needs=DESIGN,
        body=object_of({"expected_version": VERSION, "document": DOCUMENT}),
        returns={200: DRAFT},
        errors=[NotFound, DraftChanged, DefinitionInvalid, Invalid],
    )  # fmt: skip
    def replace(self, code: str) -> dict[str, Any]:
        document = self.body["document"]
        if document.get("code") != code:
            raise CodeDiffers(found=document.get("code"), wanted=code)
        with self.write() as uow:
            load_draft(uow, KIND, code)
            saved = save_draft(uow, KIND, document, self.body["expected_version"])
            return _describe(uow, saved, structured=True)

    @endpoint(
        "POST", "/databases/<code>/draft/edits",
        summary={"zh": "编辑草稿", "en": "Apply edits to the draft; all of them or none."},
        needs=DESIGN,
        body=object_of(
            {"expected_version": VERSION, "edits": list_of(EDIT) | {"minItems": 1, "maxItems": 1000}}
        ),
        params=query_of({"answer": ANSWER}),
        returns={200: EDITED},
        errors=[NotFound, DraftChanged, EditRefused, Conflict],
    )  # fmt: skip
    def edit(self, code: str) -> dict[str, Any]:
        with self.write() as uow:
            edited = edited_draft(uow, code, self.body["edits"], self.body["expected_version"])
            answer = _describe(uow, edited.draft, structured=True)
        if self.params["answer"] == "changes":
            answer["changes"] = list(changes(edited.before, answer.pop("document")))
        return answer

    @endpoint(
        "GET", "/databases/<code>/draft/removed-fields",
        summary={"zh": "可找回的字段", "en": "Fields of earlier releases that the draft has not."},
        needs=VIEW,
        params=query_of({**PAGING, "record_type": CODE}),
        returns={200: page_of(REMOVED)},
        errors=[NotFound],
    )  # fmt: skip
    def removed(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            draft = load_draft(uow, KIND, code).document
            past = ((release.number, release.document) for release in list_releases(uow, KIND, code))
            found = list(removed_fields(draft, past))
        wanted = self.params.get("record_type")
        lines = [_removed(item) for item in found if wanted in (None, item.record_type)]
        return sliced(lines, self.params["after"], self.params["limit"])

    @endpoint(
        "DELETE", "/databases/<code>/draft",
        summary={"zh": "放弃草稿", "en": "Throw the draft away; what was published stays."},
        needs=DESIGN,
        params=query_of({"expected_version": VERSION}),
        returns={204: None},
        errors=[NotFound, NoDraft, DraftChanged],
    )  # fmt: skip
    def discard(self, code: str) -> None:
        with self.write() as uow:
            delete_draft(uow, KIND, code, self.params.get("expected_version"))


class CodeDiffers(Invalid):
    """The document's code is {found}, the address says {wanted}. Nothing was changed."""

    zh = "文档的编码是 {found}，地址中是 {wanted}。未作任何修改。"

    def details(self) -> dict[str, Any]:
        return {}


def _describe(uow: UnitOfWork, draft: Draft, structured: bool = False) -> dict[str, Any]:
    problems = validate_document(draft.document, structured)
    problems += masking_problems(uow, draft.document)
    return {
        "version": draft.version,
        "saved": draft.saved,
        "document": draft.document,
        "by": draft.changed_by,
        "at": instant(draft.changed_at),
        "problems": [problem.to_json() for problem in problems],
    }


def _removed(item: RemovedField) -> dict[str, Any]:
    return {
        "record_type": item.record_type,
        "release": item.release,
        "id": item.document["id"],
        "code": item.document["code"],
        "label": label_view(Label.of(item.document.get("label"))),
        "type": item.document["type"],
        "code_taken": item.code_taken,
    }
