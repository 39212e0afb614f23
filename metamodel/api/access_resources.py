"""Databases and record types by name, and one's own projects, for those who ask for access or grant it."""

from __future__ import annotations

from typing import Any

from metamodel.api.access_shapes import NAMED
from metamodel.api.views import document_label, label_view
from metamodel.catalogue import catalogue_of
from zhenshu.security.projects import own_projects
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import list_of, object_of

RESOURCE = object_of(NAMED["properties"] | {"record_types": list_of(NAMED)})


class AccessResources(Api):
    @endpoint(
        "GET", "/access/resources",
        summary={"zh": "可申请或授权的病种库", "en": "What can be asked for, and one's own projects."},
        needs=None,
        returns={200: object_of({"items": list_of(RESOURCE), "projects": list_of(NAMED)})},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        with self.read() as uow:
            found = sorted(catalogue_of(uow).databases.values(), key=lambda each: each.code)
            projects = own_projects(uow)
        items = [
            {
                "code": each.code,
                "label": label_view(each.label),
                "record_types": [
                    {"code": kind.code, "label": label_view(kind.label)} for kind in each.record_types
                ],
            }
            for each in found
        ]
        mine = [{"code": code, "label": document_label(label)} for code, label in projects]
        return {"items": items, "projects": mine}
