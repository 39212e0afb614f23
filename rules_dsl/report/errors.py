"""What can be wrong with a report rule package; each error points at its place."""

from __future__ import annotations

from rules_dsl.errors import RuleError, RuleSyntaxError


class PackageError(RuleError):
    """The rule package can't be used: {reason}."""

    zh = "规则包无法使用：{reason_zh}。"


class UnknownStatement(RuleSyntaxError):
    """{found} does not begin a statement."""

    zh = "{found} 不是语句的开头。"


class UnknownOption(PackageError):
    """A `{statement}` statement has no option `{option}`."""

    zh = "“{statement_zh}”语句没有选项“{option_zh}”。"


class UnknownWord(PackageError):
    """{found} is not a {what}."""

    zh = "{found} 不是有效的{what_zh}。"


class UnknownTerm(PackageError):
    """There is no term {name}."""

    zh = "没有术语 {name}。"


class UnknownPackage(PackageError):
    """There is no rule package {name}."""

    zh = "没有规则包 {name}。"


class ItemsMissing(PackageError):
    """The list of {statement} is missing: write `:` and the words, parted by `|`."""

    zh = "“{statement_zh}”缺少词表：请写冒号和词语，以 | 分隔。"


class TwoMeanings(PackageError):
    """{found} already belongs to {other}."""

    zh = "{found} 已属于 {other}。"


class BadPattern(PackageError):
    """The pattern can't be used: {reason}."""

    zh = "该正则表达式无法使用：{reason_zh}。"


class RunawayRule(PackageError):
    """{rule} was stopped: it took more than {limit} on one report."""

    zh = "{rule} 已中止：处理一份报告超过 {limit}。"


class CircularUse(PackageError):
    """The packages use one another in a circle: {names}."""

    zh = "规则包循环引用：{names}。"
