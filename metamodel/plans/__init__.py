"""Plans: what publishing a draft would change, tried on the real data, then done in resumable steps."""

from metamodel.plans.abandon import abandon
from metamodel.plans.current import Outdated, outdated
from metamodel.plans.errors import (
    AnotherPublish,
    ApprovalNeeded,
    ChangeNotPossible,
    LeaseLost,
    NothingToPublish,
    NothingToUndo,
    PlanOutdated,
    PlanState,
    StorageConflict,
)
from metamodel.plans.history import (
    changes_page,
    draft_changes,
    plan_changes,
    release_changes,
    release_lines,
)
from metamodel.plans.operations import Operation, Safety
from metamodel.plans.planning import approve_plan, get_plan, list_plans, make_plan, undo
from metamodel.plans.run import publish, resume
from metamodel.plans.states import State
from metamodel.plans.store import Plan, Release, release_number, release_of_plan

__all__ = [
    "AnotherPublish",
    "ApprovalNeeded",
    "ChangeNotPossible",
    "LeaseLost",
    "NothingToPublish",
    "NothingToUndo",
    "Operation",
    "Outdated",
    "Plan",
    "PlanOutdated",
    "PlanState",
    "Release",
    "Safety",
    "State",
    "StorageConflict",
    "abandon",
    "approve_plan",
    "changes_page",
    "draft_changes",
    "get_plan",
    "list_plans",
    "make_plan",
    "outdated",
    "plan_changes",
    "publish",
    "release_changes",
    "release_lines",
    "release_number",
    "release_of_plan",
    "resume",
    "undo",
]
