"""Definitions for tests: `a_database("lung").with_field("smoker", "boolean").document`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

Document = dict[str, Any]


def a_value_set(*codes: str, **labels: str) -> Document:
    """A value set of bare codes, then of codes with labels: `a_value_set("9", male="男")`."""
    plain = [{"code": code, "label": {"zh": code, "en": code}} for code in codes]
    labelled = [{"code": code, "label": {"zh": label, "en": code}} for code, label in labels.items()]
    return {"label": {"zh": "值域", "en": "Value set"}, "choices": plain + labelled}


def a_database(code: str = "lung") -> DatabaseBuilder:
    """A database with one record type, `patient`, that has no fields yet."""
    return DatabaseBuilder(
        {
            "kind": "database",
            "code": code,
            "label": {"zh": code, "en": code},
            "category": "specialty",
            "value_sets": {},
            "events": [],
            "record_types": [_record_type("patient", None)],
            "forms": [],
        }
    )


def a_library(code: str = "demographics") -> LibraryBuilder:
    """A field library without fields."""
    return LibraryBuilder(
        {
            "kind": "field_library",
            "code": code,
            "label": {"zh": code, "en": code},
            "value_sets": {},
            "fields": [],
        }
    )


class DatabaseBuilder:
    """Each method gives a new builder; `document` is a fresh copy."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def document(self) -> Document:
        return deepcopy(self._document)

    def with_field(
        self, code: str, type: str = "string", on: str = "patient", **properties: Any
    ) -> DatabaseBuilder:
        """Add a field to the record type `on`. `choices=("1", "2")` makes a value set named like it."""
        document = self.document
        choices = properties.pop("choices", None)
        if choices is not None:
            document["value_sets"][code] = a_value_set(*choices)
            properties["value_set"] = code
        _type(document, on)["fields"].append(_field(code, type, properties))
        return DatabaseBuilder(document)

    def with_fields(self, count: int, type: str = "string", on: str = "patient") -> DatabaseBuilder:
        """Add `count` fields named `f0`, `f1`..."""
        document = self.document
        _type(document, on)["fields"] += [_field(f"f{number}", type, {}) for number in range(count)]
        return DatabaseBuilder(document)

    def with_record_type(
        self, code: str, parent: str | None = "patient", repeats: bool = True, **properties: Any
    ) -> DatabaseBuilder:
        """Add a record type, repeating under `patient` if nothing else is said."""
        document = self.document
        document["record_types"].append(_record_type(code, parent) | {"repeats": repeats} | properties)
        return DatabaseBuilder(document)

    def with_value_set(self, code: str, *codes: str, **labels: str) -> DatabaseBuilder:
        document = self.document
        document["value_sets"][code] = a_value_set(*codes, **labels)
        return DatabaseBuilder(document)

    def with_event(self, code: str) -> DatabaseBuilder:
        document = self.document
        document["events"].append({"code": code, "label": {"zh": code, "en": code}})
        return DatabaseBuilder(document)

    def with_form(self, code: str, fields: Iterable[str], of: str = "patient") -> DatabaseBuilder:
        """Add a form that shows `fields` of the record type `of`."""
        document = self.document
        items = [{"field": field} for field in fields]
        document["forms"].append({"code": code, "label": {"zh": code}, "record_type": of, "items": items})
        return DatabaseBuilder(document)

    def with_key(self, field: str, on: str = "patient") -> DatabaseBuilder:
        document = self.document
        _type(document, on)["key"] = field
        return DatabaseBuilder(document)


class LibraryBuilder:
    """Each method gives a new builder; `document` is a fresh copy."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def document(self) -> Document:
        return deepcopy(self._document)

    def with_field(self, code: str, type: str = "string", **properties: Any) -> LibraryBuilder:
        """Add a data element. `choices=("1", "2")` makes a value set named like it."""
        document = self.document
        choices = properties.pop("choices", None)
        if choices is not None:
            document["value_sets"][code] = a_value_set(*choices)
            properties["value_set"] = code
        document["fields"].append(_field(code, type, properties))
        return LibraryBuilder(document)


def _record_type(code: str, parent: str | None) -> Document:
    return {"code": code, "label": {"zh": code, "en": code}, "parent": parent, "repeats": False, "fields": []}


def _field(code: str, type: str, properties: Mapping[str, Any]) -> Document:
    return {"code": code, "label": {"zh": code, "en": code}, "type": type, **properties}


def _type(document: Document, code: str) -> Document:
    found: Document = next(item for item in document["record_types"] if item["code"] == code)
    return found
