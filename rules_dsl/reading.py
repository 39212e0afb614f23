"""From text to a tree in any dialect, and the whole way from text to a value."""

from __future__ import annotations

from typing import Any

from rules_dsl.errors import UnknownDialect
from rules_dsl.parser import parse_node
from rules_dsl.python_backend import Record, compile_python
from rules_dsl.redcap import RedcapDictionary, RedcapLookup, translate_redcap
from rules_dsl.tree import Tree
from rules_dsl.types import FieldTypes, TypeResolver
from rules_dsl.values import Context


def parse(text: str, dialect: str = "zhenshu", lookup: RedcapLookup | None = None) -> Tree:
    """The tree of `text`, in our own language or in the dialect `redcap`, which needs a `lookup`.

    Raises:
        RuleSyntaxError: where the text is not a rule, with place, caret and suggestion.
        RuleTooLarge: when the text or its tree passes the limits.
        NotTranslatable: when REDCap logic has no counterpart here.
    """
    match dialect:
        case "zhenshu":
            return Tree(parse_node(text), text)
        case "redcap":
            return translate_redcap(text, lookup or RedcapDictionary({}))
        case _:
            raise UnknownDialect(text, name=dialect, suggestion="zhenshu, redcap")


def evaluate(rule: str | Tree, record: Record, types: FieldTypes | TypeResolver, context: Context) -> Any:
    """The value of `rule` for one record; compile the rule once where it runs often."""
    tree = parse(rule) if isinstance(rule, str) else rule
    return compile_python(tree, types)(record, context)
