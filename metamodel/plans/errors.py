"""What can go wrong between a draft and its release."""

from __future__ import annotations

from typing import Any

from metamodel.plans.states import State
from zhenshu.errors import Conflict, Invalid, ZhenshuError

STATE_ZH = {
    State.PLANNED: "已生成",
    State.EXPANDED: "正在发布",
    State.BACKFILLED: "正在发布",
    State.VERIFIED: "正在发布",
    State.SWAPPED: "已发布",
    State.FAILED: "已放弃，正在撤回",
    State.SUPERSEDED: "已作废",
}
ACT_ZH = {"resumed": "继续", "published": "发布", "abandoned": "放弃", "approved": "批准"}


class NothingToPublish(Conflict):
    """{code} has no draft that differs from its live release. Nothing was changed; edit it first."""

    zh = "{code} 没有与已发布版本不同的草稿。未作任何修改，请先编辑草稿。"


class NothingToUndo(Conflict):
    """{code} has no earlier release to go back to. Nothing was changed."""

    zh = "{code} 没有可以回退的更早版本。未作任何修改。"


class ChangeNotPossible(Invalid):
    """The draft of {code} can't be published: {summary} Nothing was changed; correct the draft."""

    zh = "{code} 的草稿无法发布：{summary_zh} 未作任何修改，请修改草稿后重新生成变更计划。"

    def details(self) -> dict[str, Any]:
        return {"problems": list(self.values.get("problems", ()))}


class PlanOutdated(Conflict):
    """Plan {plan} no longer fits: {why} Nothing was changed; make a new plan."""

    zh = "变更计划 {plan} 已过时：{why_zh}未作任何修改，请重新生成变更计划。"

    def details(self) -> dict[str, Any]:
        return dict(self.values.get("outdated", {}))


class AnotherPublish(Conflict):
    """{who} has been publishing {code} since {since}. Nothing was changed; plan again after that."""

    zh = "{who} 自 {since} 起正在发布 {code}。未作任何修改，请等其完成后重新生成变更计划。"

    def details(self) -> dict[str, Any]:
        return {"who": self.values.get("who"), "since": self.values.get("since")}


class ApprovalNeeded(Conflict):
    """Plan {plan} has {operations} operations that need approval. Nothing was changed; ask for it."""

    zh = "变更计划 {plan} 有 {operations} 项操作须先批准。未作任何修改，请申请批准。"


class PlanState(Conflict):
    """Plan {plan} is {state}: it can't be {act}. Nothing was changed."""

    zh = "变更计划 {plan} {state_zh}，不能{act_zh}。未作任何修改。"

    def __init__(self, *, plan: int, state: State, act: str) -> None:
        words = {"state": state.value, "state_zh": STATE_ZH[state], "act": act, "act_zh": ACT_ZH[act]}
        super().__init__(plan=plan, **words)


class LeaseLost(Conflict):
    """Another process has taken over plan {plan} and goes on from the last finished step."""

    zh = "另一进程已接手变更计划 {plan}，并从最后完成的步骤继续。"


class StorageConflict(ZhenshuError):
    """Table {table} is there, but no release or plan made it. Nothing was changed; run `zhenshu check`."""

    status = 409
    zh = "表 {table} 已存在，但不属于任何发布版本或变更计划。未作任何修改，请运行 `zhenshu check`。"
