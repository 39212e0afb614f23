"""Columns of local dates and times: on SQLite text to the second, which compares in SQL as it reads."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import DateTime, Dialect, Text, Time
from sqlalchemy.types import TypeDecorator, TypeEngine


class LocalDateTime(TypeDecorator[datetime]):
    """A naive local moment: '2026-03-05 14:20:00' on SQLite, `timestamp without time zone` elsewhere."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value.isoformat(" ", "seconds") if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value


class LocalTime(TypeDecorator[time]):
    """A naive time of day: '14:20:00' on SQLite, `time without time zone` elsewhere."""

    impl = Time
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Time())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value.isoformat("seconds") if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> time | None:
        return time.fromisoformat(value) if isinstance(value, str) else value
