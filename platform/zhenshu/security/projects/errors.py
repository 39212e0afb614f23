"""Why a project was not changed."""

from __future__ import annotations

from zhenshu.errors import Conflict, ZhenshuError


class ProjectExists(Conflict):
    """There is already a project {code}. Nothing was changed."""

    zh = "已有编号为 {code} 的项目。未作任何修改。"


class ProjectClosed(Conflict):
    """The project {code} is closed. Nothing was changed."""

    zh = "项目 {code} 已结题。未作任何修改。"


class ProjectChanged(Conflict):
    """Somebody else has changed the project meanwhile. Nothing was changed; look at it again."""

    zh = "项目已被他人修改。未作任何修改，请重新查看。"


class ProjectWrong(ZhenshuError):
    """The project can't be kept: {reason}. Nothing was changed."""

    status = 422
    zh = "无法保存项目：{reason_zh}。未作任何修改。"
