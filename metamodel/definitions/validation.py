"""Whether a document can become a release: everything that is wrong with it, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from metamodel.catalogue.compile import compile_database, compile_field
from metamodel.catalogue.model import Database, Label, RecordType
from metamodel.definitions.fields import field_problems
from metamodel.definitions.masking import masking_type_problems
from metamodel.definitions.problems import Path, Problem, problem
from metamodel.definitions.rules import rule_problems, rule_text_problems, rules_of
from metamodel.definitions.schema import KINDS, structure_problems
from metamodel.definitions.structure import (
    choice_problems,
    database_problems,
    unknown,
    value_set_problems,
)

Json = Mapping[str, Any]

# With one of these the document can't be compiled, so its rules can't be looked at yet.
_FATAL: Final = frozenset({"unknown_parent", "parent_circle", "bad_bound", "bad_pattern"})


@dataclass(frozen=True, slots=True)
class _Draft:
    """Stands for the release of a document that has none."""

    id: int = 0
    number: int = 0


def validate_document(document: Any, structured: bool = False) -> list[Problem]:
    """All problems of a definition of any kind: first of its structure; once that is right, all others.

    Errors keep it from being published, warnings do not. `structured` says that the structure was found
    right just now.
    """
    kind = document.get("kind") if isinstance(document, Mapping) else None
    if kind not in KINDS:
        return [unknown(("kind",), "unknown_kind", "定义种类", "kind of definition", str(kind), KINDS)]
    if not structured and (problems := structure_problems(kind, document)):
        return problems
    if kind == "value_set":
        return list(choice_problems(document, ("choices",)))
    if kind == "masking_type":
        return list(masking_type_problems(document))
    return list(_library(document)) if kind == "field_library" else _database(document)


def draft_database(document: Json) -> Database:
    """A document compiled without storage, e.g. to see what its rules mean."""
    return compile_database(document, {}, 0, _Draft())


def _database(document: Json) -> list[Problem]:
    problems = list(database_problems(document))
    value_sets: Json = document.get("value_sets", {})
    for index, item in enumerate(document["record_types"]):
        for number, field in enumerate(item["fields"]):
            path: Path = ("record_types", index, "fields", number)
            problems += field_problems(field, path, value_sets)
    if any(item.code in _FATAL for item in problems):
        return problems
    return problems + list(rule_problems(draft_database(document)))


def _library(document: Json) -> Iterator[Problem]:
    """A library's field may be checked by rules about itself alone, as it will stand among others."""
    value_sets: Json = document.get("value_sets", {})
    yield from value_set_problems(value_sets)
    seen: set[str] = set()
    for index, item in enumerate(document["fields"]):
        path: Path = ("fields", index)
        if item["code"] in seen:
            code = item["code"]
            yield problem(
                (*path, "code"), "duplicate", f"字段编码 {code} 重复", f"field code {code} is there twice"
            )
        seen.add(item["code"])
        found = list(field_problems(item, path, value_sets))
        yield from found
        if not any(problem.code in _FATAL for problem in found):
            yield from _own_rules(item, path)


def _own_rules(item: Json, path: Path) -> Iterator[Problem]:
    field = compile_field(item, {})
    alone = RecordType("", "record", Label(), "library", (field,))
    database = Database(0, "library", Label(), 0, 0, (alone,))
    for rule in rules_of(field, path):
        yield from rule_text_problems(rule, field, alone, database)
