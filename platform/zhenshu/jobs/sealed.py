"""Arguments of jobs that may hold a patient's value: encrypted in the job's row, open to its run alone."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from zhenshu.security.secrets import seal, unseal

if TYPE_CHECKING:
    from zhenshu.instance import Instance


def seal_args(instance: Instance, kind: str, args: Mapping[str, Any]) -> bytes:
    return seal(_key(instance), json.dumps(dict(args), ensure_ascii=False).encode(), kind.encode())


def open_args(instance: Instance, row: Row[Any]) -> dict[str, Any]:
    """
    Raises:
        NotDecryptable: when the row was altered or the keys are others.
    """
    if row.sealed_args is None:
        return {}
    plain = unseal(_key(instance), bytes(row.sealed_args), row.kind.encode())
    return dict(json.loads(plain))


def _key(instance: Instance) -> bytes:
    # Its own key, so that nothing sealed elsewhere can be put in its place.
    return hmac.new(instance.secrets.master, b"jobs.args", sha256).digest()
