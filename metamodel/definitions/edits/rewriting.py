"""Following a rename through the rules of a document: by their trees, keeping every other character."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from metamodel.catalogue.model import Database, RecordType
from metamodel.definitions.edits.errors import EditRefused
from metamodel.definitions.mentions import Mention, mentions, parsed
from metamodel.definitions.structure import tree_problems
from metamodel.definitions.validation import draft_database
from rules_dsl import Tree

Json = Mapping[str, Any]
Document = dict[str, Any]
NewPath = Callable[[Mention], str]  # the path a mention must have from now on
Target = tuple[str, str]  # record type code, field code ("" for the record type itself)


def meaning(document: Json) -> Database:
    """The document compiled as far as rules need it: bounds are left aside, they may still be wrong.

    Raises:
        EditRefused: when the record types form no tree.
    """
    if problems := [item for item in tree_problems(document) if item.code != "roots"]:
        raise EditRefused(
            f"请先更正记录类型的上级：{problems[0].zh}",
            f"correct the parents first: {problems[0].en}",
            problems,
        )
    types = [
        {**item, "fields": [{**field, "minimum": None, "maximum": None} for field in item["fields"]]}
        for item in document["record_types"]
    ]
    return draft_database({**document, "record_types": types})


def rewritten(
    before: Document, after: Document, new_path: NewPath, moved: Callable[[Target], Target]
) -> Document:
    """`after` with the rules of `before` rewritten by `new_path`; both differ by one rename alone.

    `moved` gives what each target of `before` is called in `after`. Rules that can't be read stay as they
    are; they are problems already.

    Raises:
        EditRefused: when a rule would come to mean another field.
    """
    old = meaning(before)
    types = [
        _type_with_rules(item, record_type, old, new_path)
        for item, record_type in zip(after["record_types"], old.record_types, strict=True)
    ]
    result = {**after, "record_types": types}
    _check_meaning(before, old, result, moved)
    return result


def _type_with_rules(item: Document, old_type: RecordType, old: Database, new_path: NewPath) -> Document:
    def rewrite(text: str) -> str:
        return _rewritten_rule(text, old_type, old, new_path)

    return {**item, "fields": [with_rules(field, rewrite) for field in item["fields"]]}


def with_rules(field: Document, rewrite: Callable[[str], str]) -> Document:
    """`field` with each of its rules passed through `rewrite`."""
    names = ("shown_if", "required_if", "calculation")
    rules: Document = {name: rewrite(field[name]) for name in names if field.get(name)}
    if field.get("checks"):
        rules["checks"] = [{**check, "expression": rewrite(check["expression"])} for check in field["checks"]]
    return {**field, **rules}


def rule_texts(field: Json) -> Iterator[str]:
    """The rules of a field, in the order `with_rules` goes through them."""
    texts: list[str] = []

    def keep(text: str) -> str:
        texts.append(text)
        return text

    with_rules(dict(field), keep)
    return iter(texts)


def _rewritten_rule(text: str, record_type: RecordType, database: Database, new_path: NewPath) -> str:
    tree = parsed(text)
    if not isinstance(tree, Tree):
        return text
    for item in sorted(mentions(tree, record_type, database), key=lambda found: found.span, reverse=True):
        path = new_path(item)
        if path != item.path:
            start, end = item.span
            written = text[start:end]
            bracketed = written[0] in "[［【"
            text = text[:start] + (written[0] + path + written[-1] if bracketed else path) + text[end:]
    return text


def _check_meaning(before: Json, old: Database, result: Json, moved: Callable[[Target], Target]) -> None:
    new = meaning(result)
    for old_type, new_type, old_item, new_item in zip(
        old.record_types, new.record_types, before["record_types"], result["record_types"], strict=True
    ):
        for old_field, new_field in zip(old_item["fields"], new_item["fields"], strict=True):
            for text, rewritten_text in zip(rule_texts(old_field), rule_texts(new_field), strict=True):
                wanted = [moved(target) for target in _targets(text, old_type, old)]
                if wanted != _targets(rewritten_text, new_type, new):
                    place = f"{old_item['code']}.{old_field['code']}"
                    raise EditRefused(
                        f"{place} 的规则“{text}”将指向另一字段，请先修改该规则",
                        f"the rule '{text}' of {place} would come to mean another field; change it first",
                    )


def _targets(text: str, record_type: RecordType, database: Database) -> list[Target]:
    tree = parsed(text)
    if not isinstance(tree, Tree):
        return []
    return [_target(item) for item in mentions(tree, record_type, database)]


def _target(mention: Mention) -> Target:
    if mention.reached is not None:
        return mention.reached.type.code, mention.reached.field.code
    assert mention.records is not None
    return mention.records.code, ""
