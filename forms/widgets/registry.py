"""The list of widgets. Adding one is a class and a line here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from forms.errors import WidgetMissing
from forms.widgets.base import Widget
from forms.widgets.choices import (
    CheckboxesWidget,
    DropdownWidget,
    RadioWidget,
    SelectWidget,
    SwitchWidget,
)
from forms.widgets.texts import (
    CalculatedWidget,
    DateTimeWidget,
    DateWidget,
    LongTextWidget,
    NumberWidget,
    TextWidget,
    TimeWidget,
)
from metamodel.catalogue import Field
from metamodel.field_types.base import FieldType
from metamodel.field_types.registry import ALL as FIELD_TYPES

ALL: Final[tuple[Widget, ...]] = (
    TextWidget(),
    LongTextWidget(),
    NumberWidget(),
    DateWidget(),
    DateTimeWidget(),
    TimeWidget(),
    CalculatedWidget(),
    RadioWidget(),
    SelectWidget(),
    DropdownWidget(),
    CheckboxesWidget(),
    SwitchWidget(),
)
BY_NAME: Final = {widget.name: widget for widget in ALL}

# What a form may choose in place of the type's own widget.
_FITTING: Final = {"select": {"radio", "dropdown"}, "text": {"textarea"}}


def check_widgets(field_types: Iterable[FieldType] = FIELD_TYPES) -> None:
    """
    Raises:
        WidgetMissing: when a field type names a widget that is not there.
    """
    missing = {item.widget for item in field_types} - BY_NAME.keys()
    if missing:
        raise WidgetMissing(names=", ".join(sorted(missing)))


def widget_of(field: Field, wished: str = "") -> Widget:
    """The widget for `field`: the one its form wishes where that fits the type, else the type's own."""
    usual = "calculated" if field.calculation else field.type.widget
    return BY_NAME[wished if wished in _FITTING.get(usual, ()) else usual]
