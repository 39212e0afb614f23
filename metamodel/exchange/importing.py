"""Importing a definition: from files to a draft, with the report and the document kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from metamodel.definitions import KINDS, Draft, save_draft
from metamodel.exchange.errors import ExchangeError
from metamodel.exchange.reading import Imported, read_definition
from metamodel.exchange.source import SourceFile
from metamodel.tables import definition_import
from zhenshu import audit
from zhenshu.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredImport:
    """An import that was kept: its number, the draft it made and its report."""

    id: int
    draft: Draft
    report: dict[str, Any] = field(repr=False)


def import_definition(
    uow: UnitOfWork, files: Sequence[SourceFile], code: str | None = None, label: str | None = None
) -> tuple[Draft, dict[str, Any]]:
    """Read a definition into the draft `code` (made from the files where none is given).

    Record types and fields keep their ids where the definition is there already: by code. What the
    import understood and what it did not is kept in `definition_import`.

    Raises:
        ExchangeError: when the files can't be read.
        DefinitionInvalid: when a YAML document is not a definition.
        Denied: when the subject may not design.
    """
    stored = store_import(uow, files, read_import(files, code, label))
    return stored.draft, stored.report


def read_import(files: Sequence[SourceFile], code: str | None = None, label: str | None = None) -> Imported:
    """The definition in `files`, with the code and the name it is to get; no database is needed.

    Raises:
        ExchangeError: when the files can't be read.
    """
    imported = read_definition(files, code)
    document = imported.document
    if code:
        document["code"] = code
    if label:
        document["label"] = {"zh": label, "en": label}
    if (kind := document.get("kind")) not in KINDS:
        listed = ", ".join(KINDS)
        reason, reason_zh = (
            f"its kind is {kind!r}, not one of {listed}",
            f"其种类是 {kind!r}，应为 {listed} 之一",
        )
        raise ExchangeError(file=files[0].name, reason=reason, reason_zh=reason_zh)
    return imported


def store_import(
    uow: UnitOfWork, files: Sequence[SourceFile], imported: Imported, expected_version: int | None = None
) -> StoredImport:
    """Make what was read the draft; the import is kept with its report and the document it made.

    `expected_version` is as in `save_draft`: the draft that this one is to replace, 0 for none.

    Raises:
        DefinitionInvalid: when a YAML document is not a definition.
        DraftChanged: when somebody changed the draft since.
        Denied: when the subject may not design.
    """
    draft = save_draft(uow, imported.document["kind"], imported.document, expected_version)
    report = imported.report
    values = {
        "definition_id": draft.id,
        "format": report["format"],
        "files": [_described(file) for file in files],
        "report": report,
        "document": draft.document,
        "imported_by": uow.subject.name,
        "imported_at": uow.at,
    }
    statement = insert(definition_import).values(values).returning(definition_import.c.id)
    import_id: int = uow.conn.execute(statement).scalar_one()
    detail = {
        "import": import_id,
        "format": report["format"],
        "not_carried": len(report["not_carried"]),
        "version": draft.version,
    }
    audit.record(uow, "import_definition", draft.kind, draft.code, detail=detail)
    return StoredImport(import_id, draft, report)


def _described(file: SourceFile) -> dict[str, Any]:
    """Name, size and hash, without reading a large file into memory."""
    digest, size = sha256(), 0
    if isinstance(file.content, Path):
        with file.content.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                size += len(block)
    else:
        digest.update(file.content)
        size = len(file.content)
    return {"name": file.name, "size": size, "sha256": digest.hexdigest()}
