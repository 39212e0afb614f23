"""What the SQL back end asks of a caller: the column behind a field path, and how related records join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.sql.expression import FromClause

from rules_dsl.types import RuleType


class ProtectedTests(Protocol):
    """What can be asked of an encrypted field that has a value; NULL where it has none."""

    def one_of(self, values: Sequence[Any]) -> ColumnElement[Any]:
        """Whether it equals one of these."""
        ...

    def contains(self, part: str) -> ColumnElement[Any]:
        """Whether `part` is in the text, folding ASCII letters."""
        ...


@dataclass(frozen=True)
class SqlColumn:
    """A stored field. `scale` counts the decimals of a DECIMAL, which SQLite keeps as value * 10**scale.

    `reason` is the missing code of a field without a value, a NULL for one that has none; None where the
    resolver can't tell, so that no rule may ask for it.
    """

    element: ColumnElement[Any]
    type: RuleType
    scale: int = 0
    reason: ColumnElement[Any] | None = None
    protected: ProtectedTests | None = None  # of an encrypted field, of which `element` is the ciphertext


@dataclass(frozen=True)
class SqlRelated:
    """Related records: the table (or join, alias) they come from and what ties them to the outer row.

    A source that the outer query reads too must come as an alias of its own.
    """

    source: FromClause
    condition: ColumnElement[bool]
    columns: SqlResolver


class SqlResolver(Protocol):
    """Finds the columns of one scope; asked only for paths that its TypeResolver knew."""

    def column(self, path: str) -> SqlColumn:
        """The column of the single value that `path` reaches."""
        ...

    def related(self, path: str) -> SqlRelated:
        """The related records that `path` reaches."""
        ...
