"""Whether a saved filter still fits its database, and whether its reader may see what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metamodel.catalogue import Database, RecordType
from metamodel.definitions.following import Named, NamedGone, followed, mentions_in
from metamodel.queries import QueryNotAllowed, QueryWrong
from metamodel.queries.conditions import Filter
from metamodel.records.session import Session
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security import Action, Denied


class FilterFieldGone(ZhenshuError):
    """{name} is no longer in the database, so the rule can't be used as it is."""

    status = 422
    zh = "病种库中已没有 {name}，这条规则暂时无法使用。"


@dataclass(frozen=True, slots=True)
class Reading:
    """A saved filter's rule with the names of today; None, and why, where it can't be used.

    `withheld` says that it names a field which the reader does not see in clear.
    """

    where: str | None
    written: str
    problem: ZhenshuError | None = None
    withheld: bool = False

    @classmethod
    def of(
        cls, uow: UnitOfWork, database: Database, record_type: RecordType, document: Mapping[str, Any]
    ) -> Reading:
        written = document["where"]
        try:
            named = [Named(*item) for item in document["named"]]
            where = followed(written, named, record_type, database)
            _require_types(uow, database, record_type, where)
            read_filter(uow, database, record_type, where)
        except (QueryNotAllowed, Denied) as error:
            return cls(None, "", error, withheld=True)
        except NamedGone as gone:
            return cls(None, written, FilterFieldGone(name=str(gone)))
        except QueryWrong as error:
            return cls(None, written, error)
        return cls(where, where)


def read_filter(uow: UnitOfWork, database: Database, record_type: RecordType, where: str) -> None:
    """
    Raises:
        QueryWrong: when `where` is no condition over the record type.
        QueryNotAllowed: when it names a field that the subject does not see in clear.
        Denied: when the subject may not view records that it names.
    """
    if not where.strip():
        raise QueryWrong(en="it is empty.", zh="它是空的。")
    Filter(Session(uow), record_type, where)


def _require_types(uow: UnitOfWork, database: Database, record_type: RecordType, where: str) -> None:
    """To somebody who may not view a record type that a rule names, the rule says nothing at all.

    Raises:
        Denied: when it names one.
    """
    access = Session(uow).access
    for item in mentions_in(where, record_type, database):
        for named in (item.records, None if item.reached is None else item.reached.type):
            if named is not None:
                access.scope(Action.VIEW, named)


def identifying_fields(where: str, record_type: RecordType, database: Database) -> list[str]:
    """Codes of the identifying fields that a filter names."""
    named = mentions_in(where, record_type, database)
    return sorted(
        {m.reached.field.code for m in named if m.reached is not None and m.reached.field.identifying}
    )
