"""The rules of a database: each read and type-checked, and no calculation that needs itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.catalogue.reach import Reached, ReachTypes, Surroundings, Where
from metamodel.definitions.mentions import mentions, parsed
from metamodel.definitions.problems import Path, Problem, problem
from rules_dsl import RuleError, RuleType, Tree, check

_NUMBERS: Final = frozenset({RuleType.NUMBER, RuleType.INTEGER, RuleType.DECIMAL})
_TEXTS: Final = frozenset({RuleType.TEXT, RuleType.CHOICE})
_MOMENTS: Final = frozenset({RuleType.DATE, RuleType.DATETIME})

Place = tuple[str, str]  # record type code, field code


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule of a field: its text, where it stands, and the type it must have (None: the field's own)."""

    text: str
    path: Path
    wanted: RuleType | None


def rules_of(field: Field, path: Path) -> Iterator[RuleText]:
    """The rules of a field, whose place in the document is `path`."""
    if field.shown_if:
        yield RuleText(field.shown_if, (*path, "shown_if"), RuleType.BOOLEAN)
    if field.required_if:
        yield RuleText(field.required_if, (*path, "required_if"), RuleType.BOOLEAN)
    if field.calculation:
        yield RuleText(field.calculation, (*path, "calculation"), None)
    for index, item in enumerate(field.checks):
        yield RuleText(item.expression, (*path, "checks", index, "expression"), RuleType.BOOLEAN)


def rule_problems(database: Database) -> Iterator[Problem]:
    """Problems of all rules; `database` was compiled from the document under test."""
    for number, record_type in enumerate(database.record_types):
        for index, field in enumerate(record_type.fields):
            for rule in rules_of(field, ("record_types", number, "fields", index)):
                yield from rule_text_problems(rule, field, record_type, database)
    yield from _form_rule_problems(database)
    yield from (found for _, found in circular_calculations(database))


def circular_calculations(database: Database) -> Iterator[tuple[list[Place], Problem]]:
    """Calculations that need themselves, each circle once, at its first field."""
    uses: dict[Place, set[Place]] = {}
    paths: dict[Place, Path] = {}
    for number, record_type in enumerate(database.record_types):
        for index, field in enumerate(record_type.fields):
            if field.calculation and isinstance(tree := parsed(field.calculation), Tree):
                place = (record_type.code, field.code)
                uses[place] = _used(tree, record_type, database)
                paths[place] = ("record_types", number, "fields", index)
    for circle in circles(uses):
        shown = " -> ".join(_name(place, circle) for place in circle)
        path = (*paths[circle[0]], "calculation")
        zh, en = f"计算互相依赖：{shown}", f"circular calculation: {shown}"
        yield circle, problem(path, "circular", zh, en)


def _form_rule_problems(database: Database) -> Iterator[Problem]:
    """Skip rules of headings and texts."""
    types = {item.code: item for item in database.record_types}
    for number, form in enumerate(database.document.get("forms", ())):
        for index, item in enumerate(form["items"]):
            if (text := item.get("shown_if")) and form["record_type"] in types:
                rule = RuleText(text, ("forms", number, "items", index, "shown_if"), RuleType.BOOLEAN)
                yield from rule_text_problems(rule, None, types[form["record_type"]], database)


def rule_text_problems(
    rule: RuleText, field: Field | None, record_type: RecordType, database: Database
) -> Iterator[Problem]:
    """What is wrong with one rule of `field`, or of none."""
    tree = parsed(rule.text)
    if isinstance(tree, RuleError):
        yield _rule_problem(rule.path, tree)
        return
    types = ReachTypes(Surroundings(record_type, database))
    try:
        found = check(tree, types)
    except RuleError as error:
        yield _rule_problem(rule.path, error)
        return
    yield from _type_problem(rule, found, field)
    for path, reached in types.reached.items():
        if reached.where is Where.OTHER and _many(reached.type, database):
            yield _repeated(rule.path, path, reached)


def _rule_problem(path: Path, error: RuleError) -> Problem:
    return problem(path, type(error).__name__, error.explain("zh"), error.explain("en"), error.suggestion)


def _type_problem(rule: RuleText, found: RuleType, field: Field | None) -> Iterator[Problem]:
    wanted = rule.wanted or (field.type.rule_type_of(field) if field else None)
    if wanted is None or found is RuleType.MISSING or _fits(found, wanted):
        return
    zh = f"此规则的结果应为{wanted.zh}，而它是{found.zh}"
    yield problem(rule.path, "rule_type", zh, f"this rule must give {wanted.value}, it gives {found.value}")


def _fits(found: RuleType, wanted: RuleType) -> bool:
    return found is wanted or any({found, wanted} <= group for group in (_NUMBERS, _TEXTS, _MOMENTS))


def _many(record_type: RecordType, database: Database) -> bool:
    """Whether there may be several records of this type under one root record."""
    return any(
        item.repeats or len(item.events) > 1 for item in (record_type, *database.ancestors(record_type.code))
    )


def _repeated(at: Path, path: str, reached: Reached) -> Problem:
    code = reached.type.code
    return problem(
        at,
        "repeated",
        f"[{path}] 只在记录类型 {code} 恰有一条记录时有值；多条时请用 最大值、计数 或 任一",
        f"[{path}] has a value only where there is exactly one {code}; "
        "use max, count or any where there may be several",
        severity="warning",
    )


def _used(tree: Tree, record_type: RecordType, database: Database) -> set[Place]:
    return {
        (item.reached.type.code, item.reached.field.code)
        for item in mentions(tree, record_type, database)
        if item.reached is not None
    }


def circles(uses: Mapping[Place, Iterable[Place]]) -> list[list[Place]]:
    """Ways that lead back to their start, each found once: [a, b, a]."""
    found: list[list[Place]] = []
    done: set[Place] = set()
    for start in uses:
        if start not in done:
            _follow(start, uses, done, found)
    return found


def _follow(
    start: Place, uses: Mapping[Place, Iterable[Place]], done: set[Place], found: list[list[Place]]
) -> None:
    """Depth first without recursion: a chain of calculations may be longer than Python's stack."""
    way = {start: 0}  # in order, each with its place
    waiting = [iter(sorted(uses[start]))]
    while waiting:
        step = next((item for item in waiting[-1] if item in uses and item not in done), None)
        if step is None:
            waiting.pop()
            done.add(way.popitem()[0])
        elif step in way:
            found.append([*list(way)[way[step] :], step])
        else:
            way[step] = len(way)
            waiting.append(iter(sorted(uses[step])))


def _name(place: Place, circle: Iterable[Place]) -> str:
    """The field's code, with its record type where the circle passes through several."""
    several = len({type_code for type_code, _ in circle}) > 1
    return ".".join(place) if several else place[1]
