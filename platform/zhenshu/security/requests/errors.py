"""What may stand in the way of a request for access."""

from __future__ import annotations

from zhenshu.errors import Conflict, ZhenshuError

STATES_ZH = {
    "asked": "待处理",
    "granted": "已授权",
    "refused": "已拒绝",
    "withdrawn": "已撤回",
    "revoked": "已收回",
    "ended": "已到期",
}


class AskedAlready(Conflict):
    """Your request for {database} is not decided yet. Nothing was sent; withdraw it to ask anew."""

    zh = "您对 {database} 已有一份待处理的申请。未发送任何内容，如需改变，请先撤回它。"


class RequestSettled(Conflict):
    """The request is {state} already. Nothing was changed; look at it again."""

    zh = "这份申请{state_zh}。未作任何修改，请重新查看。"

    def __init__(self, state: str) -> None:
        super().__init__(state=state, state_zh=STATES_ZH[state])


class OwnRequest(ZhenshuError):
    """Nobody decides on a request of their own. Nothing was changed; somebody else has to."""

    status = 403
    zh = "不能处理自己的申请。未作任何修改，请由其他人处理。"


class NotForYou(ZhenshuError):
    """You may not decide on access to {database}. Nothing was changed."""

    status = 403
    zh = "您不能处理对 {database} 的访问申请。未作任何修改。"


class WiderThanAsked(ZhenshuError):
    """More would be granted than was asked for ({what}). Nothing was changed; grant the same or less."""

    status = 422
    zh = "授予的超出了申请的范围（{what_zh}）。未作任何修改，只能授予相同或更少的权限。"


class AskWrong(ZhenshuError):
    """The request can't be taken: {reason} Nothing was sent."""

    status = 422
    zh = "申请无法提交：{reason_zh}未发送任何内容。"


class NotInEmergency(ZhenshuError):
    """Your role may not take access in an emergency. Nothing was changed; ask for access instead."""

    status = 403
    zh = "您的角色不能使用紧急查看。未作任何修改，可改为申请访问。"


class EmergencyOver(Conflict):
    """The access in this emergency is over already. Nothing was changed."""

    zh = "这次紧急查看已结束。未作任何修改。"


class ReviewRefused(Conflict):
    """{reason} Nothing was changed."""

    zh = "{reason_zh}未作任何修改。"
