"""The arithmetic of the seal: each seal covers one row of the trail and the seal before it."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from zhenshu.audit.trail import audit_entry

GENESIS = "0" * 64  # what stands before the first seal


def seal_of(key: bytes, previous: str, seq: int, sealed_at: datetime, entry: Row[Any]) -> str:
    """HMAC-SHA256 (hex) over the previous seal, the number, the time of sealing and the whole row."""
    row = {column.name: plain(getattr(entry, column.name)) for column in audit_entry.c}
    content = json.dumps(
        [previous, seq, plain(sealed_at), row], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hmac.new(key, content.encode(), sha256).hexdigest()


def plain(value: Any) -> Any:
    """A column's value as it stands in the sealed text."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
