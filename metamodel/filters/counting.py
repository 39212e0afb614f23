"""How many records meet each of several conditions alone, and for how many that can't be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metamodel.catalogue import RecordType
from metamodel.queries import QueryNotAllowed, QueryWrong, count
from rules_dsl import BadTree, RuleError, Tree
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError


@dataclass(frozen=True, slots=True)
class ConditionCount:
    """Records for which a condition is true, and is unknown; or why it can't be counted."""

    true: int | None
    unknown: int | None
    refusal: ZhenshuError | None = None


def condition_counts(
    uow: UnitOfWork, record_type: RecordType, conditions: Sequence[Any], trashed: bool = False
) -> list[ConditionCount]:
    """One count for each tree in `conditions` (JSON), in their order; one that is wrong spoils no other."""
    return [_counted(uow, record_type, root, trashed) for root in conditions]


def _counted(uow: UnitOfWork, record_type: RecordType, root: Any, trashed: bool) -> ConditionCount:
    try:
        condition, unknown = (read_root(part) for part in (root, {"n": "is missing", "item": root}))
        return ConditionCount(
            count(uow, record_type, condition, trashed), count(uow, record_type, unknown, trashed)
        )
    except RuleError as error:
        return ConditionCount(None, None, QueryWrong.of(error))
    except (QueryWrong, QueryNotAllowed) as error:
        return ConditionCount(None, None, error)


def read_root(root: Any) -> Tree:
    """The rule whose root node is `root`, as `Tree.to_json` writes it.

    Raises:
        RuleError: when it is none.
    """
    if not isinstance(root, dict):
        raise BadTree(problem="its root is no object", problem_zh="根节点不是对象")
    return Tree.from_json({"v": 1, "root": root})
