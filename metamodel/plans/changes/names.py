"""What the parts of one document are called, for those that refer to them by code."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from metamodel.plans.changes.change import Document, Name, Words
from metamodel.plans.changes.properties import Say


class Names:
    """Look-ups in one document. A code that leads nowhere is said as it is."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def value_set(self, code: str) -> Name:
        found = (self._document.get("value_sets") or {}).get(code) or {}
        return Name(code, Words.label(found.get("label"), code))

    def type_of(self, code: str | None) -> Document | None:
        return self._types.get(code or "")

    def type_id(self, code: str | None) -> str | None:
        found = self.type_of(code)
        return found["id"] if found else code

    def field_id(self, record_type: Document | None, code: str | None) -> str | None:
        found = self._field(record_type, code)
        return found["id"] if found else code

    def field_words(self, record_type: Document | None, code: str) -> Words:
        found = self._field(record_type, code)
        return Words.label(found.get("label") if found else None, code)

    def say(self, path: str, value: Any) -> Words | None:
        """A value that refers to another part; None for any other."""
        if path == "value_set":
            return self.value_set(value).words
        if path in ("parent", "record_type"):
            found = self.type_of(value)
            return Words.label(found.get("label") if found else None, value)
        if path == "events":
            return Words.joined(self._events.get(code, Words.same(code)) for code in value)
        return None

    def within(self, record_type: Document) -> Say:
        """As `say`, where codes of fields are those of `record_type`."""

        def say(path: str, value: Any) -> Words | None:
            return self.field_words(record_type, value) if path == "key" else self.say(path, value)

        return say

    @cached_property
    def _types(self) -> dict[str, Document]:
        return {item["code"]: item for item in self._document.get("record_types") or ()}

    @cached_property
    def _fields(self) -> dict[str, dict[str, Document]]:
        return {
            code: {field["code"]: field for field in item.get("fields") or ()}
            for code, item in self._types.items()
        }

    @cached_property
    def _events(self) -> dict[str, Words]:
        events = self._document.get("events") or ()
        return {item["code"]: Words.label(item.get("label"), item["code"]) for item in events}

    def _field(self, record_type: Document | None, code: str | None) -> Document | None:
        if record_type is None or not code:
            return None
        return self._fields.get(record_type["code"], {}).get(code)
