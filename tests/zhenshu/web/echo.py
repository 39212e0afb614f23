"""A small room for the tests: endpoints that give back what they were given, or fail."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import Permission as FrameworkPermission
from sqlalchemy import select

from zhenshu.audit import record
from zhenshu.errors import Conflict
from zhenshu.rooms import Permission, Room
from zhenshu.web.api import PUBLIC, Api, endpoint
from zhenshu.web.schemas import TEXT, object_of, query_of

ANY: dict[str, Any] = {}


class Echo(Api):
    @endpoint(
        "POST", "/echo",
        summary={"zh": "回显", "en": "Gives back the body."},
        needs=PUBLIC, body=ANY, returns={200: ANY},
    )  # fmt: skip
    def body_back(self) -> Any:
        return {"body": self.body}

    @endpoint(
        "POST", "/echo/strict",
        summary={"zh": "校验", "en": "Takes a name and an age."},
        needs=PUBLIC,
        body=object_of({"name": TEXT | {"maxLength": 3}, "age": {"type": "integer", "minimum": 0}}),
        returns={200: ANY},
    )  # fmt: skip
    def strict(self) -> Any:
        return self.body

    @endpoint(
        "POST", "/echo/optional",
        summary={"zh": "可选内容", "en": "Takes a name, or no body at all."},
        needs=PUBLIC,
        body=object_of({"name": TEXT}) | {"default": {"name": "nobody"}},
        returns={200: ANY},
    )  # fmt: skip
    def optional(self) -> Any:
        return self.body

    @endpoint(
        "GET", "/echo/<name>",
        summary={"zh": "参数", "en": "Gives back path and query."},
        needs=PUBLIC,
        params=query_of(
            {
                "limit": {"type": "integer", "minimum": 1, "default": 10},
                "ratio": {"type": "number"},
                "deep": {"type": "boolean"},
                "tag": {"type": "array", "items": TEXT},
            }
        ),
        returns={200: ANY},
        etag=True,
    )  # fmt: skip
    def path_back(self, name: str) -> Any:
        return {"name": name, "params": self.params}

    @endpoint(
        "POST", "/echo/failing/<how>",
        summary={"zh": "失败", "en": "Writes, then fails."},
        needs=None,
        returns={200: ANY},
        errors=[Conflict],
    )  # fmt: skip
    def fail(self, how: str) -> Any:
        with self.write() as uow:
            record(uow, "edit", "echo", "half-way")
            if how == "conflict":
                raise Conflict(reason="Somebody was faster.", reason_zh="略")
            raise RuntimeError("patient 110101199003071234 broke it")

    @endpoint(
        "POST", "/echo/framework",
        summary={"zh": "框架", "en": "Writes by the framework's session within the unit of work."},
        needs=("approve", "echo"),
        returns={200: ANY},
    )  # fmt: skip
    def by_framework(self) -> Any:
        from flask import current_app

        manager = current_app.extensions["appbuilder"].sm
        with self.write() as uow:
            record(uow, "edit", "echo", "framework")
            manager.add_permission("made-by-framework")
            return list(uow.conn.scalars(select(FrameworkPermission.name)))


ECHO = Room("echo", routes=(Echo,), permissions=(Permission("approve", "echo"),))
