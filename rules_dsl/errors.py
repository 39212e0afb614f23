"""What can be wrong with a rule: every error points at its place and says it in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

Language = Literal["en", "zh"]


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both counted from 1, of the character at `offset` in `text`."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


class RuleError(Exception):
    """The rule can't be used: {reason}."""

    zh: ClassVar[str] = "规则无法使用：{reason_zh}。"

    def __init__(
        self,
        text: str = "",
        span: tuple[int, int] = (0, 0),
        suggestion: str = "",
        suggestion_zh: str = "",
        fixes: Sequence[str] = (),
        **facts: object,
    ) -> None:
        self.text = text
        self.span = span
        self.facts = facts
        self.suggestion = suggestion
        self.suggestion_zh = suggestion_zh or suggestion
        self.fixes = tuple(fixes)
        self.line, self.column = line_and_column(text, span[0])
        super().__init__(self.message("en"))

    def message(self, lang: Language = "en") -> str:
        """The sentence in `lang`, without place and suggestion."""
        template = self.zh if lang == "zh" else (type(self).__doc__ or "")
        return template.format(**self.facts)

    def caret(self) -> str:
        """The line of the rule with `^` under the place; empty where there is no text."""
        if not self.text:
            return ""
        line = self.text.split("\n")[self.line - 1]
        width = max(1, min(self.span[1] - self.span[0], len(line) - self.column + 1))
        return f"{line}\n{_padding(line[: self.column - 1])}{'^' * width}"

    def explain(self, lang: Language = "en") -> str:
        """Message, place, caret and suggestion as one block of text."""
        hint = self.suggestion_zh if lang == "zh" else self.suggestion
        place = (
            f"第 {self.line} 行第 {self.column} 列"
            if lang == "zh"
            else f"line {self.line}, column {self.column}"
        )
        parts = [f"{self.message(lang)} ({place})", self.caret(), hint]
        return "\n".join(part for part in parts if part)


def _padding(before: str) -> str:
    """Blanks as wide as `before`: wide characters take a wide blank, so that the caret stays below."""
    return "".join("\u3000" if ord(char) > 0x2E7F else ("\t" if char == "\t" else " ") for char in before)


class RuleSyntaxError(RuleError):
    """The rule can't be read here: {found} was not expected."""

    zh = "规则在此处无法读懂：不应出现 {found}。"


class UnfinishedRule(RuleSyntaxError):
    """The rule ends too early."""

    zh = "规则没有写完。"


class BadLiteral(RuleSyntaxError):
    """{found} is not a {kind}."""

    zh = "{found} 不是有效的{kind_zh}。"


class PatternRefused(RuleSyntaxError):
    """The pattern uses {found}, which does not mean the same in every place that runs rules."""

    zh = "正则表达式使用了 {found_zh}，它在各运行环境中的含义不一致，因此不支持。"


class BadTree(RuleError):
    """The stored rule can't be read: {problem}."""

    zh = "存储的规则无法读取：{problem_zh}。"


class RuleTooLarge(RuleError):
    """The rule is too large: {what} is {size}, the limit is {limit}."""

    zh = "规则过大：{what_zh}为 {size}，上限为 {limit}。"


class RuleTooCostly(RuleError):
    """The rule takes more than {limit} steps over the related records of one record."""

    zh = "该规则对一条记录的关联记录计算超过 {limit} 步。"


class RuleTypeError(RuleError):
    """{reason}."""

    zh = "{reason_zh}。"


class UnknownField(RuleTypeError):
    """There is no field {path} here."""

    zh = "此处没有字段 {path}。"


class RepeatedField(RuleTypeError):
    """{path} has one value per related record, so it can't stand alone."""

    zh = "{path} 在每条关联记录中各有一个值，不能单独使用。"


class UnknownFunction(RuleTypeError):
    """There is no function {name}."""

    zh = "没有名为 {name} 的函数。"


class UnknownFieldType(RuleError):
    """{name} is not a field type that rules know."""

    zh = "规则不认识字段类型 {name}。"


class UnknownDialect(RuleError):
    """There is no rule dialect {name}."""

    zh = "没有名为 {name} 的规则方言。"


class NotTranslatable(RuleError):
    """The REDCap logic can't be carried over: {reason}."""

    zh = "该 REDCap 逻辑无法转换：{reason_zh}。"

    def __init__(
        self,
        reason: str,
        reason_zh: str = "",
        text: str = "",
        span: tuple[int, int] = (0, 0),
    ) -> None:
        self.reason = reason
        self.reason_zh = reason_zh or reason
        super().__init__(text, span, reason=reason, reason_zh=reason_zh or reason)


class BadCase(RuleError):
    """The case {case} can't be read: {reason}."""

    zh = "无法读懂用例 {case}：{reason_zh}。"


class NotInRedcap(RuleError):
    """REDCap's logic can't say this: {reason}."""

    zh = "REDCap 的逻辑无法表达：{reason_zh}。"


class SqlCannotRun(RuleError):
    """This rule can't run in the database: {reason}."""

    zh = "该规则无法在数据库中运行：{reason_zh}。"


class ProtectedField(RuleTypeError):
    """{path} is kept encrypted: it can be asked for by =, <>, in, contains and is missing alone."""

    zh = "{path} 已加密存储，只能用 =、<>、属于、包含、缺失来查找。"


class MaskedField(RuleTypeError):
    """{path} can't be compared: you see it masked."""

    zh = "{path} 对您是脱敏的，不能用来比较。"


class BrowserCannotRun(RuleError):
    """This rule can't run in the browser: {reason}."""

    zh = "该规则无法在浏览器中运行：{reason_zh}。"


class NodeMissing(RuleError):
    """Node.js, which runs rules as a browser does, was not found."""

    zh = "未找到 Node.js，无法以浏览器的方式运行规则。"


class NodeStopped(RuleError):
    """Node.js did not run the rule: {problem}."""

    zh = "Node.js 未能运行该规则：{problem}。"
