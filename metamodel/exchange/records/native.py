"""Our own layout of record files: a column per field, by code or unique label, and columns that tell
which record a row is.

`<type>.<key>` names the ancestor by its key, `event` and `repeat_key` the place under it
(`<type>.event`, `<type>.repeat_key` for one further up), `<field>.missing` the reason for a missing value.
Where a root has no key, `id` (`<type>.id` from below) is its number in this installation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.exchange.errors import HeaderWrong
from metamodel.exchange.records.rows import RowSource, SourceRow
from metamodel.exchange.records.targets import Step, Target
from metamodel.field_types.base import ValueProblem
from metamodel.field_types.numbers import PLAIN
from metamodel.records import Problem
from zhenshu.cells import harmless, restored

Convert = Callable[[Any], Any]
REQUIRED = " *"  # behind the heading of a field that must be filled in
TEXTS = frozenset({"string", "long_text", "choice", "multi_choice", "calculated"})


_NO_FIELD = {"zh": "没有对应的字段", "en": "there is no such field"}


class RowRefused(Exception):
    """A row that leads to no record; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].en)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column goes: a field's value, or its reason for having none."""

    field: str
    convert: Convert | None
    missing: bool = False


class NativeRows:
    """Turns rows of `source` into targets of one record type.

    A column without a field is refused, unless `ignore_unknown` lets it go to `ignored`.
    """

    def __init__(
        self, database: Database, record_type: RecordType, source: RowSource, name: str,
        ignore_unknown: bool = False,
    ) -> None:  # fmt: skip
        self._chain = (*reversed(database.ancestors(record_type.code)), record_type)
        self._type = record_type
        self._places = _place_columns(self._chain)
        self._columns = _columns(record_type, source.format)
        self._plan = [(item, found) for item in source.columns if (found := self._named(item))]
        self._readers = {
            item.code: item.field(item.key).type.reader(item.field(item.key))
            for item in self._chain
            if item.key
        }
        self.ignored: list[dict[str, Any]] = []
        self.columns = [
            {"column": item, "goes_to": goes} for item in source.columns if (goes := self._goes_to(item))
        ]
        self._check(source.columns, name, ignore_unknown)

    def targets(self, row: SourceRow) -> Iterator[Target]:
        """The one target of a row.

        Raises:
            RowRefused: when the row does not tell which record it is.
        """
        values: dict[str, Any] = {}
        missing: dict[str, str] = {}
        for column, found in self._plan or self._named_by(row):
            cell = row.cells[column]
            # Only JSON tells an emptied value (null) from one that is not given.
            if cell == "" or (cell is None and self._plan):
                continue
            if found.missing:
                missing |= {} if cell is None else {found.field: str(cell)}
            else:
                values[found.field] = cell if found.convert is None else found.convert(cell)
        yield Target(row.number, self._steps(row.cells, values), values, missing)

    def _named_by(self, row: SourceRow) -> list[tuple[str, _Column]]:
        """The columns of a row that names its own; the store will say which of them are no fields."""
        names = [name for name in row.cells if name not in self._places]
        return [(name, self._columns.get(name) or _Column(name, None)) for name in names]

    def _named(self, column: str) -> _Column | None:
        """The field of a heading; templates mark it where it must be filled in."""
        return self._columns.get(column) or self._columns.get(column.removesuffix(REQUIRED))

    def _goes_to(self, column: str) -> str:
        """The field, its reason or the place that a column tells; "" for none."""
        if column in self._places:
            return column
        found = self._named(column)
        return "" if found is None else f"{found.field}{'.missing' if found.missing else ''}"

    def _check(self, columns: Sequence[str], name: str, ignore_unknown: bool) -> None:
        """
        Raises:
            HeaderWrong: at a column that leads nowhere, or at two that lead to one field.
        """
        unknown = [item for item in columns if item not in self._places and not self._named(item)]
        if ignore_unknown:
            self.ignored += [{"column": item, "reason": _NO_FIELD} for item in unknown]
        elif unknown:
            listed = ", ".join(unknown[:20])
            raise HeaderWrong(
                file=name,
                reason=f"record type {self._type.code} has no field for these columns: {listed}",
                reason_zh=f"记录类型 {self._type.code} 没有与下列各列对应的字段：{listed}",
            )
        often = Counter((found.field, found.missing) for _, found in self._plan)
        if twice := ", ".join(field for (field, _), number in often.items() if number > 1):
            raise HeaderWrong(
                file=name,
                reason=f"these fields have two columns each, by code and by label: {twice}",
                reason_zh=f"下列字段同时以编码和名称出现了两列：{twice}",
            )

    def _steps(self, cells: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Step, ...]:
        steps = [self._step(item, cells, values) for item in self._chain]
        root, own = steps[0], steps[-1]
        if len(steps) == 1 or root.key is not None or root.id is not None:
            return tuple(steps)
        if own.key is not None:  # enough to find a record that is there, not to add one
            return (own,)
        column = f"{root.type}.{self._chain[0].key or 'id'}"
        zh, en = f"缺少上级记录标识 {column}。", f"{column} is needed to name the parent."
        raise RowRefused(Problem(column, "parent_missing", zh, en))

    def _step(self, item: RecordType, cells: Mapping[str, Any], values: Mapping[str, Any]) -> Step:
        prefix = "" if item is self._type else f"{item.code}."
        key = self._key_of(item, cells, values)
        return Step(
            item.code,
            key=None if key is None else self._read_key(item, key),
            event=str(cells.get(f"{prefix}event") or ""),
            repeat_key=_whole(cells.get(f"{prefix}repeat_key"), f"{prefix}repeat_key"),
            repeats=item.repeats,
            id=_whole(cells.get(f"{prefix}id"), f"{prefix}id") if item.key is None else None,
        )

    def _key_of(self, item: RecordType, cells: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
        if item.key is None:
            return None
        if item is self._type:
            return values.get(item.key)
        found = cells.get(f"{item.code}.{item.key}")
        return None if found == "" else found

    def _read_key(self, item: RecordType, value: Any) -> Any:
        try:
            return self._readers[item.code](value)
        except ValueProblem as error:
            raise RowRefused(Problem(item.key or "", error.code, error.zh, error.en)) from error


def _place_columns(chain: Sequence[RecordType]) -> frozenset[str]:
    names = {"id", "event", "repeat_key"}
    for item in chain[:-1]:
        names |= {f"{item.code}.{name}" for name in ("id", "event", "repeat_key")}
        if item.key:
            names.add(f"{item.code}.{item.key}")
    return frozenset(names)


def _columns(record_type: RecordType, format: str) -> dict[str, _Column]:
    """Fields by column name: codes, and labels that name exactly one field, as they stand in our CSV, too."""
    labels = [(text, item) for item in record_type.fields for text in {item.label.zh, item.label.en} if text]
    often = Counter(text for text, _ in labels)
    columns = {
        text: _Column(item.code, _converter(item, format)) for text, item in labels if often[text] == 1
    }
    if format == "csv":
        columns |= {harmless(text): found for text, found in columns.items()}
    for item in record_type.fields:
        columns[item.code] = _Column(item.code, _converter(item, format))
        columns[f"{item.code}.missing"] = _Column(item.code, None, missing=True)
    return columns


def _converter(item: Field, format: str) -> Convert | None:
    """From a cell to what the field's reader takes; None where it takes the cell as it is."""
    if item.options.get("decimal_mark") == ",":
        return _with_point
    return restored if format == "csv" and item.type.name in TEXTS else None


def _with_point(cell: Any) -> Any:
    """Our own files always write a decimal point, whatever mark the field's other sources use."""
    return Decimal(cell) if isinstance(cell, str) and PLAIN.fullmatch(cell) else cell


def _whole(cell: Any, column: str) -> int | None:
    if cell is None or cell == "":
        return None
    try:
        number = int(cell)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise RowRefused(
            Problem(column, "not_whole", "需要填写正整数。", "A positive whole number is needed.")
        )
    return number
