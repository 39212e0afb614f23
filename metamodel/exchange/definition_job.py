"""The job `definitions.import`: a definition from stored files into a draft.

Arguments: `file_ids` (uploads of the one who imports), `names` (as they stood in a folder, or null), `code`,
`label`, `expected_version` (see `store_import`). The result names the import whose report was kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metamodel.definitions import DefinitionInvalid
from metamodel.exchange.errors import FileTooLarge
from metamodel.exchange.importing import read_import, store_import
from metamodel.exchange.source import DEFINITION_LIMIT, SourceFile
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.jobs import JobKind, JobRun
from zhenshu.storage import open_file, stat_file

SHOWN = 100  # problems of a refused document that the job's log tells


def run_definition_import(run: JobRun) -> Mapping[str, Any]:
    """Read the files one by one, understand them, and store the draft: the only step that writes."""
    args = run.args
    ids: list[int] = args["file_ids"]
    steps = len(ids) + 2
    files: list[SourceFile] = []
    names = args.get("names") or [None] * len(ids)
    for number, (file_id, name) in enumerate(zip(ids, names, strict=True)):
        run.checkpoint(number, steps)
        with run.read() as uow:
            files.append(uploaded_source(uow, file_id, name))
    run.checkpoint(len(ids), steps)
    imported = read_import(files, args.get("code"), args.get("label"))
    run.checkpoint(len(ids) + 1, steps)
    try:
        with run.write() as uow:
            stored = store_import(uow, files, imported, args.get("expected_version"))
            run.checkpoint(steps, steps, None, uow)
    except DefinitionInvalid as error:
        _log(run, error)
        raise
    return {
        "import": stored.id,
        "kind": stored.draft.kind,
        "code": stored.draft.code,
        "draft_version": stored.draft.version,
        "not_carried": len(stored.report["not_carried"]),
    }


def uploaded_source(uow: UnitOfWork, file_id: int, name: str | None = None) -> SourceFile:
    """A file that the subject sent; `name` is where it stood in the folder it comes from.

    Raises:
        NotFound: when there is no such file, or another person sent it.
        FileTooLarge: when it has more bytes than a definition may have.
    """
    file = stat_file(uow, file_id)
    if file.created_by_id != uow.subject.id:
        raise NotFound(kind="file", kind_zh="文件", name=file_id)
    shown = _printable(name) if name else file.name
    if file.size > DEFINITION_LIMIT:
        raise FileTooLarge(file=shown, limit=DEFINITION_LIMIT)
    with open_file(uow, file_id) as stream:
        return SourceFile(shown, stream.read())


def uploaded_sources(
    uow: UnitOfWork, ids: Sequence[int], names: Sequence[str] | None = None
) -> list[SourceFile]:
    """Several such files; `names` has one for each."""
    return [uploaded_source(uow, file_id, names[n] if names else None) for n, file_id in enumerate(ids)]


def _printable(name: str) -> str:
    return "".join(character for character in name if character.isprintable())


def _log(run: JobRun, error: DefinitionInvalid) -> None:
    for problem in error.problems[:SHOWN]:
        run.log("error", f"{problem.path}：{problem.zh}", f"{problem.path}: {problem.en}")


DEFINITION_IMPORT = JobKind(
    "definitions.import",
    {"zh": "导入定义", "en": "Import a definition"},
    run_definition_import,
    max_attempts=2,
)
