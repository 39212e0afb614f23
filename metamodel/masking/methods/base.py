"""What a masking method declares. One small class per method; `registry` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final

from metamodel.masking.keys import Keys
from metamodel.masking.text import MASK, Mask

Options = Mapping[str, Any]

EVERY_KIND: Final = ("text", "choice", "number", "date", "datetime", "boolean", "other")
PROMISES: Final[Mapping[str, tuple[str, str]]] = {
    "length": ("长度不变", "The length stays"),
    "check_digit": ("校验码有效", "Check digits are valid"),
    "consistent": ("同一范围内前后一致", "Consistent within a scope"),
    "injective": ("不同患者不会得到同一代码", "Two patients never get the same code"),
    "intervals": ("同一患者的时间间隔不变", "Intervals within a patient stay"),
    "type": ("仍是同类型的值", "Stays a value of the field's type"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of a method: a whole number, a yes or no, one of some words, or a short text."""

    name: str
    zh: str
    en: str
    default: int | bool | str
    minimum: int = 0
    maximum: int = 0
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    pattern: str = ""
    when: tuple[str, str] | None = None  # another parameter and the value it must have for this one to count

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its values."""
        if isinstance(self.default, bool):
            return {"type": "boolean"}
        if isinstance(self.default, int):
            return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}
        if self.choices:
            return {"enum": list(self.choices)}
        return {"type": "string", "pattern": self.pattern, "maxLength": self.maximum}


@dataclass(frozen=True, slots=True)
class Example:
    """A value, and what a method makes of it with these parameters, for patient 1 of the scope `example`."""

    value: str | int | date
    gives: str | date
    parameters: Options = field(default_factory=dict)


class Method:
    """A way to replace values. Subclasses set the attributes and make the mask."""

    name: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    does_zh: ClassVar[str]
    does_en: ClassVar[str]
    leaves_zh: ClassVar[str]  # what it does not protect
    leaves_en: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]] = ("text",)  # of fields, see `kind_of`
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    promises: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]]

    def mask(self, options: Options, keys: Keys) -> Mask:
        """The mask with these parameters, all of them given. It may raise ValueError for a value that
        does not look as it should: then nothing of that value is shown."""
        raise NotImplementedError

    def options_schema(self) -> dict[str, Any]:
        properties = {parameter.name: parameter.schema for parameter in self.parameters}
        return {"type": "object", "additionalProperties": False, "properties": properties}

    def make(self, parameters: Options, keys: Keys) -> Mask:
        """The mask with these parameters and the defaults of the others, safe to use on anything."""
        options = {parameter.name: parameter.default for parameter in self.parameters} | dict(parameters)
        inner = self.mask(options, keys)

        def mask(value: Any, person: int | None) -> Any:
            try:
                shown = inner(value, person)
            except (ValueError, OverflowError, TypeError):
                return MASK
            return MASK if shown == value else shown

        return mask


def text_of(value: Any) -> str:
    """`value`, which must be a text, without the blanks around it.

    Raises:
        ValueError: for anything else.
    """
    if not isinstance(value, str):
        raise ValueError
    return value.strip()
