"""Filters and cohorts that people save: sealed, shown to who may use them, followed through renames."""

from metamodel.filters.cohort import Criterion, CriterionKind, CriterionWrong, Found, Funnel, Step, funnel
from metamodel.filters.cohorts import NewCohort, SavedCohort, SavedCohorts, SavedCriterion
from metamodel.filters.counting import ConditionCount, condition_counts
from metamodel.filters.errors import FilterChanged, FilterNotYours, SharedFilterIdentifies
from metamodel.filters.saved import NewFilter, SavedFilter, SavedFilters
from metamodel.filters.store import New, Saved, SavedRules

__all__ = [
    "ConditionCount",
    "Criterion",
    "CriterionKind",
    "CriterionWrong",
    "FilterChanged",
    "FilterNotYours",
    "Found",
    "Funnel",
    "New",
    "NewCohort",
    "NewFilter",
    "Saved",
    "SavedCohort",
    "SavedCohorts",
    "SavedCriterion",
    "SavedFilter",
    "SavedFilters",
    "SavedRules",
    "SharedFilterIdentifies",
    "Step",
    "condition_counts",
    "funnel",
]
