"""The form of a draft, which need not be free of mistakes: what can't be read yet is left out and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.making import make_form, skip_rules
from metamodel.catalogue import Field, Label, RecordType, compile_field, compile_value_set
from metamodel.field_types.base import ValueProblem
from metamodel.masking import View
from metamodel.records import browser_rules
from zhenshu.errors import NotFound, ZhenshuError

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """A form, its rules, and the codes of fields that are left out: their definition can't be read yet."""

    schema: dict[str, Any]
    rules: dict[str, Any]
    left_out: tuple[str, ...]


def preview(document: Json, code: str, language: str, read_only: bool = False) -> Preview:
    """The form of the record type `code` as `document` has it now, seen by someone who may see all of it.

    Raises:
        NotFound: when the document has no such record type.
    """
    item = next((one for one in document.get("record_types", ()) if one["code"] == code), None)
    if item is None:
        raise NotFound(kind="record type", kind_zh="记录类型", name=code)
    fields, left_out = _fields(document, item)
    record_type = RecordType(
        id=item.get("id", ""), code=code, label=Label.of(item.get("label")), database=document["code"],
        fields=tuple(fields), parent=item.get("parent"), key=item.get("key"),
    )  # fmt: skip
    everything = View(record_type.fields, frozenset(), frozenset())
    schema = make_form(record_type, document, everything, language, read_only)
    rules = browser_rules(record_type, None, everything, also=skip_rules(document, code)) | {"around": {}}
    return Preview(schema, rules, tuple(left_out))


def _fields(document: Json, item: Json) -> tuple[list[Field], list[str]]:
    value_sets = {
        code: compile_value_set(code, one) for code, one in (document.get("value_sets") or {}).items()
    }
    fields: list[Field] = []
    left_out: list[str] = []
    for one in item["fields"]:
        try:
            fields.append(compile_field(one, value_sets))
        except (ValueProblem, ZhenshuError):
            left_out.append(one["code"])
    return fields, left_out
