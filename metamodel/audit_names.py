"""What databases, record types, definitions and fields are called, for the trail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import select

from metamodel.catalogue import Database, catalogue_of
from metamodel.catalogue.model import Field, Label
from metamodel.definitions.schema import KINDS
from metamodel.tables import definition
from zhenshu.audit.labels import AuditNames, Key, Named
from zhenshu.db.unit_of_work import UnitOfWork

SAVED = ("saved_filter", "cohort")  # named after the database, by number
BETWEEN = " · "


def _resources(uow: UnitOfWork, keys: Collection[Key]) -> Mapping[Key, Named]:
    return dict(_named(uow, keys)) | _definitions(uow, keys)


def _named(uow: UnitOfWork, keys: Collection[Key]) -> Iterator[tuple[Key, Named]]:
    """What live databases have: they, their record types, what was saved in them."""
    databases = catalogue_of(uow).databases
    for kind, resource in keys:
        if kind not in ("records", "databases", "patients", *SAVED):
            continue
        code, mark, rest = resource.partition("/" if kind in SAVED else ".")
        if (database := databases.get(code)) is None:
            continue
        if not mark:
            yield (kind, resource), _both(database.label)
        elif kind in SAVED:
            yield (kind, resource), _both(database.label, Label(f"#{rest}", f"#{rest}"))
        elif (found := next((each for each in database.record_types if each.code == rest), None)) is not None:
            yield (kind, resource), _both(database.label, found.label)


def _definitions(uow: UnitOfWork, keys: Collection[Key]) -> dict[Key, Named]:
    codes = {resource for kind, resource in keys if kind in KINDS}
    if not codes:
        return {}
    query = select(definition.c.kind, definition.c.code, definition.c.label).where(
        definition.c.code.in_(codes)
    )
    found = {(row.kind, row.code): Label.of(row.label) for row in uow.conn.execute(query)}
    return {key: _both(label) for key, label in found.items() if key in keys}


def _fields(uow: UnitOfWork, key: Key, codes: Collection[str]) -> Mapping[str, Named]:
    """By the resource's own record type, else by another of its database: exports name those above, too."""
    kind, resource = key
    if kind not in ("records", *SAVED):
        return {}
    code, _, rest = resource.partition("/" if kind in SAVED else ".")
    database = catalogue_of(uow).databases.get(code)
    if database is None:
        return {}
    found: dict[str, Named] = {}
    for field in _ordered(database, rest):
        if field.code in codes:
            found.setdefault(field.code, _both(field.label))
    return found


def _ordered(database: Database, first: str) -> Iterator[Field]:
    for record_type in sorted(database.record_types, key=lambda each: each.code != first):
        yield from record_type.fields


def _both(*labels: Label) -> Named:
    return {
        "zh": BETWEEN.join(label.text("zh") for label in labels),
        "en": BETWEEN.join(label.text("en") for label in labels),
    }


AUDIT_NAMES = AuditNames(_resources, _fields)
