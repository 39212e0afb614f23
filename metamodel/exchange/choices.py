"""Choice lists as REDCap writes them: `1, Yes | 0, No, not at all | 99, Unknown`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """One choice: its code and its label."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices in order, and the entries that were left out because their code was there before."""

    choices: tuple[ChoiceText, ...]
    repeated: tuple[str, ...] = ()


def parse_choices(text: str) -> Choices:
    """Read a list. The first comma ends the code, so labels may hold commas; entries are cut at `|`.

    An entry without a comma is its own code, as in REDCap. Empty entries are no choices.
    """
    return unique_choices(_entry(part) for part in text.replace("\n", "|").split("|") if part.strip())


def unique_choices(entries: Iterable[ChoiceText]) -> Choices:
    """The first entry of each code; the others are `repeated`."""
    kept: dict[str, ChoiceText] = {}
    repeated: list[str] = []
    for entry in entries:
        if entry.code in kept:
            repeated.append(f"{entry.code}, {entry.label}")
        else:
            kept[entry.code] = entry
    return Choices(tuple(kept.values()), tuple(repeated))


def format_choices(choices: Sequence[ChoiceText]) -> str:
    """The list as REDCap reads it; a `|` in a label becomes `/`, since REDCap has no escape for it."""
    return " | ".join(f"{item.code}, {item.label.replace('|', '/')}" for item in choices)


def _entry(part: str) -> ChoiceText:
    code, _, label = part.partition(",")
    return ChoiceText(code.strip(), label.strip() or code.strip())
