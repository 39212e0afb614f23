"""Our rules as REDCap logic: the way back of the translation, or the reason why REDCap can't say it.

REDCap knows no unknown: a blank is equal to a blank and differs from everything else. So a condition is
written as what is true exactly where ours is true, and its negation as what is true exactly where ours is
false: `not [age] > 60` becomes `[age] <= 60`, and `[age] <> 60` becomes `[age] <> '' and [age] <> 60`.
"""

from __future__ import annotations

from rules_dsl.errors import NotInRedcap
from rules_dsl.limits import make_room
from rules_dsl.nodes import Call, Node
from rules_dsl.redcap.conditions import Conditions
from rules_dsl.redcap.lookup import RedcapNames
from rules_dsl.redcap.written import Piece, refuse
from rules_dsl.tree import Tree, from_node
from rules_dsl.types import DATED, NUMERIC, TEXTUAL, RuleType


def print_redcap(tree: Tree, names: RedcapNames) -> str:
    """The rule `tree` as REDCap's branching logic or calculation.

    The rule must fit the types of its fields. `translate_redcap` reads the text back as the same rule where
    it came from REDCap, else as one that is true, or has the same value, for the same records.

    Raises:
        NotInRedcap: when REDCap has no words for it; its facts hold the reason.
        RuleTooLarge: when the logic would be too long.
    """
    make_room(tree.root.depth)
    try:
        return _root(Conditions(names), tree.root).text
    except NotInRedcap as refused:
        known = tree if tree.text else from_node(tree.root)
        raise NotInRedcap(
            known.text, refused.span, refused.suggestion, refused.suggestion_zh, (), **refused.facts
        ) from None


def _root(conditions: Conditions, root: Node) -> Piece:
    kind = conditions.type(root)
    if kind is RuleType.BOOLEAN:
        return conditions.true(root)
    if kind in NUMERIC or kind is RuleType.MISSING:
        return conditions.kept_number(root)
    if kind in TEXTUAL:
        return conditions.text(root)
    if kind in DATED and not _is_literal_in_redcap(root):
        return conditions.moment(root)
    raise refuse(root, f"it gives {kind.value}", f"其结果是{kind.zh}")


def _is_literal_in_redcap(node: Node) -> bool:
    return not node.children() and (not isinstance(node, Call) or node.name in ("today", "now"))
