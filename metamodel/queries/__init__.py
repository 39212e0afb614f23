"""Queries: filters, pages, counts and streams of records, always within the subject's scope."""

from metamodel.queries.errors import CursorWrong, QueryNotAllowed, QueryWrong
from metamodel.queries.pages import count, needs_write, page
from metamodel.queries.shapes import Page, RecordQuery
from metamodel.queries.streaming import stream

__all__ = [
    "CursorWrong",
    "Page",
    "QueryNotAllowed",
    "QueryWrong",
    "RecordQuery",
    "count",
    "needs_write",
    "page",
    "stream",
]
