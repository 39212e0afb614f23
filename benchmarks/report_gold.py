"""Score a report package on labelled reports, and print each label that came out otherwise.

python -m benchmarks.report_gold LABELLED.jsonl [PACKAGE]      one object a line: id, text, tags, expect
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rules_dsl.report import Compiled, as_gold, load_package, misses

PACKAGES = Path(__file__).parent.parent / "seed_configs" / "report_packages"
OVERALL, EACH, ENOUGH = 0.98, 0.95, 20  # the aims: of all labels, of each family with enough of them


def main(labelled: Path, package: str = "imaging") -> int:
    compiled = Compiled(load_package(PACKAGES / package))
    families: Counter[str] = Counter()
    right: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    right_tags: Counter[str] = Counter()
    with labelled.open(encoding="utf-8") as lines:
        for report in map(json.loads, lines):
            found = as_gold(compiled.run(report["text"]))
            for family, key, wanted, got, good in misses(report["expect"], found):
                families[family] += 1
                right[family] += good
                for tag in report.get("tags", ()):
                    tags[tag] += 1
                    right_tags[tag] += good
                if not good:
                    print(report.get("id"), report["text"])
                    print(f"    {family}.{key}: wanted {_shown(wanted)}, got {_shown(got)}")
    if not families:
        print("no labels", file=sys.stderr)
        return 2
    for name, total in sorted(families.items()):
        print(f"{name:10}{right[name]:6} of {total:<6}{right[name] / total:.4f}")
    low = [tag for tag in tags if right_tags[tag] < tags[tag]]
    for tag in sorted(low):
        print(f"tag {tag:14}{right_tags[tag]:4} of {tags[tag]:<4}")
    share = sum(right.values()) / sum(families.values())
    print(f"overall   {sum(right.values()):6} of {sum(families.values()):<6}{share:.4f}")
    weak = [name for name, total in families.items() if total >= ENOUGH and right[name] / total < EACH]
    return 0 if share >= OVERALL and not weak else 1


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:3]))
