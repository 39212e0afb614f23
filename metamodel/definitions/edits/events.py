"""Edits of events, the visits of a longitudinal study."""

from __future__ import annotations

from metamodel.definitions.edits.errors import EditRefused
from metamodel.definitions.edits.parts import (
    EVENT,
    Document,
    Json,
    added,
    changed,
    find,
    moved,
    replaced,
    without,
)


def add_event(document: Json, edit: Json) -> Document:
    """Add an event."""
    return {**document, "events": added(_events(document), edit["event"], edit, EVENT)}


def set_event(document: Json, edit: Json) -> Document:
    """Change properties of an event; one set to null is taken away."""
    code = edit["event"]
    event = changed("event", find(_events(document), code, EVENT), edit["set"])
    return {**document, "events": replaced(_events(document), code, event)}


def move_event(document: Json, edit: Json) -> Document:
    """Put an event elsewhere in their order."""
    return {**document, "events": moved(_events(document), edit["event"], edit, EVENT)}


def remove_event(document: Json, edit: Json) -> Document:
    """Take an event away, also from the record types filled in it.

    Without its last event a record type would stand outside events, with records that are in one.
    """
    code = edit["event"]
    rest = without(_events(document), code, EVENT)
    for item in document["record_types"]:
        if item.get("events") == [code]:
            raise EditRefused(
                f"记录类型 {item['code']} 只在访视 {code} 中填写，请先为其指定其他访视",
                f"record type {item['code']} is filled in {code} alone; give it another event first",
            )
    types = [_outside(item, code) for item in document["record_types"]]
    return {**document, "events": rest, "record_types": types}


def _outside(item: Document, code: str) -> Document:
    events = item.get("events", ())
    return {**item, "events": [event for event in events if event != code]} if code in events else item


def _events(document: Json) -> list[Document]:
    return list(document.get("events", ()))
