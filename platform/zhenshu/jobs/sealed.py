"""What a job's row keeps encrypted, since it may hold a patient's value: some arguments, and why it failed.

Arguments are open to the job's run alone. The whole error is for who submitted the job: it may name a file or
quote its heading; others read its outline.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from zhenshu.errors import ZhenshuError
from zhenshu.security.secrets import NotDecryptable, seal, unseal

if TYPE_CHECKING:
    from zhenshu.instance import Instance

ARGS, ERROR = b"jobs.args", b"jobs.error"
SEALED = "sealed"  # where the row's error keeps the whole of it


def seal_args(instance: Instance, kind: str, args: Mapping[str, Any]) -> bytes:
    return seal(_key(instance, ARGS), json.dumps(dict(args), ensure_ascii=False).encode(), kind.encode())


def open_args(instance: Instance, row: Row[Any]) -> dict[str, Any]:
    """
    Raises:
        NotDecryptable: when the row was altered or the keys are others.
    """
    if row.sealed_args is None:
        return {}
    plain = unseal(_key(instance, ARGS), bytes(row.sealed_args), row.kind.encode())
    return dict(json.loads(plain))


def sealed_error(instance: Instance, error: BaseException, job_id: int) -> dict[str, Any]:
    """What a job's row keeps of `error`: its outline to read, and the whole of it sealed.

    Of an error that is not ours there is its class alone, for its words may quote anything.
    """
    if not isinstance(error, ZhenshuError):
        name = type(error).__name__
        return {"code": name, "zh": f"意外错误：{name}", "en": f"Unexpected error: {name}", "details": {}}
    whole = {"zh": error.message("zh"), "en": error.message("en"), "details": error.details()}
    plain = json.dumps(whole, ensure_ascii=False, default=str).encode()
    return {
        "code": error.code(),
        "zh": error.outline("zh"),
        "en": error.outline("en"),
        "details": {},
        SEALED: b64encode(seal(_key(instance, ERROR), plain, str(job_id).encode())).decode(),
    }


def whole_error(instance: Instance, row: Row[Any]) -> dict[str, Any] | None:
    """Why the job of `row` failed, as its submitter is told; the outline where that can't be read."""
    stored = row.error
    if not stored or SEALED not in stored:
        return dict(stored) if stored else None
    outline = {name: value for name, value in stored.items() if name != SEALED}
    try:
        plain = unseal(_key(instance, ERROR), b64decode(stored[SEALED]), str(row.id).encode())
    except NotDecryptable:
        return outline  # one altered row must not take the list of all jobs away
    return outline | dict(json.loads(plain))


def _key(instance: Instance, use: bytes) -> bytes:
    # Keys of their own, so that nothing sealed elsewhere can be put in its place.
    return hmac.new(instance.secrets.master, use, sha256).digest()
