"""A rule as it is being written: checked over a draft that may hold other mistakes still."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings
from metamodel.definitions.edits.rewriting import meaning
from metamodel.definitions.problems import Problem
from metamodel.definitions.rules import RuleText, circular_calculations, rule_text_problems
from rules_dsl import RuleType, Tree, check, parse
from zhenshu.errors import NotFound

Json = Mapping[str, Any]

RULES: Final = ("shown_if", "required_if", "calculation", "check")


@dataclass(frozen=True, slots=True)
class DraftedRule:
    """The text, where it is to stand, and as which rule of the field; "" where that is not known yet."""

    text: str
    record_type: str
    field: str = ""
    rule: str = ""


def check_in_draft(document: Json, drafted: DraftedRule) -> tuple[RuleType, list[Problem]]:
    """What the rule gives, and what else is wrong with it there, e.g. that a condition is needed.

    Raises:
        RuleError: when the text is no rule, or does not fit the fields.
        NotFound: when the draft has no such record type.
        EditRefused: when its record types form no tree.
    """
    database = meaning(document)
    record_type = _named(database, drafted.record_type)
    tree = parse(drafted.text)
    found = check(tree, ReachTypes(Surroundings(record_type, database)))
    return found, list(_problems(drafted, tree, record_type, database))


def _named(database: Database, code: str) -> RecordType:
    for item in database.record_types:
        if item.code == code:
            return item
    raise NotFound(kind="record type", kind_zh="记录类型", name=code)


def _problems(
    drafted: DraftedRule, tree: Tree, record_type: RecordType, database: Database
) -> Iterator[Problem]:
    field = record_type.by_code.get(drafted.field)
    wanted = RuleType.BOOLEAN if drafted.rule in ("shown_if", "required_if", "check") else None
    typed = field if drafted.rule == "calculation" else None
    yield from rule_text_problems(RuleText(drafted.text, (), wanted), typed, record_type, database)
    if typed is not None:
        yield from _circles(typed, drafted.text, record_type, database)


def _circles(field: Field, text: str, record_type: RecordType, database: Database) -> Iterator[Problem]:
    """Circles that the calculation would be part of."""
    tried = replace(field, calculation=text)
    fields = tuple(tried if item is field else item for item in record_type.fields)
    types = tuple(
        replace(item, fields=fields) if item is record_type else item for item in database.record_types
    )
    here = (record_type.code, field.code)
    for circle, problem in circular_calculations(replace(database, record_types=types)):
        if here in circle:
            yield replace(problem, path="")
