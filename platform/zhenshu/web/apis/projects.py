"""Projects: listed, made, changed, closed; who has which duty in them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from zhenshu.errors import NotFound
from zhenshu.instants import INSTANT_PATTERN, NoSuchInstant, instant_of
from zhenshu.security.grants.errors import GrantWrong
from zhenshu.security.grants.model import DUTIES
from zhenshu.security.projects import (
    NewProject,
    Project,
    ProjectChanged,
    ProjectClosed,
    ProjectExists,
    ProjectWrong,
    add_member,
    add_project,
    change_project,
    close_project,
    end_membership,
    get_project,
    list_projects,
)
from zhenshu.security.projects.acts import CODE
from zhenshu.security.projects.reading import STATES
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import (
    ID,
    INSTANT,
    MAYBE_INSTANT,
    PAGING,
    TEXT,
    list_of,
    object_of,
    page,
    page_of,
    query_of,
)

VIEW: Final = ("view", "projects")
MANAGE: Final = ("manage", "projects")
LABEL: Final = object_of({"zh": TEXT | {"maxLength": 200}, "en": TEXT | {"maxLength": 200}})
DUTY: Final = {"enum": list(DUTIES)}
CLASS: Final = {"type": "string", "minLength": 1, "maxLength": 64}
WHEN: Final = {"type": ["string", "null"], "pattern": INSTANT_PATTERN}
CODES: Final = {"type": "array", "items": TEXT | {"maxLength": 64}, "maxItems": 200, "uniqueItems": True}
VERSION: Final = {"type": "integer", "minimum": 1}
MEMBER: Final = object_of(
    {
        "id": ID, "user_id": ID, "name": TEXT, "display_name": TEXT, "duty": DUTY, "joined_at": INSTANT,
        "left_at": MAYBE_INSTANT,
    }
)  # fmt: skip
PROJECT: Final = object_of(
    {
        "id": ID,
        "version": VERSION,
        "code": TEXT,
        "label": LABEL,
        "class": TEXT,
        "state": {"enum": list(STATES)},
        "starts_at": INSTANT,
        "ends_at": MAYBE_INSTANT,
        "closed_at": MAYBE_INSTANT,
        "databases": CODES,
        "members": list_of(MEMBER),
        "created_by": TEXT,
        "created_at": INSTANT,
    }
)
GIVEN: Final = {"label": LABEL, "class": CLASS, "starts_at": WHEN, "ends_at": WHEN, "databases": CODES}


class Projects(Api):
    @endpoint(
        "GET", "/projects",
        summary={"zh": "项目列表", "en": "Projects, in the order they were made."},
        needs=VIEW,
        params=query_of({**PAGING, "state": {"enum": list(STATES)}, "class": CLASS}),
        returns={200: page_of(PROJECT)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        asked = self.params
        with self.read() as uow:
            found = list_projects(
                uow, asked.get("state", ""), asked.get("class", ""), asked["after"], asked["limit"]
            )
        return page([_view(each) for each in found], asked["limit"])

    @endpoint(
        "POST", "/projects",
        summary={"zh": "新建项目", "en": "A new project."},
        needs=MANAGE,
        body=object_of({"code": {"type": "string", "pattern": CODE}, **GIVEN}, ["code", "label", "class"]),
        returns={201: PROJECT},
        errors=[ProjectExists, ProjectWrong, NotFound, GrantWrong, NoSuchInstant],
    )  # fmt: skip
    def add(self) -> dict[str, Any]:
        body = self.body
        new = NewProject(
            body["code"], body["label"], body["class"], _when(body.get("starts_at")),
            _when(body.get("ends_at")), body.get("databases", ()),
        )  # fmt: skip
        with self.write() as uow:
            return _view(add_project(uow, new))

    @endpoint(
        "GET", "/projects/<int:id>",
        summary={"zh": "一个项目", "en": "One project with its members."},
        needs=VIEW,
        returns={200: PROJECT},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return _view(get_project(uow, id))

    @endpoint(
        "PATCH", "/projects/<int:id>",
        summary={"zh": "修改项目", "en": "Change the project you read as `version`."},
        needs=MANAGE,
        body=object_of({"version": VERSION, **GIVEN}, ["version"]),
        returns={200: PROJECT},
        errors=[NotFound, ProjectChanged, ProjectClosed, ProjectWrong, NoSuchInstant],
    )  # fmt: skip
    def change(self, id: int) -> dict[str, Any]:
        changes = {name: value for name, value in self.body.items() if name != "version"}
        if "class" in changes:
            changes["project_class"] = changes.pop("class")
        if changes.get("starts_at", "") is None:
            del changes["starts_at"]
        changes |= {name: _when(changes[name]) for name in ("starts_at", "ends_at") if name in changes}
        with self.write() as uow:
            return _view(change_project(uow, id, self.body["version"], changes))

    @endpoint(
        "POST", "/projects/<int:id>/close",
        summary={"zh": "项目结题", "en": "Close a project for good."},
        needs=MANAGE,
        body=object_of({"reason": {"type": "string", "minLength": 1, "maxLength": 255}}),
        returns={200: PROJECT},
        errors=[NotFound, ProjectClosed],
    )  # fmt: skip
    def close(self, id: int) -> dict[str, Any]:
        with self.write(self.body["reason"]) as uow:
            return _view(close_project(uow, id))

    @endpoint(
        "POST", "/projects/<int:id>/members",
        summary={"zh": "添加项目成员", "en": "Give a user a duty in the project."},
        needs=MANAGE,
        body=object_of({"user_id": ID, "duty": DUTY}),
        returns={200: PROJECT},
        errors=[NotFound, ProjectClosed, ProjectWrong],
    )  # fmt: skip
    def add_member(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return _view(add_member(uow, id, self.body["user_id"], self.body["duty"]))

    @endpoint(
        "POST", "/projects/<int:id>/members/<int:number>/leave",
        summary={"zh": "移出项目成员", "en": "End a member's duty; what it opened closes at once."},
        needs=MANAGE,
        returns={200: PROJECT},
        errors=[NotFound],
    )  # fmt: skip
    def end_membership(self, id: int, number: int) -> dict[str, Any]:
        with self.write() as uow:
            return _view(end_membership(uow, id, number))


def _view(found: Project) -> dict[str, Any]:
    told = asdict(found)
    told["class"] = told.pop("project_class")
    told["created_by"] = told.pop("created_by_name")
    return told


def _when(text: str | None) -> Any:
    return None if text is None else instant_of(text)
