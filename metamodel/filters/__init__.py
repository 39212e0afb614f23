"""Filters that people save: kept sealed, shown to whoever may use them, followed through renames."""

from metamodel.filters.cohort import Criterion, CriterionKind, CriterionWrong, Funnel, funnel
from metamodel.filters.counting import ConditionCount, condition_counts
from metamodel.filters.errors import FilterChanged, FilterNotYours, SharedFilterIdentifies
from metamodel.filters.store import NewFilter, SavedFilter, SavedFilters

__all__ = [
    "ConditionCount",
    "Criterion",
    "CriterionKind",
    "CriterionWrong",
    "FilterChanged",
    "FilterNotYours",
    "Funnel",
    "NewFilter",
    "SavedFilter",
    "SavedFilters",
    "SharedFilterIdentifies",
    "condition_counts",
    "funnel",
]
