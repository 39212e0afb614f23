"""Notices: what the house tells one user, in the transaction in which it happened."""

from zhenshu.notices.notices import (
    News,
    Notice,
    count_unread,
    list_notices,
    mark_all_read,
    mark_read,
    notify,
    sweep_notices,
    withdraw,
)
from zhenshu.notices.tables import notice

__all__ = [
    "News",
    "Notice",
    "count_unread",
    "list_notices",
    "mark_all_read",
    "mark_read",
    "notice",
    "notify",
    "sweep_notices",
    "withdraw",
]
