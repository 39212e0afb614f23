"""Notices to the caller: what happened that concerns this user."""

from __future__ import annotations

from typing import Any

from zhenshu.errors import NotFound
from zhenshu.notices import Notice, count_unread, list_notices, mark_all_read, mark_read
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, MAYBE_INSTANT, PAGING, TEXT, object_of, page, page_of, query_of

NOTICE = object_of(
    {
        "id": ID,
        "kind": TEXT | {"description": "e.g. job.done, job.failed, plan.waits, database.published"},
        "zh": TEXT,
        "en": TEXT,
        "link": TEXT | {"description": "A path of the pages, or empty"},
        "at": INSTANT,
        "read_at": MAYBE_INSTANT,
    }
)
NOTICES = object_of(page_of(NOTICE)["properties"] | {"unread": {"type": "integer"}})


class Notices(Api):
    @endpoint(
        "GET", "/notices",
        summary={"zh": "我的通知", "en": "One's own notices, newest first, and how many are unread."},
        needs=None,
        params=query_of({**PAGING, "unread": {"type": "boolean", "default": False}}),
        returns={200: NOTICES},
        etag=True,
        in_background=True,
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        limit = self.params["limit"]
        with self.read() as uow:
            found = list_notices(uow, self._user, self.params["after"], limit, self.params["unread"])
            unread = count_unread(uow, self._user)
        return page([_describe(each) for each in found], limit) | {"unread": unread}

    @endpoint(
        "POST", "/notices/<int:id>/read",
        summary={"zh": "标记一条通知为已读", "en": "Mark one notice as read."},
        needs=None,
        returns={204: None},
        errors=[NotFound],
    )  # fmt: skip
    def read_one(self, id: int) -> None:
        with self.write() as uow:
            mark_read(uow, self._user, id)

    @endpoint(
        "POST", "/notices/read",
        summary={"zh": "全部标记为已读", "en": "Mark all notices up to an id as read."},
        needs=None,
        body=object_of({"up_to": ID}),
        returns={204: None},
    )  # fmt: skip
    def read_all(self) -> None:
        with self.write() as uow:
            mark_all_read(uow, self._user, self.body["up_to"])

    @property
    def _user(self) -> int:
        assert self.subject.id is not None  # the door let only users in
        return self.subject.id


def _describe(notice: Notice) -> dict[str, Any]:
    return {name: getattr(notice, name) for name in NOTICE["properties"]}
