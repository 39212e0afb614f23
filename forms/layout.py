"""Where fields stand: sections under headings, short fields side by side, long ones in their own rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from forms.markup import paragraphs, plain
from forms.texts import words
from forms.widgets import Asked, Component, widget_of
from metamodel.catalogue import Label, RecordType
from metamodel.masking import View

Json = Mapping[str, Any]
COLUMN_WIDTH = 4  # of 12: three short fields in a row where the page is wide


@dataclass(slots=True)
class Section:
    """A heading with what stands below it: components, and whether each takes a row of its own."""

    key: str
    heading: str
    parts: list[tuple[bool, Component]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """Lays out the fields of a record type that a view shows, in one language."""

    record_type: RecordType
    view: View
    language: str
    read_only: bool = False

    def components(self, form: Json | None) -> list[Component]:
        """In the order of `form`, or of the record type; what no form asks for comes last."""
        return [_panel(section) for section in self._sections(form) if section.parts]

    def _sections(self, form: Json | None) -> Iterator[Section]:
        left = {item.code: item for item in self.view.visible if not item.hidden}
        section = Section("_head", "")
        for place, item in enumerate(form["items"] if form else ()):
            if "section" in item:
                yield section
                section = Section(item_key(place), self._text(item["section"]))
            elif "text" in item:
                section.parts.append((True, _content(item_key(place), self._text(item["text"]))))
            elif item["field"] in left:
                asked = self._asked(left.pop(item["field"]))
                section.parts.append(_part(asked, item.get("widget", "")))
        yield section
        heading = words("other", self.language) if form else ""
        yield Section("_rest", heading, [_part(self._asked(item)) for item in left.values()])

    def _asked(self, item: Any) -> Asked:
        return Asked(item, self.language, item.code in self.view.masked, self.read_only)

    def _text(self, label: Any) -> str:
        return Label.of(label).text(self.language)


def item_key(place: int) -> str:
    """The key of the form's heading or text at `place`; no field code begins like that."""
    return f"_item_{place}"


def _part(asked: Asked, wished: str = "") -> tuple[bool, Component]:
    widget = widget_of(asked.field, wished)
    return widget.wide(asked), widget.make(asked)


def _content(key: str, text: str) -> Component:
    return {"type": "content", "key": key, "input": False, "label": "", "html": paragraphs(text)}


def _panel(section: Section) -> Component:
    return {
        "type": "panel",
        "key": section.key,
        "input": False,
        "title": plain(section.heading),
        "label": plain(section.heading),
        "hideLabel": not section.heading,
        "collapsible": False,
        "components": list(_rows(section.key, section.parts)),
    }


def _rows(key: str, parts: Sequence[tuple[bool, Component]]) -> Iterable[Component]:
    for number, (wide, run) in enumerate(groupby(parts, lambda part: part[0])):
        components = [component for _, component in run]
        if wide:
            yield from components
        else:
            yield _columns(f"{key}_row_{number}", components)


def _columns(key: str, components: Sequence[Component]) -> Component:
    place = {
        "width": COLUMN_WIDTH,
        "currentWidth": COLUMN_WIDTH,
        "offset": 0,
        "push": 0,
        "pull": 0,
        "size": "md",
    }
    columns = [{"components": [component], **place} for component in components]
    return {"type": "columns", "key": key, "input": False, "label": "", "columns": columns}
