"""The one root of errors. A class's docstring is its English message, `zh` its Chinese one.

Whoever gives a `reason` gives it in both languages (`reason`, `reason_zh`); what another program said
and nobody translates is a `detail`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar


class ZhenshuError(Exception):
    """The request could not be carried out: {reason}"""

    status: ClassVar[int] = 500
    zh: ClassVar[str] = "操作未能完成：{reason_zh}"
    # Names of values that are words of the program, whatever the data. A text under any other name may quote
    # what somebody typed or what a file holds.
    own_words: ClassVar[frozenset[str]] = frozenset(
        {"kind", "kind_zh", "action", "action_zh", "resource", "state", "state_zh", "act", "act_zh"}
    )

    def __init__(self, **values: Any) -> None:
        self.values: Mapping[str, Any] = values
        super().__init__(self.message("en"))

    @classmethod
    def code(cls) -> str:
        """The stable name scripts and the API match on, e.g. `RecordChanged`."""
        return cls.__name__

    def message(self, language: str = "zh") -> str:
        """The message in `language` ("zh" or "en") with its values filled in."""
        return self._filled(language, self.values)

    def outline(self, language: str = "zh") -> str:
        """The message for those who may not see the data: what may come from it is left out as "…"."""
        shown = {name: value for name, value in self.values.items() if _tells_nothing(value)}
        words = {name: self.values[name] for name in self.own_words & self.values.keys()}
        return self._filled(language, dict.fromkeys(self.values, "…") | shown | words)

    def _filled(self, language: str, values: Mapping[str, Any]) -> str:
        template = self.zh if language == "zh" else inspect.cleandoc(self.__doc__ or "")
        return template.format_map(_Filled(values))

    def details(self) -> dict[str, Any]:
        """What a caller may read beside the message; JSON-ready."""
        return {}


def _tells_nothing(value: Any) -> bool:
    """Counts, row numbers, limits and ids of rows."""
    return value is None or isinstance(value, bool | int | float)


class _Filled(dict[str, Any]):
    """Leaves an unknown placeholder visible instead of failing inside an error."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class NotFound(ZhenshuError):
    """There is no {kind} {name} here, or you may not see it."""

    status = 404
    zh = "没有{kind_zh} {name}，或您无权查看。"

    def __init__(self, *, kind: str, kind_zh: str, name: object) -> None:
        super().__init__(kind=kind, kind_zh=kind_zh, name=name)


class Invalid(ZhenshuError):
    """The request was not accepted: {reason}. Nothing was changed."""

    status = 422
    zh = "请求未被接受：{reason_zh}。未作任何修改。"
    own_words = ZhenshuError.own_words | {"reason", "reason_zh"}

    def details(self) -> dict[str, Any]:
        return dict(self.values.get("details", {}))


class Conflict(ZhenshuError):
    """{reason} Nothing was changed."""

    status = 409
    zh = "{reason_zh}未作任何修改。"
    own_words = ZhenshuError.own_words | {"reason", "reason_zh"}


class DatabaseBusy(ZhenshuError):
    """The database was busy for longer than {seconds} s. Nothing was changed; try again."""

    status = 503
    zh = "数据库繁忙超过 {seconds} 秒。未作任何修改，请重试。"


class TookTooLong(ZhenshuError):
    """The search took longer than {seconds} s and was ended. Nothing was changed; ask for less."""

    status = 503
    zh = "查询超过 {seconds} 秒，已终止。未作任何修改，请缩小范围。"


class DiskFull(ZhenshuError):
    """The disk is full. Nothing was changed; free some space, then try again."""

    status = 507
    zh = "磁盘已满。未作任何修改，请清理空间后重试。"


class SettingWrong(ZhenshuError):
    """Setting {name} can't be used: {reason}"""

    zh = "设置 {name} 无法使用：{reason_zh}"
