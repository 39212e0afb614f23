"""Widgets that are typed into: text, long text, numbers, dates and times, and results of calculations."""

from __future__ import annotations

from forms.markup import plain
from forms.widgets.base import Asked, Component, Widget

LONGEST = 100_000  # characters, where the field itself sets no limit
LONG_FROM = 120  # characters; a text field that takes more gets a row of its own


class TextWidget(Widget):
    """A line of text."""

    name = "text"
    component = "textfield"

    def wide(self, asked: Asked) -> bool:
        return LONG_FROM < int(asked.field.options.get("max_length") or 0) < LONGEST

    def own(self, asked: Asked) -> Component:
        return {"validate": _limits(asked), "suffix": plain(asked.field.unit)}


class LongTextWidget(Widget):
    """Several lines of text, as high as what is in them."""

    name = "textarea"
    component = "textarea"

    def wide(self, asked: Asked) -> bool:
        return True

    def own(self, asked: Asked) -> Component:
        return {"validate": _limits(asked), "rows": 3}


class NumberWidget(Widget):
    """A number with its unit. It is text on the way: Form.io's own number loses digits beyond a double's."""

    name = "number"
    component = "textfield"
    entry = "number"

    def own(self, asked: Asked) -> Component:
        return {
            "inputMode": "numeric" if asked.field.type.name == "integer" else "decimal",
            "suffix": plain(asked.field.unit),
            "validate": {"required": asked.field.required, "maxLength": 64},
        }


class DateWidget(Widget):
    """A date, typed or picked."""

    name = "date"
    component = "textfield"
    entry = "date"

    def own(self, asked: Asked) -> Component:
        return {"validate": {"required": asked.field.required, "maxLength": 40}}

    def placeholder(self, asked: Asked) -> str:
        return asked.text(self.entry)


class DateTimeWidget(DateWidget):
    """A date and a time of day, typed or picked."""

    name = "datetime"
    entry = "datetime"


class TimeWidget(DateWidget):
    """A time of day."""

    name = "time"
    entry = "time"


class CalculatedWidget(Widget):
    """A value that the field's rule computes; nobody types it."""

    name = "calculated"
    component = "textfield"
    entry = "calculated"

    def own(self, asked: Asked) -> Component:
        result = str(asked.field.options.get("result", "number"))
        return {
            "disabled": True,
            "suffix": plain(asked.field.unit),
            "tooltip": plain(plain(asked.field.help.text(asked.language) or asked.field.calculation)),
            "properties": self._properties(asked) | {"result": result},
        }


def _limits(asked: Asked) -> Component:
    longest = int(asked.field.options.get("max_length") or LONGEST)
    return {"required": asked.field.required, "maxLength": longest}
