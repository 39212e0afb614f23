"""The rule language in the browser's interpreter: evaluations of a compiled rule of five terms, in Node.js.

    python -m benchmarks.rules_node

One line of JSON, with a reference of the same run: the same rule written by hand in TypeScript, with no
missing values, no exact digits and no tolerance.
"""

from __future__ import annotations

import json
import subprocess
import sys

from rules_dsl import RuleType, compile_browser, parse
from rules_dsl.typescript import FLAGS, SCRIPT, find_node

RULE = (
    "[age] >= 60 and [sex] = 'f' and ([size] > 8 or [stage] in ('2', '3')) "
    "and not ([smoker] is missing) and round([bmi], 1) < 30"
)
TYPES = {
    "age": RuleType.INTEGER, "sex": RuleType.CHOICE, "size": RuleType.DECIMAL, "stage": RuleType.CHOICE,
    "smoker": RuleType.BOOLEAN, "bmi": RuleType.DECIMAL,
}  # fmt: skip
RECORD = {"age": 71, "sex": "f", "size": 5.5, "stage": "3", "smoker": True, "bmi": 24.62}
TIMES = 500_000


def main() -> int:
    node = find_node()
    if node is None:
        print("Node.js was not measured: it is not installed", file=sys.stderr)
        return 0
    task = {
        "program": compile_browser(parse(RULE), TYPES),
        "record": RECORD,
        "now": "2026-03-05T14:20:00",
        "times": TIMES,
    }
    command = [node, *FLAGS, SCRIPT.with_name("bench.ts")]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    figure = {
        "figure": "rule of five terms in Node.js",
        "node": figures["node"],
        "evaluations_per_second": figures["compiled"],
        "reference": figures["reference"],
    }
    print(json.dumps(figure))
    return 0


if __name__ == "__main__":
    sys.exit(main())
