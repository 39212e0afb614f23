"""Why a saved filter or cohort was not changed."""

from __future__ import annotations

from typing import Any

from zhenshu.errors import Conflict, ZhenshuError


class FilterChanged(Conflict):
    """{by} changed the {kind} meanwhile. Nothing was changed; load it again."""

    zh = "{by} 刚刚修改过这个{kind_zh}。未作任何修改，请重新载入。"

    def details(self) -> dict[str, Any]:
        return {"version": self.values["version"]}


class FilterNotYours(ZhenshuError):
    """The {kind} is {owner}'s: only they or a research admin may change it. Save a copy instead."""

    status = 403
    zh = "这个{kind_zh}属于 {owner}，只有本人或科研管理员可以修改。可以另存一份。"


class SharedFilterIdentifies(ZhenshuError):
    """A {kind} by {fields} identifies persons, so it can't be shared. Nothing was saved; keep it private."""

    status = 422
    zh = "按 {fields} 筛选会标识到个人，这个{kind_zh}不能共享。未保存，请只留给自己使用。"
