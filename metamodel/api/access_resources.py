"""Databases and record types by name, for those who ask for access and those who grant it."""

from __future__ import annotations

from typing import Any

from metamodel.api.access_shapes import NAMED
from metamodel.api.views import label_view
from metamodel.catalogue import catalogue_of
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import list_of, object_of

RESOURCE = object_of(NAMED["properties"] | {"record_types": list_of(NAMED)})


class AccessResources(Api):
    @endpoint(
        "GET", "/access/resources",
        summary={"zh": "可申请或授权的病种库", "en": "What can be asked for or granted, by name."},
        needs=None,
        returns={200: object_of({"items": list_of(RESOURCE)})},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        with self.read() as uow:
            found = sorted(catalogue_of(uow).databases.values(), key=lambda each: each.code)
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
        return {"items": items}
