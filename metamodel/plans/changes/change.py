"""One difference between two documents, in words of both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Document = Mapping[str, Any]

SHOWN = 80  # characters of a value in a line; `before` and `after` have all of it


class Act(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    RENAME = "rename"  # another code; what is stored under it stays
    MOVE = "move"  # another place in the order
    CHANGE = "change"  # another property


class Thing(StrEnum):
    """What a change concerns."""

    DATABASE = "database"
    EVENT = "event"
    VALUE_SET = "value_set"
    CHOICE = "choice"
    RECORD_TYPE = "record_type"
    FIELD = "field"
    FORM = "form"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    @classmethod
    def same(cls, text: str) -> Words:
        return cls(text, text)

    @classmethod
    def label(cls, label: Mapping[str, str] | None, code: str) -> Words:
        """A label; where it lacks a language the other one, and the code where it has none."""
        zh, en = (str((label or {}).get(language) or "").strip() for language in ("zh", "en"))
        return cls(zh or en or code, en or zh or code)

    @classmethod
    def joined(cls, words: Iterable[Words], zh: str = "、", en: str = ", ") -> Words:
        listed = list(words)
        return cls(zh.join(item.zh for item in listed), en.join(item.en for item in listed))

    def to_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def short(self) -> Words:
        return Words(_short(self.zh), _short(self.en))


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called, and its code."""

    code: str
    words: Words

    @classmethod
    def of(cls, document: Document) -> Name:
        code = str(document.get("code", ""))
        return cls(code, Words.label(document.get("label"), code))

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "label": self.words.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. `within` is the record type of a field, the value set of a choice, the form of an item.

    `type_id` and `field_id` are the stable ids of the record type or field concerned, if there is one.
    """

    act: Act
    thing: Thing
    name: Name
    within: Name | None = None
    type_id: str = ""
    field_id: str = ""
    property: str = ""
    property_words: Words = Words("", "")
    before: Words | None = None
    after: Words | None = None

    def text(self) -> Words:
        """One line for people."""
        zh, en = _TEXTS[self.act]
        if self.act is Act.CHANGE:
            zh, en = _CHANGED[self.before is not None, self.after is not None]
        before = (self.before or Words("", "")).short()
        after = (self.after or Words("", "")).short()
        thing, name, detail = _THINGS[self.thing], self._full_name(), self._detail()
        return Words(
            zh.format(thing=thing.zh, name=name.zh, property=self.property_words.zh,
                      before=before.zh, after=after.zh, detail=detail.zh),
            en.format(thing=thing.en, name=name.en, property=self.property_words.en,
                      before=before.en, after=after.en, detail=detail.en),
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        return {
            "act": self.act.value,
            "thing": self.thing.value,
            **self.name.to_json(),
            "within": self.within and self.within.to_json(),
            "type_id": self.type_id,
            "field_id": self.field_id,
            "property": self.property,
            "property_label": self.property_words.to_json(),
            "before": self.before and self.before.to_json(),
            "after": self.after and self.after.to_json(),
            "text": self.text().to_json(),
        }

    def _full_name(self) -> Words:
        if self.within is None:
            return self.name.words
        return Words.joined((self.within.words, self.name.words), " · ", " · ")

    def _detail(self) -> Words:
        said = self.before if self.act is Act.REMOVE else self.after
        return Words(f"（{said.short().zh}）", f" ({said.short().en})") if said else Words("", "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"


_THINGS: Mapping[Thing, Words] = {
    Thing.DATABASE: Words("病种库", "database"),
    Thing.EVENT: Words("访视", "event"),
    Thing.VALUE_SET: Words("值域", "value set"),
    Thing.CHOICE: Words("选项", "choice"),
    Thing.RECORD_TYPE: Words("记录类型", "record type"),
    Thing.FIELD: Words("字段", "field"),
    Thing.FORM: Words("表单", "form"),
    Thing.ITEM: Words("表单条目", "form item"),
}

_TEXTS: Mapping[Act, tuple[str, str]] = {
    Act.ADD: ("新增{thing} {name}{detail}", "Add {thing} {name}{detail}"),
    Act.REMOVE: ("移除{thing} {name}{detail}", "Remove {thing} {name}{detail}"),
    Act.RENAME: ("{thing} {name} 的编码由 {before} 改为 {after}",
                 "Change the code of {thing} {name} from {before} to {after}"),
    Act.MOVE: ("{thing} {name} 移到{after}", "Move {thing} {name} {after}"),
    Act.CHANGE: ("", ""),
}  # fmt: skip

_CHANGED: Mapping[tuple[bool, bool], tuple[str, str]] = {
    (True, True): ("{thing} {name}：{property}由“{before}”改为“{after}”",
                   "{name} ({thing}): {property} “{before}” becomes “{after}”"),
    (False, True): ("{thing} {name}：{property}设为“{after}”",
                    "{name} ({thing}): {property} set to “{after}”"),
    (True, False): ("{thing} {name}：清除{property}（原为“{before}”）",
                    "{name} ({thing}): {property} cleared (was “{before}”)"),
    (False, False): ("{thing} {name}：修改{property}", "{name} ({thing}): {property} changed"),
}  # fmt: skip
