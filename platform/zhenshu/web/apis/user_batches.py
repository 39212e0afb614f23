"""Account templates, and making many users from one workbook."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import Any

from flask import Response, send_file

from zhenshu.errors import NotFound
from zhenshu.security.account_templates import (
    TemplateExists,
    change_template,
    create_template,
    delete_template,
    list_templates,
)
from zhenshu.security.accounts import NoSuchRole
from zhenshu.security.batch.job import BatchNotReady, submit_batch
from zhenshu.security.batch.rows import PlannedUser, plan_users
from zhenshu.security.batch.sheet import HEADINGS, SheetRow, SheetWrong, blank_sheet, read_sheet
from zhenshu.security.roles import ROLES
from zhenshu.security.sealed_results import take_sealed
from zhenshu.web.api import UPLOAD, Api, Media, endpoint
from zhenshu.web.apis.users import LANGUAGE, MANAGE, VIEW
from zhenshu.web.schemas import ID, MAYBE_INSTANT, PAGING, TEXT, list_of, object_of, page, page_of, query_of
from zhenshu.web.uploads import uploaded_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTES = 5

TEMPLATE_PROPERTIES = {
    "name": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": r"^\S(.*\S)?$"},
    "role": TEXT | {"maxLength": 64},
    "language": LANGUAGE,
    "valid_days": {"type": ["integer", "null"], "minimum": 1, "maximum": 3650},
}
TEMPLATE = object_of({"id": ID, **TEMPLATE_PROPERTIES})
ROW = object_of(
    {
        "row": {"type": "integer"},
        "name": TEXT,
        "display_name": TEXT,
        "role": TEXT,
        "phone": TEXT | {"description": "In part"},
        "expires_at": MAYBE_INSTANT,
        "problems": list_of(object_of({"column": {"enum": list(HEADINGS)}, "zh": TEXT, "en": TEXT})),
    }
)
PLAN = object_of({"rows": list_of(ROW), "faulty": {"type": "integer", "description": "Rows with a problem"}})


class UserBatches(Api):
    @endpoint(
        "GET", "/account-templates",
        summary={"zh": "账号模板列表", "en": "Account templates."},
        needs=VIEW,
        params=query_of(PAGING),
        returns={200: page_of(TEMPLATE)},
    )  # fmt: skip
    def templates(self) -> dict[str, Any]:
        limit = self.params["limit"]
        with self.read() as uow:
            found = list_templates(uow, self.params["after"], limit)
        return page([asdict(template) for template in found], limit)

    @endpoint(
        "POST", "/account-templates",
        summary={"zh": "新建账号模板", "en": "Make an account template."},
        needs=MANAGE,
        body=object_of(TEMPLATE_PROPERTIES),
        returns={201: TEMPLATE},
        errors=[TemplateExists, NoSuchRole],
    )  # fmt: skip
    def create_template(self) -> dict[str, Any]:
        with self.write() as uow:
            return asdict(create_template(uow, **self.body))

    @endpoint(
        "PATCH", "/account-templates/<int:id>",
        summary={"zh": "修改账号模板", "en": "Change a template; accounts made from it stay as they are."},
        needs=MANAGE,
        body=object_of(TEMPLATE_PROPERTIES, required=[]) | {"minProperties": 1},
        returns={200: TEMPLATE},
        errors=[NotFound, TemplateExists, NoSuchRole],
    )  # fmt: skip
    def change_template(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return asdict(change_template(uow, id, **self.body))

    @endpoint(
        "DELETE", "/account-templates/<int:id>",
        summary={"zh": "删除账号模板", "en": "Delete a template; accounts made from it stay."},
        needs=MANAGE,
        returns={204: None},
        errors=[NotFound],
    )  # fmt: skip
    def delete_template(self, id: int) -> None:
        with self.write() as uow:
            delete_template(uow, id)

    @endpoint(
        "GET", "/user-batches/blank",
        summary={"zh": "批量新建用户的空白工作簿", "en": "A workbook to fill in."},
        needs=MANAGE,
        returns={200: Media(XLSX)},
    )  # fmt: skip
    def blank(self) -> Response:
        with self.read() as uow:
            content = blank_sheet(self.language, list_templates(uow), ROLES)
        return _workbook(content, "用户.xlsx" if self.language == "zh" else "users.xlsx")

    @endpoint(
        "POST", "/user-batches/check",
        summary={"zh": "检查工作簿", "en": "What each row of a workbook would make. Nothing is kept."},
        needs=MANAGE,
        body=UPLOAD,
        returns={200: PLAN},
        errors=[SheetWrong],
    )  # fmt: skip
    def check(self) -> dict[str, Any]:
        rows = self._rows()
        with self.read() as uow:
            planned = plan_users(uow, rows)
        return {
            "rows": [_row(user) for user in planned],
            "faulty": sum(1 for user in planned if user.problems),
        }

    @endpoint(
        "POST", "/user-batches",
        summary={"zh": "批量新建用户", "en": "Make the users of a workbook as a job: all of them or none."},
        needs=MANAGE,
        body=UPLOAD,
        returns={202: object_of({"job_id": ID})},
        errors=[SheetWrong, BatchNotReady],
    )  # fmt: skip
    def create(self) -> dict[str, Any]:
        """The job's result is {count, result}; fetch the passwords under /user-batches/results."""
        rows = self._rows()
        with self.write() as uow:
            return {"job_id": submit_batch(uow, rows, self.language)}

    @endpoint(
        "POST", "/user-batches/results/<int:id>",
        summary={"zh": "领取一次性密码", "en": "The one-time passwords of a batch: for its maker, once, for a day."},
        needs=MANAGE,
        returns={200: Media(XLSX)},
        errors=[NotFound],
    )  # fmt: skip
    def take(self, id: int) -> Response:
        with self.write() as uow:
            content = take_sealed(uow, id)
        return _workbook(content, "一次性密码.xlsx" if self.language == "zh" else "one-time-passwords.xlsx")

    def _rows(self) -> list[SheetRow]:
        sent = uploaded_file(MEGABYTES)
        content = io.BytesIO(sent.stream.read())
        sent.check_complete()
        return read_sheet(content)


def _row(user: PlannedUser) -> dict[str, Any]:
    return {
        "row": user.number,
        "name": user.name,
        "display_name": user.display_name,
        "role": user.role,
        "phone": f"{user.phone[:3]}****{user.phone[-4:]}" if user.phone else "",
        "expires_at": user.expires_at,
        "problems": [
            {"column": column, "zh": error.message("zh"), "en": error.message("en")}
            for column, error in user.problems
        ],
    }


def _workbook(content: bytes, name: str) -> Response:
    response = send_file(io.BytesIO(content), XLSX, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"  # `send_file` would let the browser keep it
    return response
