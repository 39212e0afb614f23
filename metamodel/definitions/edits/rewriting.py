"""Following a rename through the rules of a document: by their trees, keeping every other character."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from metamodel.catalogue.model import Database, RecordType
from metamodel.definitions.edits.errors import EditRefused
from metamodel.definitions.mentions import Mention, mentions, names_in, parsed
from metamodel.definitions.structure import tree_problems
from metamodel.definitions.validation import draft_database
from rules_dsl import Tree

Json = Mapping[str, Any]
Document = dict[str, Any]
NewPath = Callable[[Mention], str]  # the path a mention must have from now on
Target = tuple[str, str]  # record type code, field code ("" for the record type itself)


def meaning(document: Json) -> Database:
    """The document compiled as far as rules need it: without choices, and bounds, which may still be wrong.

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
    return draft_database({**document, "record_types": types, "value_sets": {}})


def rewritten(before: Document, after: Document, renaming: Renaming) -> Document:
    """`after` with the rules of `before` rewritten; both differ by the one renaming alone.

    Rules that can't be read stay as they are; they are problems already.

    Raises:
        EditRefused: when a rule would come to mean another field.
    """
    old = meaning(before)
    types = [
        _type_with_rules(item, record_type, old, renaming)
        for item, record_type in zip(after["record_types"], old.record_types, strict=True)
    ]
    result = {**after, "record_types": types}
    if "forms" in after:
        result["forms"] = [
            _form_with_rules(form, former["record_type"], old, renaming)
            for form, former in zip(after["forms"], before["forms"], strict=True)
        ]
    _check_meaning(before, old, result, renaming)
    return result


def _type_with_rules(item: Document, old_type: RecordType, old: Database, renaming: Renaming) -> Document:
    def rewrite(text: str) -> str:
        return rewritten_rule(text, old_type, old, renaming.path) if renaming.concerns(text) else text

    return {**item, "fields": [with_rules(field, rewrite) for field in item["fields"]]}


def _form_with_rules(form: Document, type_code: str, old: Database, renaming: Renaming) -> Document:
    old_type = _type_named(old, type_code)
    if old_type is None:
        return form

    def rewrite(text: str) -> str:
        return rewritten_rule(text, old_type, old, renaming.path) if renaming.concerns(text) else text

    return with_form_rules(form, rewrite)


def with_form_rules(form: Document, rewrite: Callable[[str], str]) -> Document:
    """`form` with the skip rule of each of its items passed through `rewrite`."""
    if not any(item.get("shown_if") for item in form["items"]):
        return form
    items = [
        {**item, "shown_if": rewrite(item["shown_if"])} if item.get("shown_if") else item
        for item in form["items"]
    ]
    return {**form, "items": items}


def _type_named(database: Database, code: str) -> RecordType | None:
    return next((item for item in database.record_types if item.code == code), None)


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


@dataclass(frozen=True, slots=True)
class Renaming:
    """A code that becomes another: the path each mention must have then, and what each target is called.

    Only rules with one of the two codes in a path can be concerned.
    """

    old: str
    new: str
    path: NewPath
    target: Callable[[Target], Target]

    def concerns(self, text: str) -> bool:
        return not names_in(text).isdisjoint({self.old, self.new})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a document: where it stands, as people say it, and the record type it is about."""

    place: str
    type: RecordType
    text: str


def rules_in(document: Json, database: Database) -> Iterator[Rule]:
    """All rules of fields and form items; `database` is the document compiled."""
    for item, record_type in zip(document["record_types"], database.record_types, strict=True):
        for field in item["fields"]:
            for text in rule_texts(field):
                yield Rule(f"{item['code']}.{field['code']}", record_type, text)
    for form in document.get("forms", ()):
        if (of := _type_named(database, form["record_type"])) is not None:
            texts = [item["shown_if"] for item in form["items"] if item.get("shown_if")]
            yield from (Rule(form["code"], of, text) for text in texts)


def rewritten_rule(text: str, record_type: RecordType, database: Database, new_path: NewPath) -> str:
    """`text`, a rule of `record_type`, with each mention given its new path."""
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


def _check_meaning(before: Json, old: Database, result: Json, renaming: Renaming) -> None:
    for was, now in zip(rules_in(before, old), rules_in(result, new := meaning(result)), strict=True):
        if not renaming.concerns(was.text):
            continue
        wanted = [renaming.target(target) for target in targets(was, old)]
        if wanted != targets(now, new):
            raise EditRefused(
                f"{was.place} 的规则“{was.text}”将指向另一字段，请先修改该规则",
                f"the rule '{was.text}' of {was.place} would come to mean another field; change it first",
            )


def targets(rule: Rule, database: Database) -> list[Target]:
    """What a rule names, in its order; nothing where it can't be read."""
    tree = parsed(rule.text)
    if not isinstance(tree, Tree):
        return []
    return [_target(item) for item in mentions(tree, rule.type, database)]


def _target(mention: Mention) -> Target:
    if mention.reached is not None:
        return mention.reached.type.code, mention.reached.field.code
    assert mention.records is not None
    return mention.records.code, ""
