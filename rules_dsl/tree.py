"""A parsed rule as a whole: its text, its root node, its JSON form and the fields it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rules_dsl.errors import BadTree, Language
from rules_dsl.json_form import VERSION, node_from_json, node_to_json
from rules_dsl.layout import print_lines
from rules_dsl.nodes import Between, Binary, Call, Field, In, IsMissing, Logic, Node, Unary, fold, walk
from rules_dsl.parser import parse_node
from rules_dsl.printer import print_node


@dataclass(frozen=True)
class Tree:
    """An immutable rule. Two trees are equal when they mean the same text, whatever its layout was."""

    root: Node
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return print_node(self.root)

    def fields(self) -> frozenset[str]:
        """Every path named in the rule, as written; inside a quantifier relative to its records."""
        return frozenset(node.path for node in walk(self.root) if isinstance(node, Field))

    def to_json(self) -> dict[str, Any]:
        """The tree as JSON, e.g. `{"v": 1, "root": {"n": "field", "path": "age"}}`."""
        return {"v": VERSION, "root": node_to_json(self.root)}

    @classmethod
    def from_json(cls, obj: object) -> Tree:
        """The tree that `to_json` wrote.

        Raises:
            BadTree: when `obj` is not such a tree.
        """
        if not isinstance(obj, Mapping) or obj.get("v") != VERSION:
            raise BadTree(problem=f"its version is not {VERSION}", problem_zh=f"版本不是 {VERSION}")
        return from_node(node_from_json(obj.get("root")))

    def renamed(self, rename: Callable[[str], str]) -> Tree:
        """The same rule with each path passed through `rename`, e.g. from Chinese names to codes."""
        return from_node(_renamed(self.root, rename))


def from_node(root: Node) -> Tree:
    """A tree around `root`, read anew from its canonical text so that every node has its place."""
    text = print_node(root)
    return Tree(parse_node(text), text)


def format(tree: Tree, language: Language = "en", width: int | None = None) -> str:
    """The canonical text of `tree` with English or Chinese words: one line, or lines of `width` columns."""
    return print_node(tree.root, language) if width is None else print_lines(tree.root, language, width)


def _renamed(node: Node, rename: Callable[[str], str]) -> Node:
    return fold(node, lambda part, below: _rebuilt(part, below, rename))


def _rebuilt(node: Node, below: list[Node], rename: Callable[[str], str]) -> Node:
    match node:
        case Field(path=path):
            return Field(rename(path))
        case Unary() | IsMissing():
            return replace(node, item=below[0])
        case Binary():
            return replace(node, left=below[0], right=below[1])
        case Logic():
            return replace(node, items=tuple(below))
        case In():
            return replace(node, item=below[0], options=tuple(below[1:]))
        case Between():
            return replace(node, item=below[0], low=below[1], high=below[2])
        case Call():
            return replace(node, args=tuple(below))
        case _:
            return node
