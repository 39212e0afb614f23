"""What the forms room brings to the house."""

from __future__ import annotations

from forms.api import Forms
from forms.widgets import check_widgets
from zhenshu.rooms import Room


def room() -> Room:
    """
    Raises:
        WidgetMissing: when a field type asks for a widget that is not there.
    """
    check_widgets()
    return Room(name="forms", routes=(Forms,))
