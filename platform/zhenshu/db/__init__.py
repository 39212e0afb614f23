"""Connections, transactions and the platform's own tables, on SQLite and PostgreSQL alike."""

from zhenshu.db.engine import make_engine
from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import ExactDecimal, JsonText, UtcDateTime
from zhenshu.db.unit_of_work import UnitOfWork

__all__ = ["ExactDecimal", "JsonText", "UnitOfWork", "UtcDateTime", "make_engine", "platform_metadata"]
