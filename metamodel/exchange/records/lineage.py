"""The ancestors of exported records: how each of them is named in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from metamodel.catalogue.model import Database, RecordType
from metamodel.masking import View, shown
from metamodel.records.access import Access
from metamodel.records.compiled import joined
from metamodel.storage.protected import Opener, protected_of
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action

CHUNK = 500


class Lineage:
    """Adds to records, under `ancestors`, key, event and repeat key of each record above them."""

    def __init__(
        self, uow: UnitOfWork, database: Database, record_type: RecordType, action: Action = Action.EXPORT
    ) -> None:
        self._uow = uow
        self._above = database.ancestors(record_type.code)
        access = Access(uow)
        self._views = {item.code: access.view(action, item) for item in self._above}

    @property
    def identifying(self) -> list[str]:
        """Paths of identifying keys that are shown in clear."""
        return [
            f"{item.path}.{item.key}" for item in self._above if item.key in self._views[item.code].identifies
        ]

    def add(self, records: Sequence[dict[str, Any]]) -> None:
        """Complete `records` in place."""
        names: dict[int, dict[str, Any]] = {id(record): {} for record in records}
        parents = {id(record): record["parent"] for record in records}
        for item in self._above:
            found = self._load(item, sorted({parent for parent in parents.values() if parent is not None}))
            for record in records:
                row = found.get(parents[id(record)], {})
                names[id(record)][item.code] = row
                parents[id(record)] = row.get("parent")
        for record in records:
            record["ancestors"] = names[id(record)]

    def _load(self, item: RecordType, ids: Sequence[int]) -> Mapping[Any, dict[str, Any]]:
        main, view = item.main, self._views[item.code]
        columns: list[Any] = [main.c.id, main.c.parent, main.c.patient, main.c.event, main.c.repeat_key]
        source: Any = main
        if item.key is not None:
            place = item.field(item.key).place
            columns.append(item.column(item.key).label("key"))
            source = joined(item, {place.part if place else 0})
        keys = protected_of([item.field(item.key)]) if item.key else []
        opener = Opener({5: keys[0]}, 0, 2) if keys else None
        rows: dict[Any, dict[str, Any]] = {}
        for start in range(0, len(ids), CHUNK):
            query = select(*columns).select_from(source).where(main.c.id.in_(ids[start : start + CHUNK]))
            result = self._uow.conn.execute(query)
            names, found = list(result.keys()), [list(row) for row in result]
            if opener is not None:
                opener.open(self._uow, found)
            rows.update({row[0]: _named(item, view, dict(zip(names, row, strict=True))) for row in found})
        return rows


def _named(item: RecordType, view: View, row: dict[str, Any]) -> dict[str, Any]:
    if item.key is None:
        return row
    value = None if item.key in view.hidden else shown(view, item.key, row["key"], row["patient"])
    return row | {item.key: value}
