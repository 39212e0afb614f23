"""Rows of a query's answer as records, masked as the subject's scope says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement

from metamodel.catalogue.model import RecordType
from metamodel.masking import View, mask_of
from metamodel.records.revisions import apply_reasons
from metamodel.records.system import system_columns
from metamodel.storage.protected import Opener, protected_of

Record = dict[str, Any]


def shown_columns(record_type: RecordType, view: View) -> tuple[list[str], list[ColumnElement[Any]]]:
    """Names and columns of what a record shows: its system columns, then the view's fields."""
    system = system_columns(record_type)
    columns: list[ColumnElement[Any]] = list(system.values())
    placed = [item for item in view.visible if item.place is not None]
    columns += [record_type.column(item.code) for item in placed]
    return [*system, *(item.code for item in placed)], columns


def opener_of(record_type: RecordType, view: View, names: Sequence[str]) -> Opener | None:
    """What opens the protected values in rows with these names; None where there are none."""
    protected = {names.index(item.code): item for item in protected_of(view.visible)}
    return Opener(protected, names.index("id"), names.index("patient")) if protected else None


def parts_of(view: View) -> set[int]:
    return {item.place.part for item in view.visible if item.place is not None}


def shaper(
    record_type: RecordType, view: View, names: Sequence[str]
) -> Callable[[Iterable[Sequence[Any]]], list[Record]]:
    """A function from rows with these names to records."""
    masked = [(name, mask_of(view, name)) for name in names if name in view.masked]
    known = {item.id: item.code for item in record_type.fields}

    def shape(rows: Iterable[Sequence[Any]]) -> list[Record]:
        records = [dict(zip(names, row, strict=True)) for row in rows]
        for record in records:
            reasons = record.get("missing")
            by_code = {known[field]: code for field, code in (reasons or {}).items() if field in known}
            record["missing"] = apply_reasons(view, by_code)
            person = record.get("patient")
            for name, mask in masked:
                if (value := record[name]) is not None:
                    record[name] = mask(value, person)
        return records

    return shape
