"""What can go wrong with drafts and releases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zhenshu.errors import Conflict, ZhenshuError


class DraftChanged(Conflict):
    """{by} changed the draft of {code} at {at}. Nothing was changed; load it again and repeat your edit."""

    zh = "{by} 已于 {at} 修改了 {code} 的草稿。未作任何修改，请重新载入后再编辑。"

    def __init__(self, code: str, version: int, by: str, at: datetime | None) -> None:
        self.version = version
        self.by = by
        self.at = at
        shown = at.isoformat(timespec="seconds") if at else "?"
        super().__init__(code=code, by=by or "?", at=shown, version=version)

    def details(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "changed_by": self.by,
            "changed_at": self.at.isoformat() if self.at else None,
        }


class NoDraft(ZhenshuError):
    """{code} has no draft: nothing was changed since its last release."""

    status = 409
    zh = "{code} 没有草稿：自上次发布以来未作任何修改。"


class NeedsPlan(ZhenshuError):
    """{code} is a database: publish it through a plan, which makes its tables. Nothing was changed."""

    status = 422
    zh = "{code} 是病种库，须通过变更计划发布以建立数据表。未作任何修改。"


class KindDiffers(ZhenshuError):
    """The document is of kind {found}, not {wanted}. Nothing was changed."""

    status = 422
    zh = "该文档的种类是 {found}，不是 {wanted}。未作任何修改。"
