"""The rule language: evaluations of a compiled rule of five terms over a plain mapping, in one process.

    python -m benchmarks.rules

One line of JSON a measurement, with a reference of the same run: the same rule written by hand in Python,
with no missing values, no limits and no tolerance.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from rules_dsl import Context, RuleType, check, compile_python, parse

RULE = "[age] >= 60 and [smoker] = true and [packs] > 20 and [sex] = '1' and [size] / 2 < 15"
TYPES = {
    "age": RuleType.INTEGER, "smoker": RuleType.BOOLEAN, "packs": RuleType.NUMBER, "sex": RuleType.TEXT,
    "size": RuleType.NUMBER,
}  # fmt: skip
RECORD = {"age": 71, "smoker": True, "packs": 32.5, "sex": "1", "size": 12.0}
TIMES, ROUNDS = 50_000, 7


def by_hand(record: dict[str, Any]) -> bool:
    return bool(
        record["age"] >= 60 and record["smoker"] is True and record["packs"] > 20
        and record["sex"] == "1" and record["size"] / 2 < 15
    )  # fmt: skip


def per_second(act: Callable[[], object]) -> int:
    """The median over rounds; the first warms up."""
    spent = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        for _ in range(TIMES):
            act()
        spent.append(time.perf_counter() - begun)
    return round(TIMES / statistics.median(spent[1:]))


def main() -> None:
    tree = parse(RULE)
    check(tree, TYPES)
    run, context = compile_python(tree, TYPES), Context(datetime(2026, 3, 5))
    assert run(RECORD, context) is True and by_hand(RECORD)
    compiled = per_second(lambda: run(RECORD, context))
    reference = per_second(lambda: by_hand(RECORD))
    figure = {"figure": "rule of five terms", "evaluations_per_second": compiled, "reference": reference}
    print(json.dumps(figure))


if __name__ == "__main__":
    main()
