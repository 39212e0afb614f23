"""How often each of ISARIC's forms is filled, as far as its files tell."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from metamodel.exchange.csv_rows import csv_rows
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile

_TIMING = "Timing /Events:"


@dataclass
class FormTiming:
    """What the paper form's text says of one form: always asked for, and at which moments."""

    always: bool = False
    moments: list[str] = field(default_factory=list)


def read_timings(files: Sequence[SourceFile]) -> Mapping[str, FormTiming]:
    """Timings by form (`daily`, `follow_up`), from paper_like_details.csv; empty without that file."""
    timings: dict[str, FormTiming] = {}
    for file in files:
        if file.name.rpartition("/")[2].lower() != "paper_like_details.csv":
            continue
        for row in csv_rows(io.StringIO(file.text(), newline=""), file.name):
            _note(timings, row.cells[0], row.cells[1] if len(row.cells) > 1 else "")
    return timings


def _note(timings: dict[str, FormTiming], heading: str, text: str) -> None:
    name, found, rest = heading.partition(" FORM")
    if not found:
        return
    rest = f"{rest} {text}"
    timing = timings.setdefault(name.strip().lower().replace("-", "_").replace(" ", "_"), FormTiming())
    if "ALWAYS" in rest:
        timing.always = True
    if text.strip().startswith(_TIMING):
        timing.moments += [part.strip() for part in text.strip()[len(_TIMING) :].split("|") if part.strip()]


def repeating_forms(
    forms: Sequence[str], sections: Mapping[str, Sequence[str]], timings: Mapping[str, FormTiming],
    first: str, report: Report,
) -> frozenset[str]:  # fmt: skip
    """The forms that may be filled several times (or not at all), each with its reason in the report.

    A form is filled once per participant when the files say that it is ALWAYS completed, at one moment.
    All others become repeating record types: nothing is lost if one of them is filled only once.
    """
    repeating = set()
    for form in forms:
        repeats, zh, en = _verdict(form == first, sections.get(form, ()), timings.get(form))
        report.understand(f"表单 {form}：{zh}", f"form {form}: {en}")
        if repeats:
            repeating.add(form)
            if form not in timings:
                what = both(f"表单 {form} 填写几次", f"how often form {form} is filled")
                reason = both(
                    "文件未说明；按可重复处理，不会丢失数据",
                    "the files do not say; it may repeat, so nothing is lost",
                )
                report.leave_open("paper_like_details.csv", what, reason)
    return frozenset(repeating)


def _verdict(first: bool, sections: Sequence[str], timing: FormTiming | None) -> tuple[bool, str, str]:
    if first:
        return False, "含受试者编号，每人一份", "it holds the participant's number: once per participant"
    single = next((text for text in sections if "one form per" in text.lower()), "")
    if single:
        return True, f"可重复，依据其章节说明“{single}”", f"repeats, since its section says “{single}”"
    if timing is None:
        return True, "可重复，文件未说明其填写时机", "may repeat: the files give it no timing"
    moments = " | ".join(timing.moments)
    if len(timing.moments) > 1:
        return True, f"可重复，填写时机有多个：{moments}", f"repeats, since it has several timings: {moments}"
    if timing.always:
        return False, f"每人一份，总是填写，时机：{moments}", f"once: it is always completed, at: {moments}"
    return (
        True,
        f"可重复，并非人人填写，时机：{moments}",
        f"may repeat: it is not always completed; timing: {moments}",
    )
