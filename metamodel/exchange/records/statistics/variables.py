"""The variables of an export: what the catalogue says of each column before a file's own limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import Any, Final

from metamodel.catalogue.model import Database, Field, Label, RecordType
from metamodel.exchange.records.columns import Record, place_columns
from metamodel.field_types.choice import choices_of
from metamodel.field_types.decimal import scale_of
from rules_dsl.types import RuleType


class Kind(Enum):
    """What the values of a variable are."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"


_PLACES: Final = {
    "id": (Kind.INTEGER, Label("记录号", "Record number")),
    "event": (Kind.TEXT, Label("事件", "Event")),
    "repeat_key": (Kind.INTEGER, Label("序号", "Repeat number")),
}


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the data. `field` is the field it shows, or the key of the record above it."""

    name: str  # the field's code, or the place: "patient.record_id"
    kind: Kind
    label: Label
    cell: Callable[[Record], Any]
    field: Field | None = None
    masked: bool = False  # its reader may not see the values, or not all of them
    place: bool = False

    @property
    def scale(self) -> int:
        """The decimal places of a decimal."""
        return scale_of(self.field) if self.field is not None else 0

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes that may stand in the place of a value."""
        return () if self.place or self.field is None else self.field.missing_codes

    @property
    def choices(self) -> Mapping[str, Label]:
        """Code to label of each permitted value, retired ones too."""
        return {} if self.field is None else {item.code: item.label for item in choices_of(self.field)}


def variables_of(
    database: Database, record_type: RecordType, fields: tuple[Field, ...], masked: frozenset[str]
) -> list[Variable]:
    """Columns in order: which record a row is, then the fields; `masked` are the codes seen masked."""
    places = [
        _place(column.heading, column.cell, database, record_type)
        for column in place_columns(database, record_type)
    ]
    return places + [
        Variable(item.code, kind_of(item), item.label, itemgetter(item.code), item, item.code in masked)
        for item in fields
    ]


def kind_of(field: Field) -> Kind:
    """What a field holds, as rules take it."""
    rule_type: RuleType = field.type.rule_type_of(field)
    return Kind(rule_type.value)


def _place(name: str, cell: Callable[[Record], Any], database: Database, own: RecordType) -> Variable:
    above, _, what = name.rpartition(".")
    holder = database.record_type(above) if above else own
    if what in _PLACES and what != holder.key:
        kind, label = _PLACES[what]
        return Variable(name, kind, _under(holder.label, label) if above else label, cell, place=True)
    key = holder.field(what)
    return Variable(name, kind_of(key), _under(holder.label, key.label), cell, key, masked=True, place=True)


def _under(above: Label, below: Label) -> Label:
    zh, en = above.text("zh"), above.text("en")
    return Label(f"{zh} · {below.text('zh')}".strip(" ·"), f"{en} · {below.text('en')}".strip(" ·"))
