"""Edits: small changes of a database definition, each a pure function from document to document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jsonschema.protocols import Validator

from metamodel.definitions.edits.database import set_database
from metamodel.definitions.edits.errors import EditRefused, not_there
from metamodel.definitions.edits.events import add_event, move_event, remove_event, set_event
from metamodel.definitions.edits.fields import (
    add_field,
    duplicate_field,
    hide_field,
    move_field,
    remove_field,
    rename_field,
    restore_field,
    set_field,
)
from metamodel.definitions.edits.forms import (
    add_form,
    move_form,
    remove_form,
    rename_form,
    set_form,
    set_form_items,
)
from metamodel.definitions.edits.parts import refuse
from metamodel.definitions.edits.record_types import (
    add_record_type,
    move_record_type,
    remove_record_type,
    rename_record_type,
    set_record_type,
)
from metamodel.definitions.edits.relabelling import relabelled
from metamodel.definitions.edits.value_sets import (
    add_choice,
    add_value_set,
    merge_choices,
    move_choice,
    pick_from_library,
    remove_choice,
    remove_value_set,
    rename_value_set,
    set_choice,
    set_value_set,
)
from metamodel.definitions.problems import nearest
from metamodel.definitions.schema import checker, inlined, schema, schema_problems

Json = Mapping[str, Any]
Document = dict[str, Any]


def _no_past() -> Iterable[Json]:
    return ()


def _no_library(code: str) -> tuple[Json, int]:
    raise not_there("字段库", "field library", code)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where edits find what is not in the document.

    `past` gives the documents of earlier releases, newest first; `library` a library's live document and
    the number of its release.
    """

    past: Callable[[], Iterable[Json]] = _no_past
    library: Callable[[str], tuple[Json, int]] = _no_library


_PLAIN: Final[Mapping[str, Callable[[Json, Json], Document]]] = {
    edit.__name__: edit
    for edit in (
        set_database,
        add_field, duplicate_field, rename_field, set_field, move_field, hide_field, remove_field,
        add_record_type, rename_record_type, set_record_type, move_record_type, remove_record_type,
        add_value_set, set_value_set, rename_value_set, remove_value_set,
        add_choice, set_choice, move_choice, merge_choices, remove_choice,
        add_form, set_form, rename_form, move_form, remove_form, set_form_items,
        add_event, set_event, move_event, remove_event,
    )
}  # fmt: skip
_LABELLING: Final = frozenset(
    {
        "add_field", "duplicate_field", "set_field", "remove_field", "restore_field", "pick_from_library",
        "add_record_type", "set_record_type",
    }
)  # fmt: skip
EDITS: Final = (*_PLAIN, "restore_field", "pick_from_library")


def apply_edits(document: Json, edits: Sequence[Json], sources: Sources | None = None) -> Document:
    """`document` after all `edits`, in their order; each leaves a document of the right structure.

    An edit is {"edit": its name, ...}; `schemas/edits.json` has a schema for each.

    Raises:
        EditRefused: by the first edit that can't be made; it says which one and why.
    """
    result = dict(document)
    for number, edit in enumerate(edits, 1):
        name = str(edit.get("edit", "")) if isinstance(edit, Mapping) else ""
        try:
            result = _applied(result, name, edit, sources or Sources())
        except EditRefused as error:
            raise error.at(number, name) from error
    return result


def _applied(document: Document, name: str, edit: Json, sources: Sources) -> Document:
    _check_shape(name, edit)
    result = _edited(document, name, edit, sources)
    return relabelled(document, result) if name in _LABELLING else result


def _edited(document: Document, name: str, edit: Json, sources: Sources) -> Document:
    if name == "restore_field":
        return restore_field(document, edit, sources.past)
    if name == "pick_from_library":
        return pick_from_library(document, edit, sources.library)
    return _PLAIN[name](document, edit)


def _check_shape(name: str, edit: Json) -> None:
    if name not in EDITS:
        near = nearest(name, EDITS)
        hint_zh, hint = (f"，是否指 {near}", f"; did you mean {near}?") if near else ("", "")
        raise EditRefused(f"没有这种编辑{hint_zh}", f"there is no such edit{hint}")
    refuse(schema_problems(_validator(name), edit))


@cache
def _validator(name: str) -> Validator:
    return checker(edit_schema(name))


@cache
def edit_schema(name: str) -> Document:
    """The JSON Schema of one edit, without references."""
    whole, parts = schema("edits")["$defs"], schema("database")["$defs"]
    result: Document = inlined(whole[name], parts)
    return result


__all__ = ["EDITS", "EditRefused", "Sources", "apply_edits", "edit_schema"]
