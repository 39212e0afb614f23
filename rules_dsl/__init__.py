"""The rule language: one typed expression, run by Python and by SQL alike.

tree = parse("[age] >= 60 and [smoker] = true")
check(tree, {"age": RuleType.INTEGER, "smoker": RuleType.BOOLEAN})
run = compile_python(tree, types)
run({"age": 71, "smoker": True}, Context(now=datetime(2026, 3, 5)))   # True
"""

from __future__ import annotations

from rules_dsl.checker import check
from rules_dsl.errors import (
    BadTree,
    Language,
    NotTranslatable,
    PatternRefused,
    RepeatedField,
    RuleError,
    RuleSyntaxError,
    RuleTooLarge,
    RuleTypeError,
    SqlCannotRun,
    UnknownDialect,
    UnknownField,
    UnknownFieldType,
    UnknownFunction,
)
from rules_dsl.functions import FUNCTIONS, Function, function_named
from rules_dsl.python_backend import Record, compile_python
from rules_dsl.reading import evaluate, parse
from rules_dsl.redcap import RedcapDictionary, RedcapLookup, RedcapVariable, translate_redcap
from rules_dsl.sql import SqlColumn, SqlRelated, SqlResolver, compile_sql, prepare_sqlite
from rules_dsl.tree import Tree, format
from rules_dsl.types import FieldTypes, MappingTypes, RuleType, TypeResolver, type_of_field
from rules_dsl.values import MISSING, UNKNOWN, Context, Missing

__all__ = [
    "FUNCTIONS",
    "MISSING",
    "UNKNOWN",
    "BadTree",
    "Context",
    "FieldTypes",
    "Function",
    "Language",
    "MappingTypes",
    "Missing",
    "NotTranslatable",
    "PatternRefused",
    "Record",
    "RedcapDictionary",
    "RedcapLookup",
    "RedcapVariable",
    "RepeatedField",
    "RuleError",
    "RuleSyntaxError",
    "RuleTooLarge",
    "RuleType",
    "RuleTypeError",
    "SqlCannotRun",
    "SqlColumn",
    "SqlRelated",
    "SqlResolver",
    "Tree",
    "TypeResolver",
    "UnknownDialect",
    "UnknownField",
    "UnknownFieldType",
    "UnknownFunction",
    "check",
    "compile_python",
    "compile_sql",
    "evaluate",
    "format",
    "function_named",
    "parse",
    "prepare_sqlite",
    "translate_redcap",
    "type_of_field",
]
