"""Page cursors: sealed, so that values in them stay private and nobody can make one up."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from metamodel.queries.errors import CursorWrong
from metamodel.queries.order import Term
from metamodel.queries.shapes import RecordQuery
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.secrets import NotDecryptable, seal, unseal


def write(uow: UnitOfWork, query: RecordQuery, terms: Sequence[Term], values: Sequence[Any]) -> str:
    """The cursor that continues `query` after the record with these values of the order's terms."""
    plain = [
        None if value is None else term.to_json(value) for term, value in zip(terms, values, strict=True)
    ]
    sealed = seal(uow.instance.secrets.session, json.dumps(plain).encode(), _bound_to(query))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read(uow: UnitOfWork, query: RecordQuery, terms: Sequence[Term]) -> list[Any]:
    """The values that `query.after` holds.

    Raises:
        CursorWrong: when it was made for another query, or not by this instance.
    """
    text = query.after or ""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = json.loads(unseal(uow.instance.secrets.session, sealed, _bound_to(query)))
    except (ValueError, NotDecryptable) as error:  # base64 and its letters fail as ValueError
        raise CursorWrong() from error
    return [
        None if value is None else term.from_json(value) for term, value in zip(terms, plain, strict=True)
    ]


def _bound_to(query: RecordQuery) -> bytes:
    """What a cursor holds for: the type, filter, order and bin; not the page size or the fields shown."""
    return json.dumps(
        ["page", query.type.path, str(query.where or ""), query.order, query.trashed, query.parent],
        ensure_ascii=False,
    ).encode()
