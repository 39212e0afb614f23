"""Field libraries, value sets and masking types: what databases are made of."""

from __future__ import annotations

from typing import Any

from metamodel.api.schemas import DOCUMENT, FLAG, LABEL, VERSION
from metamodel.api.shared import DESIGN, VIEW, sliced
from metamodel.api.views import label_view
from metamodel.definitions import (
    DefinitionInvalid,
    DraftChanged,
    KindDiffers,
    NeedsPlan,
    NoDraft,
    list_definitions,
    live_release,
    load_draft,
    publish_plain,
    save_draft,
)
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import PAGING, TEXT, object_of, page_of, query_of

PLAIN = {"enum": ["field_library", "value_set", "masking_type"]}
LINE = object_of(
    {
        "kind": TEXT,
        "code": TEXT,
        "label": LABEL,
        "published": FLAG,
        "has_draft": FLAG,
        "draft_version": VERSION,
    }
)
PUBLISHED = {"type": "boolean", "default": False, "description": "true: what is live, whatever the draft"}
SHOWN = object_of({"kind": TEXT, "code": TEXT, "document": DOCUMENT, "draft_version": VERSION, "saved": FLAG})


class Definitions(Api):
    @endpoint(
        "GET", "/definitions",
        summary={"zh": "字段库、值域与脱敏类型", "en": "Field libraries, value sets or masking types."},
        needs=VIEW,
        params=query_of({**PAGING, "kind": PLAIN}, ["kind"]),
        returns={200: page_of(LINE)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        with self.read() as uow:
            found = list_definitions(uow, self.params["kind"])
        lines = [
            {
                "kind": item.kind,
                "code": item.code,
                "label": label_view(item.label),
                "published": item.live_release_id is not None,
                "has_draft": item.has_draft,
                "draft_version": item.version,
            }
            for item in found
        ]
        return sliced(lines, self.params["after"], self.params["limit"])

    @endpoint(
        "GET", "/definitions/<kind>/<code>",
        summary={"zh": "一个定义", "en": "The draft or live document of a definition."},
        needs=VIEW,
        params=query_of({"published": PUBLISHED}),
        returns={200: SHOWN},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, kind: str, code: str) -> dict[str, Any]:
        published = self.params["published"]
        with self.read() as uow:
            draft = load_draft(uow, kind, code)
            document = live_release(uow, kind, code).document if published else draft.document
        return {
            "kind": draft.kind,
            "code": draft.code,
            "document": document,
            "draft_version": draft.version,
            "saved": draft.saved,
        }

    @endpoint(
        "PUT", "/definitions/<kind>/<code>",
        summary={"zh": "保存定义草稿", "en": "Store the draft of a library or the like; 0 makes a new one."},
        needs=DESIGN,
        body=object_of({"expected_version": VERSION, "document": DOCUMENT}),
        returns={200: object_of({"code": TEXT, "draft_version": VERSION})},
        errors=[NotFound, KindDiffers, DraftChanged, DefinitionInvalid],
    )  # fmt: skip
    def replace(self, kind: str, code: str) -> dict[str, Any]:
        document = self.body["document"]
        if kind not in PLAIN["enum"] or document.get("code") != code:
            raise NotFound(kind="definition", kind_zh="定义", name=code)
        with self.write() as uow:
            draft = save_draft(uow, kind, document, self.body["expected_version"])
        return {"code": draft.code, "draft_version": draft.version}

    @endpoint(
        "POST", "/definitions/<kind>/<code>/publish",
        summary={"zh": "发布定义", "en": "Publish the draft of one that is no database."},
        needs=DESIGN,
        returns={200: object_of({"code": TEXT, "release": {"type": "integer"}})},
        errors=[NotFound, NoDraft, NeedsPlan, DefinitionInvalid],
    )  # fmt: skip
    def publish(self, kind: str, code: str) -> dict[str, Any]:
        with self.write() as uow:
            release = publish_plain(uow, kind, code)
        return {"code": code, "release": release.number}
