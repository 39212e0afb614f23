"""Data quality: the rules of definitions asked of all stored records, and the course of the answers."""

from metamodel.quality.counting import Count, RuleCount, count_rules, may_see
from metamodel.quality.job import KIND, QUALITY_RUN
from metamodel.quality.results import Result, last_run, results_of
from metamodel.quality.rules import QualityRule, RuleKind, rules_of_type

__all__ = [
    "KIND",
    "QUALITY_RUN",
    "Count",
    "QualityRule",
    "Result",
    "RuleCount",
    "RuleKind",
    "count_rules",
    "last_run",
    "may_see",
    "results_of",
    "rules_of_type",
]
