"""Conversions of a plan: the cells that do not fit, page by page or as a file."""

from __future__ import annotations

import io
from typing import Any

from flask import Response

from metamodel.api.schemas import FLAG, MAYBE_TEXT, OBJECT
from metamodel.api.shared import APPROVE, DESIGN
from metamodel.plans import get_plan
from metamodel.plans.conversions.kept import PurgeNotConfirmed, kept_columns, purge_column
from metamodel.plans.conversions.purging import ColumnInUse
from metamodel.plans.conversions.report import reported_cells, write_cells
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, Media, endpoint
from zhenshu.web.schemas import ID, PAGING, TEXT, list_of, object_of, page, page_of, query_of

CELL = object_of(
    {
        "record": ID,
        "reason": object_of({"code": TEXT, "zh": TEXT, "en": TEXT}),
        "value": {"description": "The raw value; null where it may not be seen"},
        "shown": {**FLAG, "description": "Whether the value may be seen"},
    }
)


KEPT = object_of(
    {
        "id": ID,
        "record_type": TEXT,
        "field": TEXT,
        "label": OBJECT,
        "type": object_of({"zh": TEXT, "en": TEXT}),
        "values": {"type": "integer"},
        "kept_since": MAYBE_TEXT,
    }
)


class Conversions(Api):
    @endpoint(
        "GET", "/plans/<int:id>/conversions/<field>/cells",
        summary={"zh": "不能转换的值", "en": "The cells that can't be converted as they are."},
        needs=DESIGN,
        params=query_of(PAGING),
        returns={200: page_of(CELL)},
        errors=[NotFound],
    )  # fmt: skip
    def cells(self, id: int, field: str) -> dict[str, Any]:
        """`field` is the field's id. `after` is the last record seen."""
        after, limit = self.params["after"], self.params["limit"]
        with self.read() as uow:
            found = reported_cells(uow, get_plan(uow, id), field, after, limit)
        return page([cell.to_json() for cell in found], limit, "record")

    @endpoint(
        "GET", "/databases/<code>/kept-columns",
        summary={"zh": "保留的旧列", "en": "Columns that no release uses any more, newest first."},
        needs=DESIGN,
        returns={200: object_of({"items": list_of(KEPT)})},
        errors=[NotFound],
    )  # fmt: skip
    def kept(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            return {"items": [column.to_json() for column in kept_columns(uow, code)]}

    @endpoint(
        "POST", "/databases/<code>/kept-columns/<int:id>/purge",
        summary={"zh": "清除旧列", "en": "Empty and drop a kept column, by a job. There is no way back."},
        needs=APPROVE,
        body=object_of({"confirm": {"type": "string", "maxLength": 99}}),
        returns={200: object_of({"job": {"type": "integer"}})},
        errors=[NotFound, PurgeNotConfirmed, ColumnInUse],
    )  # fmt: skip
    def purge(self, code: str, id: int) -> dict[str, Any]:
        """`confirm` is the code of the column's field."""
        with self.write() as uow:
            return {"job": purge_column(uow, code, id, self.body["confirm"])}

    @endpoint(
        "GET", "/plans/<int:id>/conversions/<field>/report",
        summary={"zh": "下载不能转换的值", "en": "The cells that can't be converted as they are, as CSV."},
        needs=DESIGN,
        returns={200: Media("text/csv")},
        errors=[NotFound],
    )  # fmt: skip
    def report(self, id: int, field: str) -> Response:
        text = io.StringIO()
        with self.read() as uow:
            write_cells(uow, get_plan(uow, id), field, self.language, text)
        response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="plan-{id}-{field}.csv"'
        return response
