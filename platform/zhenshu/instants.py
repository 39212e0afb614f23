"""Days and instants as programs write them into requests."""

from __future__ import annotations

from datetime import UTC, datetime

from zhenshu.errors import ZhenshuError

INSTANT_PATTERN = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$"


class NoSuchInstant(ZhenshuError):
    """{text} is no date or time. Nothing was read; write 2026-01-31 or 2026-01-31T08:00:00+08:00."""

    status = 422
    zh = "{text} 不是有效的日期或时间。未读取任何内容，请写成 2026-01-31 或 2026-01-31T08:00:00+08:00。"


def instant_of(text: str) -> datetime:
    """The instant; UTC where it names no zone.

    Raises:
        NoSuchInstant: when it is none.
    """
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise NoSuchInstant(text=text) from error
