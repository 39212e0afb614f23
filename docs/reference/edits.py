"""Makes the reference of edits: `python docs/reference/edits.py > docs/reference/edits.md`."""

from __future__ import annotations

from metamodel.definitions import EDITS, edit_schema

HEAD = """\
# Edits of a definition

<!-- Made by `python docs/reference/edits.py > docs/reference/edits.md`; a test notices lag. -->

`POST /databases/{code}/draft/edits` with `{"expected_version": 5, "edits": [{"edit": "rename_field",
...}]}` makes all edits in their order, or none: a refusal (`EditRefused`, 422) says which one can't be made
and why. Each leaves a document of the right structure; what else is wrong in the draft comes back as
`problems`. The schema of each is in `metamodel/definitions/schemas/edits.json`.

The answer has the whole `document`. With `?answer=changes` it has `changes` instead, a JSON Patch (RFC
6902) from the document that was edited.

A new field (added, copied, picked, brought back) stands on the form that `form` names, else beside its
neighbour on a form of its record type, so that it does not vanish behind forms that list their fields;
`form: null` leaves it off. A rename is followed by rules, forms, keys, parents and columns, character by
character; a new label by the rules that use the old one, which take the code where two fields have one label.

`before`, `after` (a code) or `index` (counted from 0) give a place; at most one of them is needed.

| edit | needs | may have | does |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page as Markdown."""
    return HEAD + "".join(_line(name) for name in EDITS)


def _line(name: str) -> str:
    schema = edit_schema(name)
    needed = [key for key in schema["properties"] if key != "edit" and key in schema["required"]]
    more = [key for key in schema["properties"] if key not in schema["required"]]
    return f"| `{name}` | {_codes(needed)} | {_codes(more)} | {schema['description']} |\n"


def _codes(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    print(page(), end="")
