"""Why a grant was not given, changed or ended."""

from __future__ import annotations

from zhenshu.errors import Conflict, ZhenshuError


class GrantWrong(ZhenshuError):
    """The grant can't be given: {reason}. Nothing was changed."""

    status = 422
    zh = "无法授权：{reason_zh}。未作任何修改。"


class RowRuleWrong(ZhenshuError):
    """The row rule can't be used for {record_type}: {en} Nothing was changed."""

    status = 422
    zh = "行条件不能用于 {record_type}：{zh} 未作任何修改。"

    def details(self) -> dict[str, object]:
        named = ("record_type", "line", "column", "caret", "suggestion", "suggestion_zh")
        return {name: self.values[name] for name in named if name in self.values}


class OwnGrant(ZhenshuError):
    """You can't give or lengthen a grant of your own. Nothing was changed; ask somebody else."""

    status = 403
    zh = "您不能给自己授权或延长自己的授权。未作任何修改，请由其他管理员操作。"


class BeyondOwn(ZhenshuError):
    """You can't give more than you hold yourself: {reason}. Nothing was changed."""

    status = 403
    zh = "不能授予超出您自身权限的内容：{reason_zh}。未作任何修改。"


class GrantOver(Conflict):
    """This grant is over already. Nothing was changed; give a new one."""

    zh = "该授权已经结束。未作任何修改，请重新授权。"
