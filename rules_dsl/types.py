"""The types of the rule language and how a rule learns the type of a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final, Protocol, TypeAlias, Union

from rules_dsl.errors import UnknownFieldType


class RuleType(Enum):
    """The type of an expression. INTEGER and DECIMAL are stored exactly; NUMBER is an IEEE double."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    RECORDS = "records"
    MISSING = "missing"

    @property
    def zh(self) -> str:
        """The Chinese word for the type, for messages."""
        return _CHINESE[self]


_CHINESE: Final = {
    RuleType.INTEGER: "整数",
    RuleType.DECIMAL: "小数",
    RuleType.NUMBER: "数值",
    RuleType.TEXT: "文本",
    RuleType.BOOLEAN: "是非",
    RuleType.DATE: "日期",
    RuleType.DATETIME: "日期时间",
    RuleType.TIME: "时间",
    RuleType.CHOICE: "单选",
    RuleType.CHOICES: "多选",
    RuleType.RECORDS: "关联记录",
    RuleType.MISSING: "缺失",
}

NUMERIC: Final = frozenset({RuleType.INTEGER, RuleType.DECIMAL, RuleType.NUMBER})
TEXTUAL: Final = frozenset({RuleType.TEXT, RuleType.CHOICE})
DATED: Final = frozenset({RuleType.DATE, RuleType.DATETIME})

_FIELD_TYPES: Final = {
    "string": RuleType.TEXT,
    "text": RuleType.TEXT,
    "long_text": RuleType.TEXT,
    "integer": RuleType.INTEGER,
    "decimal": RuleType.DECIMAL,
    "measurement": RuleType.DECIMAL,
    "float": RuleType.NUMBER,
    "number": RuleType.NUMBER,
    "calculated": RuleType.NUMBER,
    "boolean": RuleType.BOOLEAN,
    "date": RuleType.DATE,
    "datetime": RuleType.DATETIME,
    "time": RuleType.TIME,
    "choice": RuleType.CHOICE,
    "grade": RuleType.CHOICE,
    "ordinal": RuleType.CHOICE,
    "multi_choice": RuleType.CHOICES,
    "choices": RuleType.CHOICES,
    "reference": RuleType.TEXT,
    "patient_identifier": RuleType.TEXT,
    "file": RuleType.TEXT,
}


def type_of_field(name: str) -> RuleType:
    """The rule type of the field type `name` (`decimal`, `multi-choice`, `long text`...).

    A calculated field counts as a number; give its own result type where it has another.

    Raises:
        UnknownFieldType: when rules know no such field type.
    """
    key = name.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return _FIELD_TYPES[key]
    except KeyError:
        raise UnknownFieldType(name=name, suggestion=", ".join(sorted(_FIELD_TYPES))) from None


class TypeResolver(Protocol):
    """Tells a rule what its field paths are."""

    def type(self, path: str) -> RuleType | None:
        """The type of the single value that `path` reaches, or None when there is no such field."""
        ...

    def related(self, path: str) -> TypeResolver | None:
        """The fields of the related records that `path` reaches, or None when it reaches none."""
        ...

    def names(self) -> Iterable[str]:
        """The paths that may be used here, for suggestions."""
        ...


FieldTypes: TypeAlias = Mapping[str, Union[RuleType, "FieldTypes"]]


class MappingTypes:
    """A resolver over a plain mapping; a nested mapping stands for related records."""

    def __init__(self, fields: FieldTypes) -> None:
        self._fields = fields

    def type(self, path: str) -> RuleType | None:
        found = self._fields.get(path)
        return found if isinstance(found, RuleType) else None

    def related(self, path: str) -> TypeResolver | None:
        found = self._fields.get(path)
        if isinstance(found, Mapping):
            return MappingTypes(found)
        head, dot, rest = path.partition(".")
        nested = self._fields.get(head)
        if dot and isinstance(nested, Mapping):
            return MappingTypes(nested).related(rest)
        return None

    def names(self) -> Iterable[str]:
        return self._fields.keys()


def as_resolver(types: FieldTypes | TypeResolver) -> TypeResolver:
    """`types` as a resolver, whether it came as a mapping or as one already."""
    return MappingTypes(types) if isinstance(types, Mapping) else types
