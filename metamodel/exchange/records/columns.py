"""The columns of an export: those that tell which record a row is, then the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.exchange.records.native import TEXTS
from metamodel.field_types.numbers import PLAIN
from metamodel.masking import Masked
from zhenshu.cells import harmless

Record = Mapping[str, Any]
_KNOWN = 10_000  # cells of coded fields that are kept
FIRST_DAY = date(1900, 3, 1)  # before it, Excel counts days wrongly


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its heading, the cell of a record, and the field it shows if it shows one."""

    heading: str
    cell: Callable[[Record], Any]
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """How cells are written: for `csv` or `xlsx`, with labels in `language` or with codes (None)."""

    format: str
    language: str | None

    def heading(self, field: Field, taken: set[str]) -> str:
        """The label where one is asked for and no other column has it, else the code."""
        text = field.label.text(self.language) if self.language else ""
        return text if text and text not in taken else field.code


def export_columns(
    database: Database, record_type: RecordType, fields: tuple[Field, ...], style: Style
) -> list[ExportColumn]:
    """Columns in order. Ancestors' keys come as `ancestors` of each record, see `lineage`."""
    columns = place_columns(database, record_type)
    taken = {column.heading for column in columns} | {field.code for field in record_type.fields}
    for field in fields:
        heading = style.heading(field, taken)
        taken.add(heading)
        shown = harmless(heading) if style.format == "csv" else heading
        columns.append(ExportColumn(shown, _cell(field, style), field))
        if field.missing_codes:
            columns.append(ExportColumn(f"{field.code}.missing", _reason(field.code)))
    return columns


def place_columns(database: Database, record_type: RecordType) -> list[ExportColumn]:
    """How a row names its record; `native.NativeRows` reads the same columns."""
    columns = []
    for item in reversed(database.ancestors(record_type.code)):
        name = item.key or ("id" if item.parent is None else None)
        if name:
            columns.append(_above(item.code, name))
        if item.parent is not None:
            columns += [_above(item.code, "event")] if item.events else []
            columns += [_above(item.code, "repeat_key")] if item.repeats else []
    if record_type.parent is None:
        return columns if record_type.key else [ExportColumn("id", _system("id"))]
    columns += [ExportColumn("event", _system("event"))] if record_type.events else []
    columns += [ExportColumn("repeat_key", _system("repeat_key"))] if record_type.repeats else []
    return columns


def _system(name: str) -> Callable[[Record], Any]:
    return lambda record: record[name]


def _above(code: str, name: str) -> ExportColumn:
    return ExportColumn(f"{code}.{name}", lambda record: record["ancestors"][code][name])


def _reason(code: str) -> Callable[[Record], Any]:
    return lambda record: (record.get("missing") or {}).get(code, "")


def _cell(field: Field, style: Style) -> Callable[[Record], Any]:
    code = field.code
    csv = style.format == "csv"
    to_text = field.type.to_text(field, style.language)
    convert = _csv_cell(field, to_text) if csv else lambda value: _xlsx_cell(value, to_text)

    def cell(record: Record) -> Any:
        value = record.get(code)
        if value is None:
            return None
        if value.__class__ is Masked:
            return harmless(value) if csv else value
        return convert(value)

    return cell


def _csv_cell(field: Field, to_text: Callable[[Any], str]) -> Callable[[Any], str]:
    """A text that might be a formula is made harmless; codes such as -9 are numbers, and run nothing.

    Called for each of millions of cells, so what can be known of a field is thought out once.
    """
    if field.type.name not in TEXTS:
        return to_text
    if field.value_set is None:
        return lambda value: harmless(to_text(value)) if isinstance(value, str) else to_text(value)
    known: dict[Any, str] = {}

    def coded(value: Any) -> str:
        key = value if value.__class__ is str else tuple(value)
        if (found := known.get(key)) is None:
            text = to_text(value)
            found = text if PLAIN.fullmatch(text) else harmless(text)
            if len(known) < _KNOWN:
                known[key] = found
        return found

    return coded


def _xlsx_cell(value: Any, to_text: Callable[[Any], str]) -> Any:
    """What Excel holds exactly goes in as it is: numbers of up to 15 digits and dates from 1900-03-01 on."""
    if isinstance(value, bool | str | list):
        return to_text(value)
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)
    if isinstance(value, Decimal):
        return float(value) if len(value.as_tuple().digits) <= 15 else f"{value:f}"
    if isinstance(value, float):
        return value if float(f"{value:.16G}") == value else repr(value)
    if isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_DAY:
        return value
    return to_text(value)
