"""REDCap's data CSV: one row per record and event, or per instance of a repeating instrument.

Each row is split over record types: the root's fields, and those of each type whose event it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from metamodel.catalogue.model import Database, RecordType
from metamodel.exchange.errors import HeaderWrong
from metamodel.exchange.names import title
from metamodel.exchange.records.native import RowRefused
from metamodel.exchange.records.rows import SourceRow
from metamodel.exchange.records.targets import Step, Target
from metamodel.field_types.base import ValueProblem
from metamodel.records import Problem

EVENT, INSTRUMENT, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
_OTHER = {"redcap_data_access_group", "redcap_survey_identifier"}


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a column goes: a field, or one choice of a checkbox."""

    type: str
    field: str
    choice: str | None = None


def is_redcap_data(columns: Sequence[str]) -> bool:
    """Whether these are the columns of a REDCap data file."""
    return any(
        column in {EVENT, INSTRUMENT, INSTANCE} or "___" in column or column.endswith("_complete")
        for column in columns
    )


class RedcapRows:
    """Turns rows of a REDCap data file into targets. `ignored` lists the columns left out, and why."""

    def __init__(self, database: Database, columns: Sequence[str], name: str) -> None:
        self._database = database
        self._root = database.root
        self._events = {event["code"] for event in database.document.get("events", ())}
        self._instruments = _instruments(database)
        key = self._root.key
        if key is None or key not in columns:
            raise HeaderWrong(
                file=name,
                reason=f"it lacks the record id column {key or '(the root has no key)'}",
                reason_zh=f"缺少记录编号列 {key or '（根记录类型没有标识字段）'}",
            )
        self._key = key
        self._read_key = self._root.field(key).type.reader(self._root.field(key))
        self.ignored: list[dict[str, Any]] = []
        self._known = dict(_columns(database))
        self._cells = {column: cell for column in columns if (cell := self._cell(column)) is not None}
        self.columns = [
            {"column": column, "goes_to": f"{cell.type}.{cell.field}"} for column, cell in self._cells.items()
        ]

    def _cell(self, column: str) -> _Cell | None:
        if column in {self._key, EVENT, INSTRUMENT, INSTANCE}:
            return None
        found = self._known.get(column)
        if found is None:
            self._ignore(column)
            return None
        if self._database.record_type(found.type).field(found.field).calculation:
            reason = {"zh": "计算字段，由系统重新计算", "en": "calculated: the platform computes it itself"}
            self.ignored.append({"column": column, "reason": reason})
            return None
        return found

    def _ignore(self, column: str) -> None:
        if column.endswith("_complete"):
            reason = {"zh": "REDCap 的表单完成状态", "en": "REDCap's status of an instrument"}
        elif column in _OTHER:
            reason = {"zh": "REDCap 的系统列", "en": "a system column of REDCap"}
        else:
            reason = {"zh": "定义中没有对应的字段", "en": "the definition has no such field"}
        self.ignored.append({"column": column, "reason": reason})

    def targets(self, row: SourceRow) -> Iterator[Target]:
        """The records a row speaks of; the root's first.

        Raises:
            RowRefused: when it is not known which records they are.
        """
        root = self._root_step(row.cells)
        event, only, instance = self._place(row.cells)
        given = self._given(row.cells)
        own = {} if only is not None else given.pop(self._root.code, {})
        if own or not given:  # otherwise the records below bring it with them, should it not be there
            yield Target(row.number, (root,), own | {self._key: row.cells[self._key]})
        for code, values in given.items():
            if only is None or only.code == code:
                step = self._child_step(self._database.record_type(code), event, only, instance)
                yield Target(row.number, (root, step), values)
            else:
                raise RowRefused(_misplaced(next(iter(values)), only.code))

    def _root_step(self, cells: Mapping[str, Any]) -> Step:
        try:
            key = self._read_key(cells[self._key])
        except ValueProblem as error:
            raise RowRefused(Problem(self._key, error.code, error.zh, error.en)) from error
        if key is None:
            raise RowRefused(Problem(self._key, "required", "缺少记录编号。", "The record id is missing."))
        return Step(self._root.code, key=key)

    def _place(self, cells: Mapping[str, Any]) -> tuple[str, RecordType | None, int | None]:
        """Event, the type of the repeating instrument if the row is an instance of one, and its number."""
        event = cells.get(EVENT, "").strip()
        if event and event not in self._events:
            raise RowRefused(_unknown_event(event))
        instrument = cells.get(INSTRUMENT, "").strip()
        instance = _instance(cells.get(INSTANCE, "").strip())
        if not instrument:
            return event, None, instance
        found = self._instruments.get(instrument.lower())
        if found is None or not found.repeats:
            raise RowRefused(_not_repeating(instrument))
        return event, found, instance or 1

    def _child_step(
        self, item: RecordType, event: str, only: RecordType | None, instance: int | None
    ) -> Step:
        place = event if item.events else ""
        repeat_key = (instance or 1) if item.repeats else 1
        if only is None and instance is not None and instance > 1 and not item.repeats:
            raise RowRefused(_not_repeating(item.code))
        return Step(item.code, event=place, repeat_key=repeat_key, repeats=item.repeats)

    def _given(self, cells: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Values by record type. A type with nothing but unchecked boxes is not given."""
        given: dict[str, dict[str, Any]] = {}
        boxes: dict[tuple[str, str], list[str]] = {}
        for column, cell in self._cells.items():
            text = cells[column]
            if text == "":
                continue
            if cell.choice is None:
                given.setdefault(cell.type, {})[cell.field] = text
                continue
            checked = boxes.setdefault((cell.type, cell.field), [])
            if text.strip().lower() in {"1", "checked"}:
                checked.append(cell.choice)
        for (code, field), choices in boxes.items():
            if choices:
                given.setdefault(code, {})[field] = choices
        for (code, field), choices in boxes.items():
            if not choices and code in given:
                given[code][field] = None
        return given


def _columns(database: Database) -> Iterator[tuple[str, _Cell]]:
    """Every column a REDCap file of this database may have. Renamed variables keep their old names."""
    for item in database.record_types:
        for field in item.fields:
            name = str(field.element.get("redcap", field.code))
            if field.type.name != "multi_choice" or field.value_set is None:
                yield name, _Cell(item.code, field.code)
                continue
            for choice in field.value_set.choices:
                ending = re.sub(r"[^a-z0-9_]", "_", choice.code.lower())
                yield f"{name}___{ending}", _Cell(item.code, field.code, choice.code)


def _instruments(database: Database) -> dict[str, RecordType]:
    """Record types by the name or the label of each instrument, in lower case."""
    found = {}
    for form in database.document.get("forms", ()):
        item = database.record_type(form["record_type"])
        label = form.get("label", {})
        for name in (form["code"], title(form["code"]), label.get("en", ""), label.get("zh", "")):
            if name:
                found[name.lower()] = item
    return found


def _instance(text: str) -> int | None:
    if not text:
        return None
    if not text.isdigit() or int(text) < 1:
        raise RowRefused(
            Problem(
                INSTANCE,
                "not_whole",
                "重复序号应为正整数。",
                "The repeat instance must be a positive whole number.",
            )
        )
    return int(text)


def _unknown_event(event: str) -> Problem:
    return Problem(
        EVENT, "unknown_event", f"定义中没有访视 {event}；请用 project.xml 导入定义。",
        f"The definition has no event {event}; import its project.xml.",
    )  # fmt: skip


def _not_repeating(instrument: str) -> Problem:
    return Problem(
        INSTRUMENT, "not_repeating", f"定义中表单 {instrument} 不可重复；请用 project.xml 导入定义。",
        f"Instrument {instrument} does not repeat in the definition; import its project.xml.",
    )  # fmt: skip


def _misplaced(field: str, code: str) -> Problem:
    return Problem(
        field, "misplaced", f"该行属于记录类型 {code}，不应含此字段。",
        f"The row belongs to record type {code}, which has no such field.",
    )  # fmt: skip
