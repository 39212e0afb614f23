"""The rule language: one typed expression, run by Python, by SQL and by the browser alike.

tree = parse("[age] >= 60 and [smoker] = true")
check(tree, {"age": RuleType.INTEGER, "smoker": RuleType.BOOLEAN})
run = compile_python(tree, types)
run({"age": 71, "smoker": True}, Context(now=datetime(2026, 3, 5)))   # True
"""

from __future__ import annotations

from rules_dsl.checker import check
from rules_dsl.errors import (
    BadTree,
    BrowserCannotRun,
    Language,
    MaskedField,
    NotInRedcap,
    NotTranslatable,
    PatternRefused,
    ProtectedField,
    RepeatedField,
    RuleError,
    RuleSyntaxError,
    RuleTooCostly,
    RuleTooLarge,
    RuleTypeError,
    SqlCannotRun,
    UnknownDialect,
    UnknownField,
    UnknownFieldType,
    UnknownFunction,
)
from rules_dsl.explaining import Part, State, explain
from rules_dsl.functions import FUNCTIONS, Function, function_named
from rules_dsl.program import compile_browser
from rules_dsl.python_backend import Record, compile_python
from rules_dsl.reading import evaluate, parse
from rules_dsl.redcap import (
    RedcapDictionary,
    RedcapLookup,
    RedcapName,
    RedcapNames,
    RedcapVariable,
    print_redcap,
    translate_redcap,
)
from rules_dsl.sql import SqlColumn, SqlRelated, SqlResolver, compile_sql, prepare_sqlite
from rules_dsl.tree import Tree, format
from rules_dsl.types import FieldTypes, MappingTypes, RuleType, TypeResolver, type_of_field
from rules_dsl.values import MISSING, UNKNOWN, Context, Missing
from rules_dsl.vocabulary import vocabulary

__all__ = [
    "FUNCTIONS",
    "MISSING",
    "UNKNOWN",
    "BadTree",
    "BrowserCannotRun",
    "Context",
    "FieldTypes",
    "Function",
    "Language",
    "MappingTypes",
    "MaskedField",
    "Missing",
    "NotInRedcap",
    "NotTranslatable",
    "Part",
    "PatternRefused",
    "ProtectedField",
    "Record",
    "RedcapDictionary",
    "RedcapLookup",
    "RedcapName",
    "RedcapNames",
    "RedcapVariable",
    "RepeatedField",
    "RuleError",
    "RuleSyntaxError",
    "RuleTooCostly",
    "RuleTooLarge",
    "RuleType",
    "RuleTypeError",
    "SqlCannotRun",
    "SqlColumn",
    "SqlRelated",
    "SqlResolver",
    "State",
    "Tree",
    "TypeResolver",
    "UnknownDialect",
    "UnknownField",
    "UnknownFieldType",
    "UnknownFunction",
    "check",
    "compile_browser",
    "compile_python",
    "compile_sql",
    "evaluate",
    "explain",
    "format",
    "function_named",
    "parse",
    "prepare_sqlite",
    "print_redcap",
    "translate_redcap",
    "type_of_field",
    "vocabulary",
]
