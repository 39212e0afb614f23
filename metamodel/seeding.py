"""Planting the definitions that ship: what databases are made of first, then these, through plans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from metamodel.definitions import list_definitions, publish_plain, save_draft
from metamodel.plans import publish
from metamodel.shipped import Shipped
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel


def plant(instance: Instance, seeds: Path) -> list[str]:
    """Publish every shipped definition that the instance does not have yet; returns their codes.

    One that is there, even as a draft, is left alone: it belongs to the instance from then on. A run that
    was interrupted goes on where it stopped.
    """
    planted = (_plant(instance, document) for document in Shipped(seeds).documents())
    return [code for code in planted if code is not None]


def _plant(instance: Instance, document: dict[str, Any]) -> str | None:
    kind, code = document["kind"], document["code"]
    if not _is_wanting(instance, kind, code):
        return None
    _publish(instance, kind, code, document)
    return str(code)


def _is_wanting(instance: Instance, kind: str, code: str) -> bool:
    """Whether there is no such definition, or only the draft of a planting that was interrupted."""
    with instance.read(SYSTEM, Channel.API) as uow:
        found = next((item for item in list_definitions(uow, kind) if item.code == code), None)
    return found is None or (found.live_release_id is None and found.changed_by == SYSTEM.name)


def _publish(instance: Instance, kind: str, code: str, document: dict[str, Any]) -> None:
    with instance.write(SYSTEM, Channel.API, purpose="shipped definitions") as uow:
        save_draft(uow, kind, document)
        if kind != "database":
            publish_plain(uow, kind, code)
    if kind == "database":
        publish(instance, SYSTEM, code, Channel.API)
