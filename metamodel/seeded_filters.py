"""The saved filters that ship with the databases: shared with all who may see the records, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from metamodel.catalogue import catalogue_of
from metamodel.exchange import SourceFile, read_definition
from metamodel.filters import NewFilter, SavedFilters
from metamodel.filters.tables import saved_filter
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel

FOLDER = "saved_filters"


def shipped_filters(seeds: Path) -> list[dict[str, Any]]:
    """The files of filters: a database's code, and a list of name, record type, rule and description."""
    paths = sorted((seeds / FOLDER).glob("*.yaml"))
    return [read_definition([SourceFile(path.name, path)]).document for path in paths]


def plant_filters(instance: Instance, seeds: Path) -> None:
    """Save the filters of every database that never had any of the platform's own."""
    for document in shipped_filters(seeds):
        with instance.write(SYSTEM, Channel.API, purpose="shipped definitions") as uow:
            database = catalogue_of(uow).databases.get(document["database"])
            if database is None:
                continue
            c = saved_filter.c
            mine = (c.definition_id == database.id, c.owner_id.is_(None))
            if uow.conn.execute(select(func.count()).where(*mine)).scalar_one():
                continue
            saved = SavedFilters(uow, database)
            for item in document["filters"]:
                where = " ".join(item["where"].split())
                saved.add(
                    NewFilter(item["name"], where, item["record_type"], item["description"], shared=True)
                )
