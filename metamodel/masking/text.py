"""What masked values are made of: the mask, and covers that do not tell how long a text was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final


class Masked(str):
    """A text that stands in the place of a value, and is no value of its field's type."""

    __slots__ = ()


COVER: Final = "＊"  # full width, so that no value typed by a person has it
COVERED: Final = COVER * 2
MASK: Final = Masked(COVER * 3)

# From a value and the id of its patient, where there is one, to what is shown. Never raises.
Mask = Callable[[Any, "int | None"], Any]


def covered(text: str, first: int, last: int, cover: str = COVER) -> Masked:
    """`text` with its ends kept and as many covers between as it had characters.

    Fewer than two covers would hide nothing worth the name: then all of it is covered.
    """
    inside = len(text) - first - last
    if inside < 2:
        return MASK
    return Masked(text[:first] + cover * inside + (text[-last:] if last else ""))
