"""Values of ours as REDCap writes them: numbers, texts, dates, and choices between them.

REDCap turns texts and codes into numbers wherever it calculates, so `number(...)` is left out there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Final

from rules_dsl import literals
from rules_dsl.functions import function_named
from rules_dsl.functions.dates import UNITS
from rules_dsl.functions.texts import text_number
from rules_dsl.nodes import Binary, Call, Field, IsMissing, Literal, Node, Unary
from rules_dsl.redcap.lookup import RedcapName, RedcapNames
from rules_dsl.redcap.written import BLANK, SIGN, Piece, arithmetic, call, digits, moment, quoted, refuse
from rules_dsl.types import DATED, NUMERIC, TEXTUAL, RuleType

_REDCAP_UNITS: Final = frozenset("yMdhms")
_ARITHMETIC: Final = frozenset("+-*/^")
_LITERAL_TYPES: Final = {
    "number": RuleType.NUMBER,
    "text": RuleType.TEXT,
    "boolean": RuleType.BOOLEAN,
    "date": RuleType.DATE,
    "datetime": RuleType.DATETIME,
    "time": RuleType.TIME,
    "missing": RuleType.MISSING,
}
_OF_NUMBERS: Final = {
    "abs": "abs",
    "sqrt": "sqrt",
    "exp": "exponential",
    "ln": "log",
    "min": "min",
    "max": "max",
    "sum": "sum",
    "mean": "mean",
    "median": "median",
}
_OF_TEXTS: Final = {"concat": "concat", "lower": "lower", "upper": "upper", "trim": "trim"}
_OF_DATES: Final = {"year": "year", "month": "month", "day": "day"}
_SCALED: Final = {"ceil": "roundup", "floor": "rounddown"}


class Values(ABC):
    """Writes values; the conditions inside them are written by what derives from it."""

    def __init__(self, names: RedcapNames) -> None:
        self._names = names

    @abstractmethod
    def true(self, node: Node) -> Piece: ...

    def name(self, field: Field) -> RedcapName:
        found = self._names.name_of(field.path)
        if found is None:
            raise refuse(field, f"[{field.path}] is no variable there", f"[{field.path}] 不是其中的变量")
        return found

    def type(self, node: Node) -> RuleType:
        """The type of a rule that fits the types of its fields."""
        match node:
            case Field():
                return self.name(node).type
            case Literal(kind=kind):
                return _LITERAL_TYPES[kind]
            case Unary(op="-"):
                return RuleType.NUMBER
            case Binary(op=op, left=left, right=right) if op in _ARITHMETIC:
                moved = self.type(left) in DATED and self.type(right) not in DATED
                return self.type(left) if moved else RuleType.NUMBER
            case Call():
                return self._type_of_call(node)
            case _:
                return RuleType.BOOLEAN

    def _type_of_call(self, node: Call) -> RuleType:
        function = function_named(node.name)
        if function is None:
            raise _no_function(node)
        if function.result is not None:
            return function.result
        return self._joint(node.args[1:] if node.name == "if" else node.args)

    def _joint(self, nodes: Sequence[Node]) -> RuleType:
        types = [kind for node in nodes if (kind := self.type(node)) is not RuleType.MISSING]
        return types[0] if types else RuleType.MISSING

    def kept_number(self, node: Node) -> Piece:
        """A number where REDCap would keep a text as it is."""
        piece = self.number(node)
        return arithmetic("+", piece, digits(Decimal(0))) if _is_conversion(node) else piece

    def number(self, node: Node) -> Piece:
        """A number where REDCap makes one of whatever stands there."""
        match node:
            case Literal(value=Decimal() as value):
                return digits(value)
            case Literal(value=None):
                return BLANK
            case Field() if self.name(node).type in NUMERIC:
                return Piece(self.name(node).written())
            case Unary(op="-", item=item):
                return Piece(f"-{self.number(item).within(SIGN)}", SIGN)
            case Binary():
                return self._calculated(node)
            case Call():
                return self._called(node)
            case _:
                kind = self.type(node)
                raise refuse(node, f"{kind.value} is used as a number", f"{kind.zh}被当作数值使用")

    def _calculated(self, node: Binary) -> Piece:
        left, right = node.left, node.right
        if self.type(left) not in DATED:
            return arithmetic(node.op, self._operand(left), self._operand(right))
        if node.op == "-" and self.type(right) in DATED:
            return self._signed_difference(right, left, "d")
        raise refuse(node, "it moves a date", "其中移动了日期")

    def _operand(self, node: Node) -> Piece:
        scaled = self.number(node)
        return Piece(f"({scaled.text})") if scaled is BLANK else scaled

    def _called(self, node: Call) -> Piece:
        name, args = node.name, node.args
        if name == "number":
            return self._converted(args[0])
        if name == "if":
            return self._ticked(node) or self._choice(node, RuleType.NUMBER)
        if name == "coalesce":
            return self._first_present(node, RuleType.NUMBER)
        if name == "abs" and _is_difference(args[0]):
            return self._difference(args[0])
        if name in _OF_NUMBERS:
            return call(_OF_NUMBERS[name], *[self.number(argument) for argument in args])
        if name in _OF_DATES:
            return call(_OF_DATES[name], self.moment(args[0]))
        if name in _SCALED:
            return call(_SCALED[name], self.number(args[0]))
        match name:
            case "round":
                return call("round", *[self.number(argument) for argument in args])
            case "power":
                return call("pow", *[self.number(argument) for argument in args])
            case "log10":
                return call("log", self.number(args[0]), digits(Decimal(10)))
            case "datediff":
                return self._signed_difference(args[0], args[1], self._unit(node))
            case "length":
                return call("length", self.text(args[0]))
            case _:
                raise _no_function(node)

    def _converted(self, item: Node) -> Piece:
        """`number(text)`, which REDCap does by itself."""
        if isinstance(item, Literal):
            written = str(item.value or "").strip()
            if text_number(written) is None:
                raise refuse(item, f"'{written}' is used as a number", f"'{written}' 被当作数值使用")
        return self.number(item) if self.type(item) in NUMERIC else self.text(item)

    def _ticked(self, node: Call) -> Piece | None:
        """`if([field] has 'code', 1, 0)`: what a choice of a checkbox counts as."""
        test, *branches = node.args
        counted = [getattr(branch, "value", None) for branch in branches] == [1, 0]
        return self.ticked(test) if counted and isinstance(test, Binary) and test.op == "has" else None

    def ticked(self, node: Binary) -> Piece:
        """`[field(code)]`."""
        if not isinstance(node.left, Field) or not isinstance(node.right, Literal):
            raise refuse(node, "a checkbox is named by its field", "复选框只能以字段指明")
        code = str(node.right.value)
        if set(code) & set("()[]\n"):
            raise refuse(node, f"the code {code} can't be written there", f"编码 {code} 无法写出")
        return Piece(self.name(node.left).written(code))

    def _unit(self, node: Call) -> str:
        written = node.args[2]
        unit = UNITS[str(written.value)] if isinstance(written, Literal) else ""
        if unit not in _REDCAP_UNITS:
            raise refuse(node, "it counts in weeks", "它以周为单位", "Count in days.", "请以天为单位。")
        return unit

    def _signed_difference(self, start: Node, end: Node, unit: str) -> Piece:
        return call("datediff", self.moment(start), self.moment(end), Piece(f"'{unit}'"), Piece("true"))

    def _difference(self, node: Node) -> Piece:
        """`abs(datediff(...))`, which is REDCap's own datediff."""
        assert isinstance(node, Call)
        start, end = self.moment(node.args[0]), self.moment(node.args[1])
        return call("datediff", start, end, Piece(f"'{self._unit(node)}'"))

    def text(self, node: Node) -> Piece:
        """A text or the code of a choice."""
        match node:
            case Literal(kind="text"):
                return quoted(node)
            case Literal(kind="missing"):
                return BLANK
            case Field() if self.name(node).type in TEXTUAL:
                return Piece(self.name(node).written())
            case Call(name="if"):
                return self._choice(node, RuleType.TEXT)
            case Call(name="coalesce"):
                return self._first_present(node, RuleType.TEXT)
            case Call(name=name, args=args) if name in _OF_TEXTS:
                return call(_OF_TEXTS[name], *[self.text(argument) for argument in args])
            case Call(name="substring", args=(text, *places)):
                return call("mid", self.text(text), *[self.number(place) for place in places])
            case Call(name="left" | "right" as name, args=(text, length)):
                return call(name, self.text(text), self.number(length))
            case Call(name="replace", args=args):
                return call("replace_text", *[self.text(argument) for argument in args])
            case Call():
                raise _no_function(node)
            case _:
                kind = self.type(node)
                raise refuse(node, f"{kind.value} is used as text", f"{kind.zh}被当作文本使用")

    def moment(self, node: Node) -> Piece:
        """A date, datetime or time."""
        match node:
            case Literal(value=date() | time() as value):
                return moment(value)
            case Literal(kind="text", value=str() as value) if _writes_moment(value):
                return quoted(node)
            case Literal(kind="missing"):
                return BLANK
            case Field() if self.name(node).type in DATED | {RuleType.TIME}:
                return Piece(self.name(node).written())
            case Call(name="today" | "now" as name):
                return Piece(f"'{name}'")
            case Call(name="if"):
                return self._choice(node, RuleType.DATE)
            case Call(name="coalesce"):
                return self._first_present(node, RuleType.DATE)
            case Call():
                raise _no_function(node)
            case _:
                raise refuse(node, "it moves a date", "其中移动了日期")

    def of(self, node: Node) -> Piece:
        """A value of any type, where REDCap asks for nothing but whether it is blank."""
        kind = self.type(node)
        if kind in NUMERIC:
            return self.kept_number(node)
        if kind in TEXTUAL:
            return self.text(node)
        if kind in DATED or kind is RuleType.TIME:
            return self.moment(node)
        if isinstance(node, Field) and kind is RuleType.BOOLEAN:
            return Piece(self.name(node).written())
        if kind is RuleType.CHOICES:
            raise untouched(node)
        raise refuse(node, "a condition is never blank there", "在 REDCap 中条件从不为空")

    def _choice(self, node: Call, wanted: RuleType) -> Piece:
        test, then, otherwise = node.args
        return self.chosen(self.true(test), [then, otherwise], node, wanted)

    def chosen(self, test: Piece, branches: Sequence[Node], node: Node, wanted: RuleType) -> Piece:
        """`if(test, then, otherwise)`; REDCap's reader takes its type from the branches alone."""
        write: Callable[[Node], Piece] = self.text
        if wanted is RuleType.NUMBER:
            told = any(self._tells_number(branch) for branch in branches)
            write = self.number if told else self.kept_number
        elif wanted is RuleType.DATE:
            write = self.moment
            if RuleType.TIME in {self.type(branch) for branch in branches}:
                raise refuse(node, "it chooses between times", "其中在时间之间选择")
            if all(_reads_as_text(branch) for branch in branches):
                raise refuse(node, "it chooses between written dates", "其中在直接写出的日期之间选择")
        elif any(isinstance(branch, Literal) and branch.value == "" for branch in branches):
            raise refuse(node, "an empty text is a blank there", "空文本在 REDCap 中即为空值")
        return call("if", test, *[write(branch) for branch in branches])

    def _tells_number(self, branch: Node) -> bool:
        return self.type(branch) in NUMERIC and not _is_conversion(branch)

    def _first_present(self, node: Call, wanted: RuleType) -> Piece:
        """`coalesce` of fields as nested ifs."""
        *fields, last = node.args
        if len(node.args) > 2 or not all(isinstance(field, Field) for field in fields):
            raise _no_function(node)
        if not fields:
            return {RuleType.NUMBER: self.number, RuleType.DATE: self.moment}.get(wanted, self.text)(last)
        return self.chosen(self.true(IsMissing(fields[0])), [last, fields[0]], node, wanted)


def untouched(node: Node) -> Exception:
    return refuse(
        node,
        "a checkbox that nobody touched is one without ticks there",
        "在 REDCap 中从未填写的复选框等同于未勾选",
        "Write `[field] is missing or not [field] has 'code'`.",
        "请写成 `[字段] 缺失 或 非 [字段] 勾选 '编码'`。",
    )


def _is_conversion(node: Node) -> bool:
    """Whether REDCap would see a text where we have a number."""
    return isinstance(node, Call) and node.name == "number"


def _is_difference(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "datediff"


def _reads_as_text(node: Node) -> bool:
    """Whether REDCap's text of it is a quoted one: a written date, today or now."""
    return not node.children() and not isinstance(node, Field)


def _writes_moment(text: str) -> bool:
    readers = (literals.read_date, literals.read_datetime, literals.read_time)
    return any(read(text) is not None for read in readers)


def _no_function(node: Call) -> Exception:
    return refuse(node, f"there is no function {node.name}", f"没有函数 {node.name}")
