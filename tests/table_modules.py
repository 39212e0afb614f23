"""Finds every module that declares tables of the platform, so that no table can be forgotten."""

import importlib

from tests.architecture.tree import ROOT, files

SOURCES = {"platform": ROOT / "platform", "metamodel": ROOT, "forms": ROOT, "modules": ROOT}


def import_all_tables() -> list[str]:
    """Import each module of the rooms that names `platform_metadata`; return their names."""
    found = []
    for folder, root in SOURCES.items():
        for path in files(folder, ".py"):
            source = path.read_text(encoding="utf-8")
            if "migrations" not in path.parts and "platform_metadata" in source and "Table(" in source:
                found.append(".".join(path.relative_to(root).with_suffix("").parts))
    for name in found:
        importlib.import_module(name)
    return found
