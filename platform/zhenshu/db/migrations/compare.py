"""What the tables should be, and how they are compared with what they are."""

from __future__ import annotations

from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla import models
from sqlalchemy import MetaData

from zhenshu.db.metadata import platform_metadata


def expected() -> list[MetaData]:
    """All tables of the platform that are imported by now, and Flask-AppBuilder's."""
    assert models.User.metadata is Model.metadata  # importing `models` fills it
    return [platform_metadata, Model.metadata]


def options() -> dict[str, Any]:
    return {
        "target_metadata": expected(),
        "compare_type": True,
        "include_name": _is_ours,
        "render_item": _render,
    }


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    # Other tables belong to others: those of record types to the metamodel, for one.
    return kind != "table" or any(name in metadata.tables for metadata in expected())


def _render(kind: str, item: Any, context: Any) -> str | bool:
    """Our column types by their names in `zhenshu.db.types`."""
    if kind == "type" and type(item).__module__ == "zhenshu.db.types":
        context.imports.add(f"from zhenshu.db.types import {type(item).__name__}")
        return f"{item!r}"
    return False
