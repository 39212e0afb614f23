"""Filters that people save: kept sealed, shown to whoever may use them, followed through renames."""

from metamodel.filters.counting import ConditionCount, condition_counts
from metamodel.filters.errors import FilterChanged, FilterNotYours, SharedFilterIdentifies
from metamodel.filters.store import NewFilter, SavedFilter, SavedFilters

__all__ = [
    "ConditionCount",
    "FilterChanged",
    "FilterNotYours",
    "NewFilter",
    "SavedFilter",
    "SavedFilters",
    "SharedFilterIdentifies",
    "condition_counts",
]
