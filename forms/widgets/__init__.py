"""Widgets: how one field is asked for. A field type names its widget; here is what each of them is."""

from forms.widgets.base import Asked, Component, Widget
from forms.widgets.registry import ALL, BY_NAME, check_widgets, widget_of

__all__ = ["ALL", "BY_NAME", "Asked", "Component", "Widget", "check_widgets", "widget_of"]
