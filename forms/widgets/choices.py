"""Widgets that offer choices: radio buttons while few, a list to search in when there are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms.markup import plain
from forms.widgets.base import Asked, Component, Widget
from metamodel.catalogue import Choice

MOST_BUTTONS = 5
MOST_BOXES = 12
LONG_LABELS = 24  # characters, all labels together: what stands in one line of half a form


class RadioWidget(Widget):
    """One of a value set, all choices in sight."""

    name = "radio"
    component = "radio"

    def wide(self, asked: Asked) -> bool:
        return _width(asked) > LONG_LABELS

    def own(self, asked: Asked) -> Component:
        return {"inline": True, "dataType": "string", "values": _options(asked)}


class SelectWidget(RadioWidget):
    """One of a value set: radio buttons up to five choices, a list to search in beyond."""

    name = "select"

    def wide(self, asked: Asked) -> bool:
        return _few(asked) and super().wide(asked)

    def own(self, asked: Asked) -> Component:
        return super().own(asked) if _few(asked) else _list(asked)


class DropdownWidget(SelectWidget):
    """One of a value set, always as a list to search in."""

    name = "dropdown"

    def wide(self, asked: Asked) -> bool:
        return False

    def own(self, asked: Asked) -> Component:
        return _list(asked)


class CheckboxesWidget(Widget):
    """Several of a value set: boxes to tick up to a dozen choices, a list to search in beyond."""

    name = "checkboxes"
    component = "selectboxes"

    def wide(self, asked: Asked) -> bool:
        return True

    def own(self, asked: Asked) -> Component:
        if len(_choices(asked)) > MOST_BOXES:
            return _list(asked) | {"multiple": True}
        return {"inline": True, "values": _options(asked)}


class SwitchWidget(Widget):
    """Yes or no, or not answered yet, which a checkbox can't say."""

    name = "switch"
    component = "radio"

    def own(self, asked: Asked) -> Component:
        values = [
            {"label": asked.text(key), "value": value} for key, value in (("yes", "true"), ("no", "false"))
        ]
        return {"inline": True, "dataType": "string", "values": values}


def _choices(asked: Asked) -> Sequence[Choice]:
    """Those that can be chosen, and those that older records may still hold."""
    value_set = asked.field.value_set
    return value_set.choices if value_set else ()


def _few(asked: Asked) -> bool:
    return sum(choice.active for choice in _choices(asked)) <= MOST_BUTTONS


def _options(asked: Asked) -> list[dict[str, Any]]:
    """Inactive ones are marked: the form's page offers them only where they are chosen already."""
    return [_option(choice, asked.language) for choice in _choices(asked)]


def _option(choice: Choice, language: str) -> dict[str, Any]:
    option: dict[str, Any] = {
        "label": plain(choice.label.text(language) or choice.code),
        "value": plain(choice.code),
    }
    return option if choice.active else option | {"inactive": True}


def _list(asked: Asked) -> Component:
    return {
        "type": "select",
        "dataSrc": "values",
        "dataType": "string",
        "data": {"values": _options(asked)},
        "placeholder": plain(asked.text("choose")),
        "lazyLoad": False,  # else the first letter typed is lost while the list is filled
    }


def _width(asked: Asked) -> int:
    return sum(len(option["label"]) + 2 for option in _options(asked))
