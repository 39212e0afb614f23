"""Whatever a rule holds, nothing but an error of the language comes out, and it comes out at once."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rules_dsl
from rules_dsl import (
    MISSING,
    NotInRedcap,
    RedcapDictionary,
    RuleError,
    RuleTooCostly,
    RuleTooLarge,
    RuleType,
    Tree,
    UnknownField,
    UnknownFunction,
    check,
    compile_python,
    evaluate,
    parse,
    print_redcap,
    translate_redcap,
)
from rules_dsl.cost import MAX_STEPS
from tests.rules_dsl.back_ends import NOW
from tests.rules_dsl.strategies import TYPES, records

FLAT = {name: kind for name, kind in TYPES.items() if isinstance(kind, RuleType)}
LOOKUP = RedcapDictionary(FLAT, frozenset({"e"}))
CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
RULES = [case["expr"] for page in CASES for case in yaml.safe_load(page.read_text("utf-8"))["cases"]]
LOGIC = [
    case["redcap"]
    for case in yaml.safe_load((Path(__file__).parent / "redcap_cases.yaml").read_text("utf-8"))["values"]
]
WORDS = [
    "and", "or", "not", "in", "has", "is", "missing", "between", "matches", "if(", "any(", "max(", "[i]",
    "[r]", "[t]", "[m]", "(", ")", "'", '"', ",", "-", "^", "1", "1e9", "@", "3月", "且", "非",
]  # fmt: skip

FUZZED = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
AT_ONCE = 5  # seconds of a processor: a hundred times what it takes, a thousandth of what it would


def used(text: str, record: dict[str, Any]) -> None:
    """All that may be done with a rule that somebody wrote."""
    try:
        tree = parse(text)
        assert parse(rules_dsl.format(tree, "zh")) == tree
        check(tree, TYPES)
        evaluate(tree, record, TYPES, NOW)
        print_redcap(tree, LOOKUP)
    except RuleError as error:
        assert error.explain("zh") and error.explain("en")
        assert 0 <= error.span[0] <= max(len(error.text), error.span[0])


@st.composite
def mutated(draw: st.DrawFn, rules: list[str]) -> str:
    """A real rule with pieces cut out, doubled, moved or written over."""
    text = draw(st.sampled_from(rules))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        other = draw(st.sampled_from(rules))
        piece = draw(st.sampled_from([*WORDS, "", text[start:end] * 2, other[start:end], "\x00", "\u3000"]))
        text = text[:start] + piece + text[end:]
    return text


@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), records)
@FUZZED
def test_random_text_gives_nothing_but_errors_of_the_language(text: str, record: dict[str, Any]) -> None:
    used(text, record)


@given(st.binary(max_size=80))
@FUZZED
def test_random_bytes_give_nothing_but_errors_of_the_language(raw: bytes) -> None:
    used(raw.decode("utf-8", "replace"), {})
    used(raw.decode("latin-1"), {})


@given(mutated(RULES), records)
@FUZZED
def test_changed_rules_give_nothing_but_errors_of_the_language(text: str, record: dict[str, Any]) -> None:
    used(text, record)


@given(mutated(LOGIC) | st.text(max_size=60))
@FUZZED
def test_changed_redcap_logic_gives_nothing_but_errors_of_the_language(logic: str) -> None:
    try:
        tree = translate_redcap(logic, LOOKUP)
        assert translate_redcap(print_redcap(tree, LOOKUP), LOOKUP)
    except RuleError as error:
        assert error.explain("zh") and error.explain("en")


KEYS = [
    "n",
    "v",
    "op",
    "item",
    "items",
    "left",
    "right",
    "value",
    "path",
    "name",
    "args",
    "options",
    "count",
    "unit",
]
VALUES = [
    "binary",
    "call",
    "field",
    "logic",
    "number",
    "date",
    "duration",
    "in",
    "+",
    "and",
    "=",
    "round",
    "1e9",
    "i",
    "NaN",
    "-0",
]
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(VALUES)
)
json_trees = st.recursive(
    leaves,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(KEYS), below, max_size=5),
    max_leaves=20,
)


def _reads(rule: str) -> bool:
    try:
        parse(rule)
    except RuleError:
        return False
    return True


STORED = [parse(rule).to_json() for rule in RULES if _reads(rule)]


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """The stored form of a real rule in which one part is something else."""
    stored = copy.deepcopy(draw(st.sampled_from(STORED)))
    at: Any = stored
    while True:
        key = draw(st.sampled_from(sorted(at, key=str) if isinstance(at, dict) else range(len(at))))
        if not isinstance(at[key], dict | list) or not at[key] or draw(st.integers(0, 3)) == 0:
            at[key] = draw(json_trees)
            return stored
        at = at[key]


@given(json_trees | json_trees.map(lambda root: {"v": 1, "root": root}) | damaged(), records)
@FUZZED
def test_random_stored_trees_give_nothing_but_errors_of_the_language(
    stored: Any, record: dict[str, Any]
) -> None:
    try:
        tree = Tree.from_json(stored)
        evaluate(tree, record, TYPES, NOW)
    except RuleError as error:
        assert error.explain("zh") and error.explain("en")


HUGE = {
    "100 kB of digits": "1" * 100_000,
    "100 kB of terms": "1 + " * 25_000 + "1",
    "100 kB of text": "[t] = '" + "x" * 100_000 + "'",
    "parentheses 10,000 deep": "(" * 10_000 + "1" + ")" * 10_000,
    "not 10,000 deep": "not " * 10_000 + "true",
    "minus 9,000 deep": "- " * 9_000 + "1",
    "非 19,999 deep": "非" * 19_999,
    "powers 5,000 deep": "2^" * 5_000 + "2",
    "calls 3,000 deep": "abs(" * 3_000 + "1" + ")" * 3_000,
    "ifs 2,000 deep": "if([b], 1, " * 1_700 + "1" + ")" * 1_700,
    "10,000 options": f"[i] in ({', '.join(str(number) for number in range(10_000))})",
    "a number with an endless exponent": "1e" + "9" * 15_000,
    "quantifiers 30 deep": "any([r], " * 30 + "true" + ")" * 30,
    "a catastrophic pattern": f"[t] matches '{'(a+)+' * 150}$(?=b)'",
    "repetitions of repetitions": "[t] matches '((a{255}){255}){255}'",
    "many repetitions": f"[t] matches '{'a{1,255}' * 120}'",
    "groups 500 deep": f"[t] matches '{'(' * 300}a{')' * 300}'",
}


@pytest.mark.parametrize("rule", HUGE.values(), ids=HUGE.keys())
def test_what_would_exhaust_a_process_is_refused_at_once(rule: str) -> None:
    parse("1")  # the grammar is read at first use
    begun = time.process_time()
    with pytest.raises(RuleError):
        check(parse(rule), TYPES)

    assert time.process_time() - begun < AT_ONCE


def test_a_pattern_that_ruins_others_engines_searches_a_long_text_at_once() -> None:
    run = compile_python(parse("[t] matches '(a+)+$'"), TYPES)
    text = "a" * 1_000_000 + "b"
    begun = time.process_time()

    assert run({"t": text}, NOW) is False
    assert time.process_time() - begun < AT_ONCE


def test_quantifiers_over_many_records_stop_at_a_limit() -> None:
    types = {"r": {"n": RuleType.INTEGER}}
    records = {"r": [{"n": number} for number in range(1_000)]}
    cubed = compile_python(parse("any([r], any([r], any([r], [n] < 0)))"), types)
    begun = time.process_time()

    with pytest.raises(RuleTooCostly) as refused:
        cubed(records, NOW)

    assert time.process_time() - begun < 20 * AT_ONCE
    assert str(MAX_STEPS) in refused.value.message("zh")
    assert compile_python(parse("any([r], any([r], [n] < 0))"), types)(records, NOW) is False


def test_each_evaluation_has_the_whole_limit() -> None:
    types = {"r": {"n": RuleType.INTEGER}}
    records = {"r": [{"n": number} for number in range(1_000)]}
    run = compile_python(parse("count([r], any([r], [n] = 999 and [n] > 1))"), types)

    assert [run(records, NOW) for _ in range(5)] == [1_000.0] * 5


def test_quantifiers_nest_four_deep_and_no_deeper() -> None:
    assert check(parse("any([r], " * 4 + "true" + ")" * 4), TYPES) is RuleType.BOOLEAN
    with pytest.raises(RuleTooLarge) as refused:
        check(parse("any([r], " * 5 + "true" + ")" * 5), TYPES)

    assert refused.value.facts["limit"] == 4


@pytest.mark.parametrize(
    "path",
    [
        "__class__",
        "record",
        "__class__.__mro__",
        "t.__class__",
        "__dict__",
        "context",
        "now",
        "i.real",
        "r.__len__",
    ],
)
def test_a_rule_reaches_nothing_that_was_not_passed_in(path: str) -> None:
    with pytest.raises(UnknownField):
        evaluate(f"[{path}] = 'a'", {"t": "x", "i": 1, "r": []}, TYPES, NOW)
    assert evaluate(f"[{path}] is missing", {"t": "x"}, {path: RuleType.TEXT}, NOW) is True


@pytest.mark.parametrize(
    "name", ["eval", "exec", "__import__", "open", "getattr", "print", "compile", "lambda"]
)
def test_no_function_of_python_can_be_called(name: str) -> None:
    with pytest.raises(UnknownFunction):
        evaluate(f"{name}('1')", {}, {}, NOW)


def test_a_stored_tree_calls_no_function_of_python_either() -> None:
    call = {"n": "call", "name": "__import__", "args": [{"n": "text", "value": "os"}]}

    with pytest.raises(UnknownFunction):
        evaluate(Tree.from_json({"v": 1, "root": call}), {"t": MISSING}, TYPES, NOW)


def test_redcap_logic_can_not_be_made_of_a_rule_that_reaches_further() -> None:
    with pytest.raises(NotInRedcap):
        print_redcap(parse("any([r], [n] > 1)"), LOOKUP)
