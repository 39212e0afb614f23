"""From a stored value of a field as it was to one of the field as it will be. Exactly, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Any

from metamodel.catalogue.compile import compile_field, compile_value_set
from metamodel.catalogue.model import ColumnPlace, Field
from metamodel.field_types import ValueProblem
from metamodel.plans.documents import Document

Change = Callable[[Any], Any]
Note = Mapping[str, Any]  # the property `convert` of a field, see the schema of databases

DIGITS = 60  # far more than any column holds, so that only the last rounding counts


@dataclass(frozen=True)
class Original:
    """The conversion that an undo goes back on: what it read is still there."""

    source: Field
    change: Change

    def unchanged(self, frozen: Any, now: Any) -> bool:
        """Whether `now` is what the conversion made of `frozen`, so that nobody has changed it since."""
        if frozen is None:
            return now is None
        try:
            return bool(self.change(frozen) == now)
        except ValueProblem:
            return now is None  # it could not be read, and nobody has corrected it


@dataclass(frozen=True)
class Converter:
    """`change` takes values of `source`, never None, and raises ValueProblem for what has no equal."""

    source: Field
    target: Field
    change: Change
    shortens: Callable[[Any], bool] | None = None
    original: Original | None = None
    calculate: Callable[[Any], Decimal] | None = None

    def rounds(self, value: Any, made: Any) -> bool:
        """Whether `made`, of the new column, has fewer digits than what `value` amounts to."""
        if self.calculate is None or self.original is not None or not isinstance(made, Decimal):
            return False
        with localcontext(prec=DIGITS):
            return self.calculate(value) != made

    def of(self, value: Any, frozen: Any = None) -> Any:
        """The value of the new column; `frozen` is that of the column which an undo goes back to.

        Raises:
            ValueProblem: when there is none.
        """
        if self.original is not None and self.original.unchanged(frozen, value):
            return frozen
        return None if value is None else self.change(value)


def fields_of(document: Document, field_id: str) -> Iterator[Field]:
    """The field with this id, with its choices; without bounds, which are not the conversion's."""
    for record_type in document.get("record_types") or ():
        for field in record_type.get("fields") or ():
            if field["id"] == field_id:
                yield _compiled(document, field)


def _compiled(document: Document, field: Document) -> Field:
    sets = document.get("value_sets") or {}
    name = field.get("value_set") or ""
    known = {name: compile_value_set(name, sets[name])} if name in sets else {}
    return compile_field({**field, "minimum": None, "maximum": None, "checks": ()}, known)


def placed(field: Field, part: int, name: str, protected: bool) -> Field:
    return replace(field, place=ColumnPlace(part, name, protected))


def note_of(field: Document) -> Note:
    """How the field's latest release converted its values, if it did."""
    return field.get("convert") or {}


def step_of(field: Document) -> int:
    return int(note_of(field).get("step", 0))


def compile_change(source: Field, target: Field, before: Note, after: Note, undo: bool) -> Change:
    """The function from values of `source` to values of `target`.

    `before` and `after` are the notes of both. A note of a higher step is followed; where an undo lowers the
    step, it goes the way of `before` backwards.
    """
    step, next_step = int(before.get("step", 0)), int(after.get("step", 0))
    acts: list[Change] = []
    if (calculate := calculation(before, after, undo)) is not None:
        acts.append(_number(calculate, target))
    if next_step > step and "codes" in after:
        acts.append(_codes(after["codes"]))
    elif undo and next_step < step and "codes" in before:
        acts.append(_codes(_reversed(before["codes"])))
    acts += _typed(source, target, calculated=bool(acts))
    return _chain(acts)


def _typed(source: Field, target: Field, calculated: bool) -> list[Change]:
    """Into the new type. A value that nothing is done to needs no reading: it may be older than its rules."""
    same = source.type is target.type or source.type.name == target.type.name
    shaped = target.type.column_options(target) == source.type.column_options(source)
    if same and shaped and not calculated and target.value_set is None:
        return []
    return [target.type.converter(target, source)]


def _chain(acts: list[Change]) -> Change:
    if len(acts) == 1:
        return acts[0]

    def change(value: Any) -> Any:
        for act in acts:
            value = act(value)
        return value

    return change


def calculation(before: Note, after: Note, undo: bool) -> Callable[[Any], Decimal] | None:
    """The exact number that a value becomes, before it is rounded; None: nothing is calculated."""
    step, next_step = int(before.get("step", 0)), int(after.get("step", 0))
    note = after if next_step > step else before if undo and next_step < step else {}
    if "factor" not in note and "offset" not in note:
        return None
    factor, offset = Decimal(note.get("factor", "1")), Decimal(note.get("offset", "0"))
    forward = next_step > step

    def calculate(value: Any) -> Decimal:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return number * factor + offset if forward else (number - offset) / factor

    return calculate


def _number(calculate: Callable[[Any], Decimal], target: Field) -> Change:
    """An exact calculation; the result is rounded once, to the places that the new column has."""
    scale = target.type.column_options(target).get("scale") if target.type.name == "decimal" else None
    whole = target.type.name == "integer"
    step = None if scale is None else Decimal(1).scaleb(-int(scale))

    def change(value: Any) -> Any:
        with localcontext(prec=DIGITS):
            try:
                number = calculate(value)
                if step is not None:
                    number = number.quantize(step, ROUND_HALF_UP)
            except InvalidOperation:
                raise ValueProblem("not_a_number", "不是数字", "this is not a number") from None
        if whole or step is not None:
            return number
        return float(number)

    return change


def _codes(codes: Mapping[str, str | None]) -> Change:
    def one(code: str) -> str:
        found = codes.get(code, code)
        if found is None:
            raise ValueProblem("recheck", "拆分的选项，需人工复核", "a choice that was split: recheck it")
        return found

    return lambda value: list(map(one, value)) if isinstance(value, list) else one(value)


def _reversed(codes: Mapping[str, str | None]) -> dict[str, str | None]:
    """Merged codes can't be told apart any more: to recheck."""
    back: dict[str, list[str]] = defaultdict(list)
    for old, new in codes.items():
        if new is not None:
            back[new].append(old)
    return {new: olds[0] if len(olds) == 1 and new not in codes else None for new, olds in back.items()}
