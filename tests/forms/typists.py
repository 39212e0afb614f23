"""What people type into a form, right and wrong, and the page's rules run on it in Node.js."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from metamodel.catalogue import Field, RecordType
from rules_dsl.typescript import FLAGS, find_node
from tests.servers import unavailable

Json = dict[str, Any]
SCRIPT = Path(__file__).parents[2] / "web/shared/forms/rules/run.ts"
WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
JUNK = [
    "abc",
    "12.3456789012345",
    "1e400",
    "9" * 30,
    "-9223372036854775809",
    "2026-02-30",
    "25:00",
    "二",
    "1/2",
    "1,5",
]


class Typist:
    """Fills in forms at random, the same way each time."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def fill(self, record_type: RecordType, share: float = 0.7) -> tuple[Json, dict[str, str]]:
        """Values and missing reasons by field code."""
        values: Json = {}
        reasons: dict[str, str] = {}
        for item in record_type.fields:
            if item.calculation:
                continue
            if self._random.random() < share:
                values[item.code] = self.value(item)
            elif item.missing_codes and self._random.random() < 0.5:
                reasons[item.code] = self._random.choice(item.missing_codes)
        return values, reasons

    def value(self, item: Field) -> Any:
        kind = item.type.name
        if kind == "choice":
            return self._random.choice(_codes(item))
        if kind == "multi_choice":
            codes = _codes(item)
            return self._random.sample(codes, self._random.randint(1, min(3, len(codes))))
        if kind not in ("boolean", "string", "long_text") and self._random.random() < 0.1:
            return self._random.choice(JUNK)
        return self._written(item)

    def _written(self, item: Field) -> str:
        match item.type.name:
            case "boolean":
                return self._random.choice(["true", "false"])
            case "date":
                return self._day()
            case "time":
                return self._clock()
            case "datetime":
                return f"{self._day()}{self._random.choice(' T')}{self._clock()}"
            case "integer" | "float":
                return self._number(0)
            case "decimal":
                return self._number(int(item.type.column_options(item)["scale"]))
        return self._random.choice(["1.2.840", "right", "  blanks  ", "很长的文字", "x" * 501, "A1", "other"])

    def _number(self, places: int) -> str:
        size = self._random.choice([1, 10, 100, 1000, 10**17])
        number = self._random.uniform(-size / 10, size)
        text = f"{number:.{self._random.randint(0, places)}f}"
        return self._random.choice([text, text, text, text.translate(WIDE), f" {text} ", f"+{text}"])

    def _day(self) -> str:
        day = date(1930, 1, 1) + timedelta(days=self._random.randint(0, 36500))
        ways = ["%Y-%m-%d", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", f"{day.year}年{day.month}月{day.day}日"]
        return day.strftime(self._random.choice(ways))

    def _clock(self) -> str:
        hour, minute = self._random.randint(0, 24), self._random.randint(0, 59)
        return self._random.choice(
            [f"{hour:02}:{minute:02}", f"{hour}:{minute:02}", f"{hour:02}:{minute:02}:07"]
        )


def _codes(item: Field) -> list[str]:
    assert item.value_set is not None
    return [choice.code for choice in item.value_set.choices]


def page_shows(
    rules: Mapping[str, Any], stored: Mapping[str, Any] | None, turns: Sequence[tuple[Json, Json]]
) -> list[Json]:
    """What the page shows after each of `turns`: what was typed, and the server's answer to it."""
    node = find_node()
    if node is None:
        unavailable("Node.js")
    question = {
        "rules": rules,
        "stored": stored,
        "turns": [{"typed": typed, "theirs": theirs} for typed, theirs in turns],
        "now": rules["at"],
        "zone": rules["zone"],
    }
    done = subprocess.run(
        [node, *FLAGS, SCRIPT], input=json.dumps(question) + "\n", capture_output=True, encoding="utf-8",
        check=True,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert "error" not in answer, answer
    looks: list[Json] = answer["looks"]
    return looks


def in_order(look: Mapping[str, Any]) -> Json:
    """An outlook whose lists can be compared."""
    return {
        "hidden": sorted(look["hidden"]),
        "required": sorted(look["required"]),
        "computed": json.loads(json.dumps(look["computed"]), parse_int=float),  # as a page reads numbers
        "problems": sorted(map(_told, look["problems"])),
    }


def _told(problem: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(problem[name] for name in ("field", "code", "zh", "en", "severity"))


def tally(looks: Iterable[Mapping[str, Any]], name: str) -> int:
    """How many entries the lists `name` have, all together."""
    return sum(len(look[name]) for look in looks)
