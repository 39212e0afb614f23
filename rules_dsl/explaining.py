"""Explaining a rule on one record: what each part of it gives, and which missing fields leave it open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Any

from rules_dsl.checker import Checker, Scope
from rules_dsl.limits import make_room
from rules_dsl.nodes import Call, Duration, Field, Literal, Node, Span
from rules_dsl.python_backend import build
from rules_dsl.python_values import related_records
from rules_dsl.tree import Tree
from rules_dsl.typed import Typed
from rules_dsl.types import FieldTypes, RuleType, TypeResolver, as_resolver
from rules_dsl.values import Context


class State(StrEnum):
    """What came of a part: a condition's truth, or whether there is a value."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    VALUE = "value"
    MISSING = "missing"
    HIDDEN = "hidden"
    RECORDS = "records"


_OPEN = frozenset({State.UNKNOWN, State.MISSING})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a rule on one record. `depth` 0 is the rule itself.

    `why` are the paths, as written, of missing fields that leave it unknown or missing. `count` is how many
    related records there are.
    """

    span: Span
    depth: int
    type: RuleType
    state: State
    value: Any = None
    why: tuple[str, ...] = ()
    count: int | None = None


def explain(
    tree: Tree,
    types: FieldTypes | TypeResolver,
    record: Mapping[str, Any],
    context: Context,
    hidden: Collection[Span] = (),
) -> list[Part]:
    """The parts of the rule that speak of `record` itself, outermost first, in the order of the text.

    Constants are left out, and so is what is asked of each related record. Whatever holds one of the places
    in `hidden` is hidden as a whole: its value would tell what stands there.

    Raises:
        RuleTypeError: when the rule does not fit the types.
    """
    make_room(tree.root.depth)
    resolver = as_resolver(types)
    recorder = _Recorder(tree.text)
    recorder.check(tree.root, Scope(resolver))
    found = _Explainer(recorder.checked, resolver, record, context, hidden)
    return list(found.parts(tree.root, 0))


class _Recorder(Checker):
    """A checker that keeps what it made of each node of the outermost scope, by the node's identity."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.checked: dict[int, Typed] = {}

    def check(self, node: Node, scope: Scope) -> Typed:
        found = super().check(node, scope)
        if scope.around is None:
            self.checked[id(node)] = found
        return found


class _Explainer:
    def __init__(
        self,
        checked: Mapping[int, Typed],
        types: TypeResolver,
        record: Mapping[str, Any],
        context: Context,
        hidden: Collection[Span],
    ) -> None:
        self._checked = checked
        self._types = types
        self._record = record
        self._context = context
        self._hidden = hidden
        self._states: dict[int, State] = {}

    def parts(self, node: Node, depth: int, is_told: bool = True) -> Iterator[Part]:
        # `is not missing` is two nodes at one place: the outer one tells of both.
        below = [list(self.parts(child, depth + 1, child.span != node.span)) for child in node.children()]
        found = self._part(node, depth)
        is_told = is_told and found is not None
        if found is not None and is_told:
            yield found
        for part in chain.from_iterable(below):
            yield part if is_told else replace(part, depth=part.depth - 1)

    def _part(self, node: Node, depth: int) -> Part | None:
        checked = self._checked.get(id(node))
        if isinstance(node, Literal | Duration):
            return None
        if checked is None:
            return self._records(node, depth) if isinstance(node, Field) else None
        if self._holds_hidden(node):
            self._states[id(node)] = State.HIDDEN
            return Part(node.span, depth, checked.type, State.HIDDEN)
        value = build(checked)((self._record, self._context, None))
        state = self._states[id(node)] = _state(node, checked, value)
        why = tuple(dict.fromkeys(self._why(node))) if state in _OPEN else ()
        return Part(node.span, depth, checked.type, state, value, why)

    def _holds_hidden(self, node: Node) -> bool:
        start, end = node.span
        return any(start <= place[0] and place[1] <= end for place in self._hidden)

    def _records(self, node: Field, depth: int) -> Part | None:
        """The related records that `exam.lesion`, or the values of `exam.lesion.size`, are taken from."""
        names = node.path.split(".")
        for length in range(len(names), 0, -1):
            path = ".".join(names[:length])
            if self._types.related(path) is not None:
                if self._holds_hidden(node):
                    return Part(node.span, depth, RuleType.RECORDS, State.HIDDEN)
                count = len(related_records(self._record, path))
                return Part(node.span, depth, RuleType.RECORDS, State.RECORDS, count=count)
        return None

    def _why(self, node: Node) -> Iterator[str]:
        """Missing fields below an open part, through open parts and those that are none of their own."""
        if isinstance(node, Field):
            if self._states.get(id(node)) is State.MISSING:
                yield node.path
            return
        for child in self._deciding(node):
            if self._states.get(id(child), State.UNKNOWN) in _OPEN:
                yield from self._why(child)

    def _deciding(self, node: Node) -> tuple[Node, ...]:
        """What the value of `node` comes from: of an `if` only the branch that was taken."""
        if isinstance(node, Call) and node.name == "if":
            taken = 1 if self._states.get(id(node.args[0])) is State.TRUE else 2
            return (node.args[0], node.args[taken])
        return node.children()


def _state(node: Node, checked: Typed, value: Any) -> State:
    if value is None:
        condition = checked.type is RuleType.BOOLEAN and not isinstance(node, Field)
        return State.UNKNOWN if condition else State.MISSING
    if checked.type is RuleType.BOOLEAN:
        return State.TRUE if value else State.FALSE
    return State.VALUE
