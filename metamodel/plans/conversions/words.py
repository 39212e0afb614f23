"""Whether a field's values are to be converted, and what from and to, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metamodel.field_types import field_type
from metamodel.plans.changes.change import Words
from metamodel.plans.changes.words import shape_words
from metamodel.plans.conversions.converter import note_of, step_of
from metamodel.plans.documents import Document
from metamodel.storage.columns import StoredColumn, column_shape

Both = tuple[dict[str, str], dict[str, str]]


def conversion_words(
    old: Document, new: Document, column: StoredColumn | None, undo: bool = False
) -> Both | None:
    """What the field is and becomes; None where its column can stay."""
    if column is None:
        return None
    shapes = (column.field_type, dict(column.options)), column_shape(new)
    protected = column.protected, _protected(old, new, column)
    if shapes[0] == shapes[1] and protected[0] == protected[1] and not stepped(old, new, undo):
        return None
    told = [shape_words(*shape) for shape in shapes]
    if old.get("unit") != new.get("unit"):
        told = [Words.joined((words, Words.same(str(item.get("unit") or "-"))), " ", " ")
                for words, item in zip(told, (old, new), strict=True)]  # fmt: skip
    if protected[0] != protected[1]:
        told = [
            _with(words, CIPHER if sealed else CLEAR) for words, sealed in zip(told, protected, strict=True)
        ]
    if codes := _codes(old, new):
        told[1] = _with(told[1], codes)
    return {"zh": told[0].zh, "en": told[0].en}, {"zh": told[1].zh, "en": told[1].en}


def stepped(old: Document, new: Document, undo: bool) -> bool:
    """Whether the values mean something else, if of the same type: another unit, other choices."""
    return step_of(new) > step_of(old) or (undo and step_of(new) < step_of(old))


CIPHER = Words("加密保存", "encrypted")
CLEAR = Words("明文", "in clear")


def _protected(old: Document, new: Document, column: StoredColumn) -> bool:
    """A column follows the field's property when that changes; an older one stays as it was."""
    if bool(old.get("identifying")) == bool(new.get("identifying")):
        return column.protected
    return bool(new.get("identifying"))


def _with(words: Words, more: Words) -> Words:
    return Words(f"{words.zh}，{more.zh}", f"{words.en}, {more.en}")


def _codes(old: Document, new: Document) -> Words | None:
    note: Mapping[str, Any] = note_of(new) if step_of(new) > step_of(old) else {}
    listed = [f"{code} → {becomes or '?'}" for code, becomes in (note.get("codes") or {}).items()]
    return Words("、".join(listed), ", ".join(listed)) if listed else None


def may_convert(old: Document, new: Document) -> bool:
    """Whether values of the one type can be read as the other's at all."""
    if "calculated" in (old["type"], new["type"]):
        return False
    return old["type"] == new["type"] or old["type"] in field_type(new["type"]).converts_from
