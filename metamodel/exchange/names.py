"""Names of other systems made into our codes and labels."""

from __future__ import annotations

import re

from metamodel.exchange.report import Report, both

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class Codes:
    """Gives each foreign name one legal code, unique among those given before.

    A code that had to differ from its name is noted in the report.
    """

    def __init__(
        self, report: Report, what_zh: str, what_en: str, longest: int, refused: frozenset[str] = frozenset()
    ) -> None:
        self._report = report
        self._what = both(what_zh, what_en)
        self._longest = longest
        self._refused = refused
        self._codes: dict[str, str] = {}
        self._taken: set[str] = set()

    def code(self, name: str) -> str:
        """The code for `name`; the same each time."""
        if name not in self._codes:
            self._codes[name] = self._new(name)
        return self._codes[name]

    def fresh(self, name: str) -> str:
        """A code like `name` that nothing else has, even if `name` was given before."""
        code = self._unique(self._legal(name))
        self._taken.add(code)
        return code

    def _new(self, name: str) -> str:
        code = self.fresh(name)
        if code != name:
            reason = both(
                "名称不符合编码规则、与保留字相同或重复，已改名", "not a legal, free code here; renamed"
            )
            self._report.drop(name, self._what, reason, f"{name} -> {code}")
        return code

    def _legal(self, name: str) -> str:
        code = re.sub(r"[^a-z0-9_]+", "_", name.strip().lower()).strip("_")
        if not _CODE.fullmatch(code):
            code = f"f_{code}" if code else "field"
        code = code[: self._longest]
        return f"{code[: self._longest - 2]}_f" if code in self._refused else code

    def _unique(self, code: str) -> str:
        number, candidate = 2, code
        while candidate in self._taken:
            ending = f"_{number}"
            candidate = code[: self._longest - len(ending)] + ending
            number += 1
        return candidate


def label(text: str) -> dict[str, str]:
    """A label in the language `text` is written in: Chinese when it holds a Chinese character."""
    clean = text.strip()
    return both(clean, "") if _CHINESE.search(clean) else both("", clean)


def title(name: str) -> str:
    """A readable title for a name: `visit_lab_data` -> `Visit lab data`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
