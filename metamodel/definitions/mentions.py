"""Where a rule mentions fields, and which: what renaming and the search for circles go by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from metamodel.catalogue.model import Database, RecordType
from metamodel.catalogue.reach import Reached, ReachTypes, Surroundings
from rules_dsl import RuleError, Tree, function_named, parse
from rules_dsl.nodes import Call, Node
from rules_dsl.nodes import Field as FieldNode

_RECORD_FORMS = frozenset(
    {"any", "all", "count", "min", "max", "sum", "mean", "median", "stdev", "exists", "latest", "earliest"}
)


@lru_cache(maxsize=20_000)
def parsed(text: str) -> Tree | RuleError:
    """The tree of a rule, or why there is none; kept by text, since dictionaries repeat their rules."""
    try:
        return parse(text)
    except RuleError as error:
        return error


@lru_cache(maxsize=20_000)
def names_in(text: str) -> frozenset[str]:
    """The codes and labels that the paths of a rule are made of; none where it can't be read."""
    tree = parsed(text)
    return frozenset(_names(tree.root)) if isinstance(tree, Tree) else frozenset()


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, FieldNode):
        yield from node.path.split(".")
    for child in node.children():
        yield from _names(child)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a rule's text and the field or, where `reached` is None, the record type it names.

    `inside`: it was found from a record that a quantifier ranges over, not from the rule's own.
    """

    span: tuple[int, int]
    path: str
    reached: Reached | None
    records: RecordType | None = None
    inside: bool = False


def mentions(tree: Tree, record_type: RecordType, database: Database) -> list[Mention]:
    """Every mention in a rule of `record_type`; paths that reach nothing are left out."""
    return list(_walk(tree.root, (ReachTypes(Surroundings(record_type, database)),)))


def _walk(node: Node, scopes: tuple[ReachTypes, ...]) -> Iterator[Mention]:
    """`scopes` are what a path may mean, innermost first, as the checker of rules looks it up."""
    if isinstance(node, FieldNode):
        yield from _mention(node, scopes)
        return
    children = node.children()
    inner = _ranged(node, scopes)
    for index, child in enumerate(children):
        yield from _walk(child, (inner, *scopes) if inner is not None and index else scopes)


def _mention(node: FieldNode, scopes: tuple[ReachTypes, ...]) -> Iterator[Mention]:
    outermost = scopes[-1]
    for scope in scopes:
        if scope.type(node.path) is not None:
            yield Mention(node.span, node.path, scope.reached[node.path], inside=scope is not outermost)
            return
    for scope in scopes:
        if (related := scope.related(node.path)) is not None:
            kind = related.surroundings.type
            yield Mention(node.span, node.path, None, kind, inside=scope is not outermost)
            return
    for records, rest in _splits(node.path):
        for scope in scopes:
            related = scope.related(records)
            if related is not None and related.type(rest) is not None:
                yield Mention(node.span, node.path, related.reached[rest], inside=True)
                return


def _splits(path: str) -> Iterator[tuple[str, str]]:
    """`exam.lesion.size` as records and what is taken from each, the longest path of records first."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        yield ".".join(parts[:length]), ".".join(parts[length:])


def _ranged(node: Node, scopes: tuple[ReachTypes, ...]) -> ReachTypes | None:
    """The records that the arguments of a quantifier, after its first, are about."""
    if not isinstance(node, Call) or len(node.args) < 2 or not isinstance(node.args[0], FieldNode):
        return None
    function = function_named(node.name)
    if function is None or function.form not in _RECORD_FORMS:
        return None
    path = node.args[0].path
    return next((found for scope in scopes if (found := scope.related(path)) is not None), None)
