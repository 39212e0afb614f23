"""Why a query was not run."""

from __future__ import annotations

from typing import Any

from rules_dsl import RuleError
from zhenshu.errors import ZhenshuError


class QueryNotAllowed(ZhenshuError):
    """Field {field} can't be filtered or sorted by: you see it masked or not at all. Nothing was read."""

    status = 403
    zh = "字段 {field} 对您是脱敏或隐藏的，不能用于筛选或排序。未读取任何数据。"


class OrderNotAllowed(ZhenshuError):
    """Field {field} is kept encrypted and can't be sorted by. Nothing was read; sort by another field."""

    status = 422
    zh = "字段 {field} 已加密存储，不能用于排序。未读取任何数据，请改用其他字段排序。"


class QueryWrong(ZhenshuError):
    """The filter can't be used: {en} Nothing was read."""

    status = 422
    zh = "筛选条件无法使用：{zh} 未读取任何数据。"

    @classmethod
    def of(cls, error: RuleError) -> QueryWrong:
        return cls(
            en=error.message("en"), zh=error.message("zh"), line=error.line, column=error.column,
            caret=error.caret(), suggestion=error.suggestion, suggestion_zh=error.suggestion_zh,
        )  # fmt: skip

    def details(self) -> dict[str, Any]:
        named = ("line", "column", "caret", "suggestion", "suggestion_zh")
        return {name: self.values[name] for name in named if name in self.values}


class TooManyToOpen(QueryWrong):
    """Looking for so short a text in {field} would open more than {limit} encrypted values. Nothing was read;
    look for a longer one."""

    zh = "在 {field} 中查找这么短的文字需要解密超过 {limit} 个值。未读取任何数据，请输入更长的文字。"


class QueryOfProtected(QueryWrong):
    """The filter can't be used: {en} Nothing was read."""

    zh = "筛选条件无法使用：{zh} 未读取任何数据。"


class CursorWrong(ZhenshuError):
    """The page cursor does not belong to this query. Nothing was read; start from the first page."""

    status = 422
    zh = "翻页游标与该查询不符。未读取任何数据，请从第一页开始。"
