"""Importing a definition: from files to a draft, with the report kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from metamodel.definitions import KINDS, Draft, save_draft
from metamodel.exchange.errors import ExchangeError
from metamodel.exchange.reading import read_definition
from metamodel.exchange.source import SourceFile
from metamodel.tables import definition_import
from zhenshu import audit
from zhenshu.db.unit_of_work import UnitOfWork


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
    imported = read_definition(files, code)
    document = imported.document
    if code:
        document["code"] = code
    if label:
        document["label"] = {"zh": label, "en": label}
    kind = document.get("kind")
    if kind not in KINDS:
        reason = f"its kind is {kind!r}, not one of {', '.join(KINDS)}"
        raise ExchangeError(file=files[0].name, reason=reason)
    draft = save_draft(uow, kind, document)
    _keep(uow, draft, files, imported.report)
    return draft, imported.report


def _keep(uow: UnitOfWork, draft: Draft, files: Sequence[SourceFile], report: dict[str, Any]) -> None:
    values = {
        "definition_id": draft.id,
        "format": report["format"],
        "files": [_described(file) for file in files],
        "report": report,
        "imported_by": uow.subject.name,
        "imported_at": uow.at,
    }
    uow.conn.execute(insert(definition_import), values)
    detail = {"format": report["format"], "not_carried": len(report["not_carried"]), "version": draft.version}
    audit.record(uow, "import_definition", draft.kind, draft.code, detail=detail)


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
