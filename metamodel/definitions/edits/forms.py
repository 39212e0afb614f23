"""Edits of forms, and where a new field stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metamodel.definitions.edits.errors import EditRefused, already_there
from metamodel.definitions.edits.parts import (
    FORM,
    Document,
    Json,
    added,
    changed,
    find,
    find_type,
    has,
    moved,
    replaced,
    without,
)
from metamodel.definitions.structure import form_problems


def add_form(document: Json, edit: Json) -> Document:
    """Add a form."""
    form = edit["form"]
    find_type(document, form["record_type"])
    _check_items(document, form)
    return {**document, "forms": added(_forms(document), form, edit, FORM)}


def set_form(document: Json, edit: Json) -> Document:
    """Change the label of a form; null takes it away."""
    form = find(_forms(document), edit["form"], FORM)
    return _with_form(document, edit["form"], changed("form", form, edit["set"]))


def rename_form(document: Json, edit: Json) -> Document:
    """Give a form another code."""
    form = find(_forms(document), edit["form"], FORM)
    if edit["code"] != edit["form"] and has(_forms(document), edit["code"]):
        raise already_there(*FORM, edit["code"])
    return _with_form(document, edit["form"], {**form, "code": edit["code"]})


def move_form(document: Json, edit: Json) -> Document:
    """Put a form elsewhere in their order."""
    return {**document, "forms": moved(_forms(document), edit["form"], edit, FORM)}


def remove_form(document: Json, edit: Json) -> Document:
    """Take a form away; its fields stay."""
    return {**document, "forms": without(_forms(document), edit["form"], FORM)}


def set_form_items(document: Json, edit: Json) -> Document:
    """Replace all items of a form."""
    form = {**find(_forms(document), edit["form"], FORM), "items": edit["items"]}
    _check_items(document, form)
    return _with_form(document, edit["form"], form)


def shown(document: Document, type_code: str, codes: Sequence[str], edit: Json) -> Document:
    """`document` with new fields on the form that `edit` names.

    If it names none, they stand beside their neighbours in the record type, so that a new field does not
    vanish behind forms that list theirs; `form` null leaves them off. A record type without a form is
    asked for whole.
    """
    forms: list[Json] = [form for form in _forms(document) if form["record_type"] == type_code]
    if "form" in edit:
        if edit["form"] is None:
            return document
        form = find(_forms(document), edit["form"], FORM)
        _check_type(form, type_code)
        forms = [form]
    if not forms:
        return document
    order = [field["code"] for field in find_type(document, type_code)["fields"]]
    form, index = _beside(forms, order, codes)
    items = [*form["items"][:index], *({"field": code} for code in codes), *form["items"][index:]]
    return _with_form(document, form["code"], {**form, "items": items})


def _beside(forms: Sequence[Json], order: Sequence[str], codes: Sequence[str]) -> tuple[Json, int]:
    """A form and the place on it: after the nearest field before, else before the nearest one after."""
    first, last = order.index(codes[0]), order.index(codes[-1])
    neighbours = [(code, 1) for code in reversed(order[:first])] + [(code, 0) for code in order[last + 1 :]]
    places: dict[str, tuple[Json, int]] = {}
    for form in forms:
        for index, item in enumerate(form["items"]):
            if "field" in item:
                places.setdefault(item["field"], (form, index))
    for code, offset in neighbours:
        if code in places:
            form, index = places[code]
            return form, index + offset
    return forms[-1], len(forms[-1]["items"])


def _check_type(form: Json, type_code: str) -> None:
    if form["record_type"] != type_code:
        raise EditRefused(
            f"表单 {form['code']} 属于记录类型 {form['record_type']}，不能显示 {type_code} 的字段",
            f"form {form['code']} is of {form['record_type']} and can't show fields of {type_code}",
        )


def _check_items(document: Json, form: Json) -> None:
    for found in form_problems(form, (), document["record_types"]):
        raise EditRefused(f"{found.zh}（{found.path}）", f"{found.en} ({found.path})", [found])


def _with_form(document: Json, code: str, form: Json) -> Document:
    return {**document, "forms": replaced(_forms(document), code, form)}


def _forms(document: Json) -> list[Document]:
    return list(document.get("forms", ()))


def without_field(forms: Iterable[Document], type_code: str, code: str) -> list[Document]:
    """`forms` without the items that show a field."""
    return [
        {**form, "items": [item for item in form["items"] if item.get("field") != code]}
        if form["record_type"] == type_code
        else form
        for form in forms
    ]
