"""What a widget declares: the Form.io component that asks for a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from forms.markup import plain
from forms.texts import hint_of, words
from metamodel.catalogue import Field

Component = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A field as one reader is asked for it, in their language."""

    field: Field
    language: str
    masked: bool = False
    read_only: bool = False

    def text(self, key: str, **values: object) -> str:
        return words(key, self.language, **values)


class Widget:
    """One way to ask for a value. Subclasses set the attributes and override `own`.

    All values are text, or lists of text: no digit and no mistake is lost before the server reads them.
    """

    name: ClassVar[str]
    component: ClassVar[str]  # the Form.io component type
    entry: ClassVar[str] = ""  # what the form's page adds to the component, e.g. a calendar

    def wide(self, asked: Asked) -> bool:
        """Whether it takes a row of its own."""
        return False

    def own(self, asked: Asked) -> Component:
        """The component's properties that only this widget has."""
        return {}

    def make(self, asked: Asked) -> Component:
        """The Form.io component for the field."""
        field, language = asked.field, asked.language
        made: Component = {
            "type": self.component,
            "key": field.code,
            "input": True,
            "label": plain(field.label.text(language) or field.code),
            "description": plain(hint_of(field, language)),
            "tooltip": plain(plain(field.help.text(language))),  # twice: it is read as HTML twice
            "placeholder": plain(self.placeholder(asked)),
            "disabled": asked.read_only or bool(field.calculation),
            "clearOnHide": False,
            "validate": {"required": field.required},
            "properties": self._properties(asked),
        }
        made |= self.own(asked)
        return {key: value for key, value in made.items() if value != ""}

    def placeholder(self, asked: Asked) -> str:
        return ""

    def _properties(self, asked: Asked) -> dict[str, Any]:
        field = asked.field
        properties: dict[str, Any] = {"fieldType": field.type.name}
        if self.entry:
            properties["entry"] = self.entry
        if asked.masked:
            properties["masked"] = True
        if field.missing_codes and not field.calculation:
            properties["missingCodes"] = list(field.missing_codes)
        return properties
