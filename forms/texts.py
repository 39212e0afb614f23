"""The few words that forms add to an admin's own, in both languages."""

from __future__ import annotations

from typing import Any, Final

from metamodel.catalogue import Field

WORDS: Final = {
    "yes": ("是", "Yes"),
    "no": ("否", "No"),
    "date": ("年-月-日", "YYYY-MM-DD"),
    "datetime": ("年-月-日 时:分", "YYYY-MM-DD HH:MM"),
    "time": ("时:分", "HH:MM"),
    "choose": ("请选择，可输入文字查找", "Choose; type to search"),
    "today": ("今天", "today"),
    "now": ("现在", "now"),
    "range": ("范围 {low} ~ {high}", "{low} to {high}"),
    "at_least": ("不小于 {low}", "At least {low}"),
    "at_most": ("不大于 {high}", "At most {high}"),
    "other": ("其他", "Other"),
}


def words(key: str, language: str, **values: object) -> str:
    """The text `key` in `language` ("zh" or "en")."""
    zh, en = WORDS[key]
    return (zh if language == "zh" else en).format(**values)


def hint_of(field: Field, language: str) -> str:
    """The range of values that are taken, as one short line; "" where there is none."""
    low, high = (_bound(value, language) for value in (field.minimum, field.maximum))
    if low and high:
        return words("range", language, low=low, high=high)
    if low:
        return words("at_least", language, low=low)
    return words("at_most", language, high=high) if high else ""


def _bound(value: Any, language: str) -> str:
    if value is None:
        return ""
    return words(value, language) if value in ("today", "now") else str(value)
