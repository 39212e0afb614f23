"""What becomes of a variable in a file: its columns, their kinds, and what had to differ, told in notes.

Nothing is cut or rounded: numbers that a double can't hold and days that a calendar lacks turn the column
into text, a text that is too long goes on in further columns, a masked column is text if a mask made text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metamodel.catalogue.model import Label
from metamodel.exchange.records.statistics.dialects import Dialect
from metamodel.exchange.records.statistics.spool import Spool, Values
from metamodel.exchange.records.statistics.variables import Kind, Variable
from metamodel.exchange.report import both

EXACT: Final = 2**53  # up to it, a double holds every whole number
DIGITS: Final = 15  # every decimal of so many digits survives a trip through a double
Text = Mapping[str, str]
Convert = Callable[[Values], Any]

REASONS: Final[Mapping[str, Label]] = {
    "unknown": Label("不详", "Unknown"),
    "refused": Label("拒绝回答", "Refused"),
    "not_done": Label("未做", "Not done"),
    "not_applicable": Label("不适用", "Not applicable"),
    "not_asked": Label("未询问", "Not asked"),
    "lost": Label("资料丢失", "Lost"),
}
YES_NO: Final[Mapping[str, Label]] = {"0": Label("否", "No"), "1": Label("是", "Yes")}

_TOO_PRECISE: Final = both(
    "有数值超过 15 位有效数字，双精度无法精确保存，故写为文本",
    "written as text: some numbers have more digits than a double holds exactly",
)
_TOO_EARLY: Final = both(
    "有日期早于该格式历法的起点，故写为文本",
    "written as text: some dates are before the format's calendar begins",
)
_MASKED: Final = both("脱敏后为文本", "written as text: it is masked")


@dataclass(frozen=True, slots=True)
class Shape:
    """One column of a file. `convert` makes its values, as Arrow holds values of `kind`."""

    source: str  # "sex", "signs.b" of a choice, "sex.missing" of the reason, "note.2" of a text going on
    label: Label
    kind: Kind
    variable: Variable
    convert: Convert
    choices: Mapping[str, Label]
    reasons: Mapping[str, Label]  # those held in the place of a value
    notes: tuple[Text, ...] = ()

    @property
    def unit(self) -> str:
        """The unit of its numbers; a column of reasons or choices has none."""
        item = self.variable.field
        return item.unit if item is not None and self.kind is self.variable.kind else ""


def reason_label(code: str) -> Label:
    """The words for a reason: the usual ones are known, a database's own speak for themselves."""
    return REASONS.get(code) or Label(code, code)


def shapes_of(item: Variable, spool: Spool, dialect: Dialect) -> list[Shape]:
    """The columns that `item` takes in a file of `dialect`, given the values that are there."""
    values = spool.read(item)
    shapes = list(_columns(_own(item, values, dialect), values, dialect))
    if not item.reasons:
        return shapes
    reasons = {code: reason_label(code) for code in _seen(item.reasons, values.why)}
    if len(shapes) == 1 and len(reasons) <= dialect.reasons and _numeric(shapes[0], dialect):
        return [replace(shapes[0], reasons=reasons)]
    label = Label(f"{item.label.text('zh')}：缺失原因", f"{item.label.text('en')}: why missing")
    return [*shapes, Shape(f"{item.name}.missing", label, Kind.CHOICE, item, _why, reasons, {})]


def numeric_codes(choices: Mapping[str, Label], dialect: Dialect) -> Mapping[str, float] | None:
    """Code to number where a file takes a choice as a number: all codes are whole, or it must be."""
    if all(_is_whole(code) for code in choices):
        return {code: float(code) for code in choices}
    return {code: float(place) for place, code in enumerate(choices, 1)} if dialect.numbered else None


def _numeric(shape: Shape, dialect: Dialect) -> bool:
    """Whether a file has numbers for its values, so that a code for a missing one fits among them."""
    if shape.kind is Kind.CHOICE:
        return numeric_codes(shape.choices, dialect) is not None
    return shape.kind is not Kind.TEXT


def _is_whole(code: str) -> bool:
    return code.removeprefix("-").isascii() and len(code) < 10 and code.lstrip("-").isdigit() and str(
        int(code)
    ) == code  # fmt: skip


def _own(item: Variable, values: Values, dialect: Dialect) -> Shape:
    """The column of the values themselves, before what one column can't hold."""
    plain = Shape(item.name, item.label, item.kind, item, lambda found: found.own, {}, {})
    if values.masks is not None and values.masks.null_count < len(values.masks):
        return replace(plain, kind=Kind.TEXT, convert=_unmasked, notes=(_MASKED,))
    if (
        item.kind in (Kind.INTEGER, Kind.DECIMAL)
        and dialect.doubles
        and not _fits_double(item.kind, values.own)
    ):
        return replace(plain, kind=Kind.TEXT, convert=_as_text, notes=(_TOO_PRECISE,))
    if item.kind in (Kind.DATE, Kind.DATETIME) and _before(dialect.first_day, values.own):
        return replace(plain, kind=Kind.TEXT, convert=_as_text, notes=(_TOO_EARLY,))
    if item.kind is Kind.BOOLEAN:
        return replace(plain, choices=YES_NO)
    if item.kind is Kind.CHOICE:
        return replace(plain, choices=_known(item.choices, values.own))
    return plain


def _columns(shape: Shape, values: Values, dialect: Dialect) -> Iterator[Shape]:
    if shape.kind is Kind.CHOICES:
        for code, label in _known(shape.variable.choices, pc.list_flatten(values.own)).items():
            zh, en = shape.label.text("zh"), shape.label.text("en")
            name = Label(f"{zh}：{label.text('zh') or code}", f"{en}: {label.text('en') or code}")
            yield replace(
                shape, source=f"{shape.source}.{code}", label=name, kind=Kind.BOOLEAN, convert=_has(code),
                choices=YES_NO,
            )  # fmt: skip
    elif shape.kind is Kind.TEXT and dialect.longest_text is not None:
        yield from _text_columns(shape, values, dialect.longest_text)
    else:
        yield shape


def _text_columns(shape: Shape, values: Values, longest: int) -> Iterator[Shape]:
    texts = shape.convert(values)
    longest_here = pc.max(pc.binary_length(texts)).as_py() or 0
    if longest_here <= longest:
        yield shape
        return
    whole = texts.to_pylist()
    count = max(len(_parts(text, longest)) for text in whole if text is not None)
    note = both(
        f"有文本超过 {longest:,} 字节，分写为 {count} 列，依次相接即为原文",
        f"some texts are longer than {longest:,} bytes: {count} columns, one after the other, hold them",
    )
    for number in range(count):
        source = shape.source if number == 0 else f"{shape.source}.{number + 1}"
        yield replace(
            shape, source=source, convert=_part(shape.convert, longest, number), notes=(*shape.notes, note)
        )


def _parts(text: str, longest: int) -> list[str]:
    """`text` in pieces of at most `longest` bytes, no character and no line cut from its blanks' side."""
    raw, parts = text.encode(), []
    while raw:
        end = min(longest, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        while end < len(raw) and end > longest // 2 and raw[end - 1 : end] == b" ":
            end -= 1  # a package drops blanks at the end of a text
        parts.append(raw[:end].decode())
        raw = raw[end:]
    return parts or [""]


def _part(convert: Convert, longest: int, number: int) -> Convert:
    def part(values: Values) -> Any:
        texts = (None if text is None else _parts(text, longest) for text in convert(values).to_pylist())
        return pa.array(
            [parts[number] if parts and number < len(parts) else None for parts in texts], pa.string()
        )

    return part


def _has(code: str) -> Convert:
    def has(values: Values) -> Any:
        lists = values.own
        found = np.zeros(len(lists), bool)
        chosen = pc.equal(pc.list_flatten(lists), code).to_numpy(zero_copy_only=False)
        found[pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)[chosen.astype(bool)]] = True
        return pa.array(found, mask=lists.is_null().to_numpy(zero_copy_only=False))

    return has


def _why(values: Values) -> Any:
    return values.why


def _unmasked(values: Values) -> Any:
    return pc.coalesce(values.masks, _as_text(values))


def _as_text(values: Values) -> Any:
    if pa.types.is_string(values.own.type):
        return values.own
    return pa.array(
        [None if value is None else _in_words(value) for value in values.own.to_pylist()], pa.string()
    )


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ";".join(value) if isinstance(value, list) else str(value)


def _seen(codes: tuple[str, ...], array: Any) -> list[str]:
    """`codes`, and behind them those that stand in the data alone."""
    found = sorted(set(pc.unique(array).to_pylist()) - {None, *codes})
    return [*codes, *found]


def _known(choices: Mapping[str, Label], array: Any) -> dict[str, Label]:
    return {code: choices.get(code, Label(code, code)) for code in _seen(tuple(choices), array)}


def _fits_double(kind: Kind, array: Any) -> bool:
    ends = pc.min_max(array).as_py()
    largest = max(abs(ends["min"] or 0), abs(ends["max"] or 0))
    if kind is Kind.INTEGER:
        return bool(largest <= EXACT)
    if len(largest.as_tuple().digits if largest else ()) <= DIGITS:
        return True
    return all(
        value is None or len(value.normalize().as_tuple().digits) <= DIGITS for value in array.to_pylist()
    )


def _before(first: date | None, array: Any) -> bool:
    if first is None or len(array) == array.null_count:
        return False
    earliest = pc.min(array).as_py()
    return bool((earliest.date() if isinstance(earliest, datetime) else earliest) < first)
