"""What a field type declares. One small class per type, each in its own file; `registry` lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.types import TypeEngine

from rules_dsl.types import RuleType

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

JsonSchema = dict[str, Any]
Reading = Mapping[str, Any]


class ValueProblem(ValueError):
    """A value that can't be read as its field's type. `code` is stable; messages are zh and en.

    Raised by readers, once per bad value, so it is kept light and carries no value: the caller decides
    whether the value may be shown.
    """

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en


def options(properties: Mapping[str, JsonSchema], **further: Any) -> JsonSchema:
    """JSON Schema of a type's options: these and no others."""
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)} | further


def chosen(field: Field, *names: str) -> dict[str, Any]:
    """Those of these options that the field sets."""
    return {name: field.options[name] for name in names if name in field.options}


def statistics(spss: str, stata: str, sas: str) -> Mapping[str, str]:
    """How statistics packages show a value; `{scale}` stands for a decimal's places."""
    return {"spss": spss, "stata": stata, "sas": sas}


class FieldType:
    """A kind of field: how its values are stored, read, shown, filtered and described.

    Subclasses set the class attributes and override what differs.
    """

    name: ClassVar[str]
    label_zh: ClassVar[str]
    label_en: ClassVar[str]
    rule_type: ClassVar[str]  # the value of a rules_dsl RuleType, see `rule_type_of`
    widget: ClassVar[str]  # default widget; `forms` owns widgets
    operators: ClassVar[tuple[str, ...]]  # filter operators, by name
    options_schema: ClassVar[JsonSchema] = options({})
    export_format: ClassVar[Mapping[str, str]] = {}  # see `statistics`
    needs_value_set: ClassVar[bool] = False
    ordered: ClassVar[bool] = False  # may have a minimum and a maximum
    converts_from: ClassVar[tuple[str, ...]] = ()  # types whose stored values can become this one's

    def rule_type_of(self, field: Field) -> RuleType:
        """What rules take a value of this field for."""
        return RuleType(self.rule_type)

    def column_type(self, field: Field) -> TypeEngine[Any]:
        """The SQLAlchemy type of the column that stores this field."""
        raise NotImplementedError

    def column_options(self, field: Field) -> dict[str, Any]:
        """Those options that shape the column; a change of them is a change of type."""
        return {}

    def bound(self, field: Field, value: Any) -> Any:
        """A minimum or maximum from a definition as a stored value; "today" and "now" stay as they are.

        Raises:
            ValueProblem: when it can't be read as a value of this field.
        """
        return value if value in (None, "today", "now") else self.reader(field)(value)

    def json_schema(self, field: Field) -> JsonSchema:
        """JSON Schema of a value as the API takes and gives it; null is always allowed beside it."""
        raise NotImplementedError

    def reader(self, field: Field) -> Callable[[Any], Any]:
        """A compiled function from a JSON value or a file's text to the stored Python value.

        It is called for every value of a bulk import, so it does its thinking once, here. It gives None
        for None and for blank text.

        Raises (the function):
            ValueProblem: when the value can't be read, has an unknown code or is too long.
        """
        raise NotImplementedError

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        """A compiled function from a stored value of `source`, of a type in `converts_from`, to one of this.

        What can't be read exactly is a failure, never a guess.

        Raises (the function):
            ValueProblem: when the value has no equal in this field.
        """
        return self.reader(field)

    def shortens(self, source: Field) -> Callable[[Any], bool] | None:
        """Whether a value of `source` loses a part that this type can't hold; None: it never does."""
        return None

    def browser_reading(self, field: Field) -> Reading | None:
        """How the browser reads what is typed, just as `reader` does: what to read it `as`, and its limits.

        None where only the server can; `web/shared/forms/rules/reading.ts` knows the ways.
        """
        return None

    def to_json(self, field: Field) -> Callable[[Any], Any]:
        """A compiled function from the stored value to its JSON form; None stays None."""
        return _same

    def statistics_format(self, field: Field, package: str) -> str:
        """How `package` ("spss", "stata", "sas") shows a value of this field."""
        return self.export_format.get(package, "")

    def to_text(self, field: Field, language: str | None) -> Callable[[Any], str]:
        """A compiled function to text for files: codes when `language` is None, labels otherwise."""
        return _text


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    return "" if value is None else str(value)
