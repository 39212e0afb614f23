"""The definitions that ship, made whole from the short form in which they are written.

A shipped database names what it takes from elsewhere instead of repeating it:

    fields:
    - section: {zh: 血常规, en: Blood count}       a heading of the form, which is then made from the fields
    - {library: labs, fields: [wbc, platelets]}     data elements as the library has them
    - {library: labs, field: crp, required: true}   one with properties of its own
    record_types:
    - {template: visit, fields: [...]}              fields of the template, then more

What comes out is a definition like any other, and all that an instance ever sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from metamodel.exchange import SourceFile, read_definition

Json = Mapping[str, Any]
Document = dict[str, Any]

ORDER: Final = ("value_sets", "masking_types", "libraries", "core", "databases")
LIBRARIES: Final = "libraries"
TEMPLATES: Final = "templates"  # record types that several databases have; nothing of their own is planted
_MARKS: Final = {"template", "fields", "without"}


class SeedWrong(ValueError):
    """A shipped definition takes what is not there, or two that differ under one name."""


@dataclass(frozen=True)
class Shipped:
    """The definitions in the folder `seeds`."""

    seeds: Path

    def documents(self) -> Iterator[Document]:
        """All of them, whole, what others are made of first."""
        return (self.whole(path) for path in self.files())

    def files(self) -> Iterator[Path]:
        for folder in ORDER:
            yield from sorted((self.seeds / folder).glob("*.yaml"))

    def whole(self, path: Path) -> Document:
        """The definition in one file.

        Raises:
            SeedWrong: when it takes what is not there.
        """
        document = _read(path)
        return self._database(document) if document["kind"] == "database" else document

    @cached_property
    def libraries(self) -> Mapping[str, Document]:
        return {path.stem: _read(path) for path in sorted((self.seeds / LIBRARIES).glob("*.yaml"))}

    @cached_property
    def _templates(self) -> Mapping[str, Document]:
        found = [_read(path) for path in sorted((self.seeds / TEMPLATES).glob("*.yaml"))]
        return {item["code"]: item for document in found for item in document["record_types"]}

    def _database(self, document: Document) -> Document:
        making = _Making(self.libraries, self._templates, dict(document.get("value_sets", {})))
        types = [making.record_type(item) for item in document["record_types"]]
        listed = document.get("forms", [])
        laid_out = {form["record_type"] for form in listed}
        forms = [*listed, *(form for form in making.forms if form["record_type"] not in laid_out)]
        whole = {"value_sets": making.value_sets, "record_types": types, "forms": forms}
        return {key: value for key, value in document.items() if key not in whole} | whole


@dataclass
class _Making:
    """A database being made whole."""

    libraries: Mapping[str, Document]
    templates: Mapping[str, Document]
    value_sets: Document
    forms: list[Document] = field(default_factory=list)

    def record_type(self, item: Json) -> Document:
        template = self._template(item)
        lines = [*self._lines(template, set(item.get("without", ()))), *self._lines(item, set())]
        fields = [line for line in lines if "section" not in line]
        head = {key: value for key, value in template.items() if key != "fields"}
        own = {key: value for key, value in item.items() if key not in _MARKS}
        made = head | own | {"fields": fields}
        if any("section" in line for line in lines):
            self.forms.append(_form(made, lines))
        return made

    def _template(self, item: Json) -> Json:
        if "template" not in item:
            return {}
        if item["template"] not in self.templates:
            raise SeedWrong(f"no template {item['template']}")
        return self.templates[item["template"]]

    def _lines(self, holder: Json, without: set[str]) -> Iterator[Document]:
        """Whole fields and section headings; a heading that nothing is left under is left out as well."""
        heading: Document | None = None
        for entry in holder.get("fields", ()):
            if "section" in entry:
                heading = entry
                continue
            for line in self._fields(entry):
                if line["code"] in without:
                    continue
                if heading is not None:
                    yield heading
                    heading = None
                yield line

    def _fields(self, entry: Document) -> Iterator[Document]:
        if "library" not in entry:
            yield entry
            return
        own = {key: value for key, value in entry.items() if key not in ("library", "field", "fields")}
        for code in entry.get("fields") or [entry["field"]]:
            yield self._element(entry["library"], code) | own

    def _element(self, library: str, code: str) -> Document:
        """A data element as a field, with its value set, and where it came from."""
        source = self.libraries.get(library, {"fields": ()})
        found = next((item for item in source["fields"] if item["code"] == code), None)
        if found is None:
            raise SeedWrong(f"no data element {library}.{code}")
        if name := found.get("value_set"):
            self._take_value_set(name, source["value_sets"][name])
        return {**found, "element": {"library": library, "code": code, **found.get("element", {})}}

    def _take_value_set(self, name: str, value_set: Document) -> None:
        if self.value_sets.setdefault(name, value_set) != value_set:
            raise SeedWrong(f"two value sets {name}")


def _form(record_type: Json, lines: list[Document]) -> Document:
    items = [line if "section" in line else {"field": line["code"]} for line in lines]
    code = record_type["code"]
    return {"code": code, "label": record_type["label"], "record_type": code, "items": items}


def _read(path: Path) -> Document:
    return read_definition([SourceFile(path.name, path)]).document
