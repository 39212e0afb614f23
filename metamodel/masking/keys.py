"""Keys of masking: one per scope, derived from a secret of the instance, which never leaves the server.

The same patient gets the same replacements within a scope; without the secret nobody can tell which
replacements of two scopes belong together.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Final

from zhenshu.security.secrets import Secrets

Digest = Callable[[bytes], bytes]

_PURPOSE: Final = "masking"


class Keys:
    """The keys of one scope, e.g. of a database."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def key(self, use: str) -> bytes:
        """A key of its own for each use."""
        return hmac.digest(self._key, use.encode(), "sha256")

    def digest(self, use: str) -> Digest:
        """A keyed hash of its own for each use (HMAC-SHA256, 32 bytes)."""
        keyed = hmac.new(self.key(use), digestmod="sha256")  # copied, it need not take in the key each time

        def digest(message: bytes) -> bytes:
            made = keyed.copy()
            made.update(message)
            return made.digest()

        return digest


def database_keys(secrets: Secrets, code: str) -> Keys:
    """The keys of a database's scope."""
    return Keys(secrets.derived(_PURPOSE, f"database:{code}"))


def preview_keys(secrets: Secrets) -> Keys:
    """The keys of previews: nobody can find a value by trying samples in the editor."""
    return Keys(secrets.derived(_PURPOSE, "preview"))


def example_keys() -> Keys:
    """Fixed keys of the examples in the documentation; nothing real is masked with them."""
    return Keys(b"example")


def of_person(value: str, person: int | None) -> bytes:
    """What a replacement of a person's value is derived from: the same value of another is another."""
    return f"{'' if person is None else person}\0{value}".encode()
