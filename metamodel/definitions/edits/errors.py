"""Why an edit can't be made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metamodel.definitions.edits.words import act_words
from metamodel.definitions.problems import Problem
from zhenshu.errors import ZhenshuError


class EditRefused(ZhenshuError):
    """Can't {act}: {reason}. Nothing was changed."""

    status = 422
    zh = "无法{act_zh}：{reason_zh}。未作任何修改。"

    def __init__(
        self, zh: str, en: str, problems: Sequence[Problem] = (), number: int = 1, edit: str = ""
    ) -> None:
        self.zh_reason = zh
        self.en_reason = en
        self.problems = tuple(problems)
        act_zh, act = act_words(edit)
        super().__init__(number=number, act=act, act_zh=act_zh, reason=en, reason_zh=zh)

    def at(self, number: int, edit: str) -> EditRefused:
        """The same refusal, saying which edit of a list it was."""
        return EditRefused(self.zh_reason, self.en_reason, self.problems, number, edit)

    def details(self) -> dict[str, Any]:
        return {"edit": self.values["number"], "problems": [item.to_json() for item in self.problems]}


def not_there(zh: str, en: str, name: str) -> EditRefused:
    """The thing to edit is not in the document."""
    return EditRefused(f"没有{zh} {name}", f"there is no {en} {name}")


def already_there(zh: str, en: str, name: str) -> EditRefused:
    """The code to give is taken."""
    return EditRefused(f"{zh} {name} 已存在", f"{en} {name} is already there")
