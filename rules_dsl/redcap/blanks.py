"""REDCap's rule for blanks, found again in rules of ours that say it in so many words.

`[a] <> '1'` was translated to `[a] is missing or [a] <> '1'`; here the second is known for the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rules_dsl.nodes import Binary, Call, IsMissing, Literal, Logic, Node, Unary

Sides = tuple[Node, Node]


def different(items: Sequence[Node]) -> Binary | None:
    """The comparison in `A is missing or A <> constant`; the test in `A is missing or not A contains ...`."""
    if len(items) < 2 or not isinstance(items[0], IsMissing):
        return None
    absent, test = items[0].item, items[1]
    if isinstance(test, Binary) and test.op == "<>":
        return test if _bare(test.left) == absent and is_constant(test.right) else None
    if not isinstance(test, Unary) or test.op != "not" or not isinstance(test.item, Binary):
        return None
    negated = test.item
    if negated.op in ("has", "contains", "starts with") and is_constant(negated.right):
        return negated if negated.left == absent else None
    return None


def different_fields(items: Sequence[Node]) -> Sides | None:
    """The sides of `A is missing and B is not missing or B is missing and A is not missing or A <> B`."""
    if len(items) < 3 or not isinstance(items[2], Binary) or items[2].op != "<>":
        return None
    left, right = items[2].left, items[2].right
    wanted = [_one_missing(_bare(left), _bare(right)), _one_missing(_bare(right), _bare(left))]
    return (left, right) if list(items[:2]) == wanted else None


def same_fields(items: Sequence[Node]) -> Sides | None:
    """The sides of `A is missing and B is missing or A = B`."""
    if len(items) < 2 or not isinstance(items[1], Binary) or items[1].op != "=":
        return None
    left, right = items[1].left, items[1].right
    return (left, right) if items[0] == both_missing(_bare(left), _bare(right)) else None


def both_missing(left: Node, right: Node) -> Node:
    return Logic("and", (IsMissing(left), IsMissing(right)))


def _one_missing(missing: Node, present: Node) -> Node:
    return Logic("and", (IsMissing(missing), Unary("not", IsMissing(present))))


def _bare(node: Node) -> Node:
    """What was converted: the text of `number(text)`, the condition of `if(condition, 1, 0)`."""
    if isinstance(node, Call) and node.name == "number" and len(node.args) == 1:
        return node.args[0]
    if isinstance(node, Call) and node.name == "if":
        test, *branches = node.args
        if [getattr(branch, "value", None) for branch in branches] == [Decimal(1), Decimal(0)]:
            return test
    return node


def is_constant(node: Node) -> bool:
    """Whether it is written out and so never blank: a literal, today or now."""
    inner = node.item if isinstance(node, Unary) and node.op == "-" else node
    today = isinstance(inner, Call) and inner.name in ("today", "now")
    return today or (isinstance(inner, Literal) and inner.value not in (None, ""))
