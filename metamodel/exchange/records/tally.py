"""What became of the rows of an import so far: counts, and the rejected ones, kept batch by batch."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

from metamodel.catalogue.model import Database
from metamodel.exchange.records.files import rejected_attributes
from metamodel.exchange.records.storing import Outcome
from metamodel.records import Problem
from zhenshu.cells import harmless
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.storage import delete_file, open_file, put_file

HEADER = ("row", "record_type", "field", "code", "reason_zh", "reason_en", "value")
_BLOCK = 1 << 20


class Job(Protocol):
    """The import that rows belong to."""

    @property
    def id(self) -> int: ...

    @property
    def args(self) -> Mapping[str, Any]: ...


@dataclass
class Tally:
    """Counts by record type, and ids of the stored lists of rejected rows, one for each batch with any.

    Both travel in the job's cursor, so that a killed import goes on exactly where it stood.
    """

    rows: int = 0
    rejected_rows: int = 0
    warnings: int = 0
    unidentified: int = 0  # added records that the same file would add again
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    lists: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> Tally:
        known = ("rows", "rejected_rows", "warnings", "unidentified", "counts", "lists")
        return cls(**{name: cursor[name] for name in known if name in cursor})

    def to_cursor(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "rejected_rows": self.rejected_rows,
            "warnings": self.warnings,
            "unidentified": self.unidentified,
            "counts": self.counts,
            "lists": self.lists,
        }

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            states = self.counts.setdefault(outcome.target.type, {})
            if outcome.state != "rejected" or outcome.target.row:
                states[outcome.state] = states.get(outcome.state, 0) + 1
            if outcome.state == "added" and outcome.target.identity() is None:
                self.unidentified += 1
            if outcome.state != "rejected":
                self.warnings += len(outcome.problems)

    def keep_rejected(self, uow: UnitOfWork, lines: Sequence[Sequence[str]], job: Job) -> None:
        """Store the lines of one batch in the batch's own transaction."""
        if lines:
            self.rejected_rows += len({line[0] for line in lines})
            self.lists.append(_put(uow, _stream([lines]), f"import-{job.id}-part.csv", job))


def rejected_lines(
    outcomes: Iterable[Outcome], refused: Iterable[tuple[int, Sequence[Problem]]], database: Database
) -> list[tuple[str, ...]]:
    """Lines of the list, by row. An identifying value is not shown."""
    lines = [(row, _line(row, "", problem, "")) for row, problems in refused for problem in problems]
    for outcome in outcomes:
        if outcome.state != "rejected" or not outcome.target.row:
            continue
        target = outcome.target
        for problem in outcome.problems:
            if problem.severity == "error":
                shown = _shown(database, target.type, problem.field, target.values)
                lines.append((target.row, _line(target.row, target.type, problem, shown)))
    return [line for _, line in sorted(lines, key=lambda item: item[0])]


def _line(row: int, type_code: str, problem: Problem, shown: str) -> tuple[str, ...]:
    # A field's name may be the file's own, and a message the designer's.
    told = (type_code, problem.field, problem.code, problem.zh, problem.en, shown)
    return (str(row), *map(harmless, told))


def _shown(database: Database, type_code: str, code: str, values: Mapping[str, Any]) -> str:
    found = database.record_type(type_code).by_code.get(code)
    if found is None or found.identifying or values.get(code) is None:
        return ""
    return str(values[code])[:200]


def join_lists(uow: UnitOfWork, tally: Tally, job: Job) -> int | None:
    """One CSV file of all rejected rows so far; None when there are none."""
    if not tally.lists:
        return None
    with tempfile.TemporaryFile() as whole:
        _write(whole, [HEADER])
        for part in tally.lists:
            with open_file(uow, part) as stream:
                while block := stream.read(_BLOCK):
                    whole.write(block)
        whole.seek(0)
        return _put(uow, whole, f"import-{job.id}-rejected.csv", job)


def drop_lists(uow: UnitOfWork, tally: Tally) -> None:
    """Delete the batches' own lists, once they are joined for good."""
    for part in tally.lists:
        delete_file(uow, part)


def _put(uow: UnitOfWork, stream: IO[bytes], name: str, job: Job) -> int:
    attributes = rejected_attributes(job.id, job.args["database"], job.args.get("record_type"))
    return put_file(uow, name, stream, "text/csv", attributes).id


def _stream(groups: Iterable[Sequence[Sequence[str]]]) -> IO[bytes]:
    stream = io.BytesIO()
    for lines in groups:
        _write(stream, lines)
    stream.seek(0)
    return stream


def _write(stream: IO[bytes], lines: Sequence[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    stream.write(text.getvalue().encode())
