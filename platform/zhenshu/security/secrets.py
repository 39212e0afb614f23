"""Key files of an instance, kept outside the database, and what is sealed with them."""

from __future__ import annotations

import hmac
import os
import secrets as _random
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhenshu.errors import ZhenshuError

KEY_BYTES = 32
NAMES = ("master", "index", "audit", "session")


class SecretsMissing(ZhenshuError):
    """The key file {path} is missing or damaged. Restore it from the backup of the secrets folder."""

    zh = "密钥文件 {path} 缺失或损坏。请从密钥目录的备份中恢复。"


class NotDecryptable(ZhenshuError):
    """A protected value can't be decrypted: its key is another one, or it was altered."""

    zh = "受保护的值无法解密：密钥不符或内容已被改动。"


@dataclass(frozen=True, repr=False)
class Secrets:
    """Four 32-byte keys: `master` wraps patient keys, `index` makes blind indexes, `audit` seals the
    trail, `session` signs cookies and tokens."""

    master: bytes
    index: bytes
    audit: bytes
    session: bytes
    folder: Path = Path()

    @classmethod
    def create(cls, folder: Path) -> Secrets:
        """Make the keys that do not exist yet (mode 0600) and load all."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in NAMES:
            path = folder / f"{name}.key"
            if not path.exists():
                _write_key(path)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Secrets:
        """
        Raises:
            SecretsMissing: when a key file is absent or has the wrong length.
        """
        return cls(**{name: _read_key(folder / f"{name}.key") for name in NAMES}, folder=folder)

    def wrapping(self, version: int) -> bytes:
        """The key of this version that patients' keys are wrapped with. The first is `master` itself.

        Read when it is asked for: another process may have made it since this one began.

        Raises:
            SecretsMissing: when its file is absent or damaged.
        """
        return self.master if version == 1 else _read_key(self.folder / wrapping_name(version))

    def create_wrapping(self, version: int) -> None:
        """Make the key of this version, unless it is there already."""
        path = self.folder / wrapping_name(version)
        if not path.exists():
            _write_key(path)

    def indexing(self, version: int) -> bytes:
        """The key of this version that blind indexes of patients' values are made with.

        The first is `index` itself. A key file never changes, so a later one is read once.

        Raises:
            SecretsMissing: when its file is absent or damaged.
        """
        return self.index if version == 1 else _read_once(self.folder / indexing_name(version))

    def create_indexing(self, version: int) -> None:
        """Make the key of this version, unless it is there already."""
        path = self.folder / indexing_name(version)
        if not path.exists():
            _write_key(path)

    def blind_index(self, system: str, value: str, version: int = 1) -> str:
        """A keyed hash by which an identifying value can be found, never read (HMAC-SHA256, hex)."""
        return hmac.new(self.indexing(version), f"{system}\0{value}".encode(), sha256).hexdigest()

    def derived(self, purpose: str, scope: str, version: int = 1) -> bytes:
        """A key of 32 bytes for one purpose and scope, from which nobody can get to another (HKDF-SHA256)."""
        info, key = f"{purpose}\0{scope}".encode(), self.indexing(version)
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=b"zhenshu derived key", info=info).derive(key)


def wrapping_name(version: int) -> str:
    """The file of a wrapping key after the first, which is `master.key`."""
    return f"wrapping-{version}.key"


def indexing_name(version: int) -> str:
    """The file of an index key after the first, which is `index.key`."""
    return f"index-{version}.key"


def _write_key(path: Path) -> None:
    """A new random key; the file is whole on disk, or not there."""
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_random.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    os.link(beside, path)  # fails where another process was faster: its key stands
    beside.unlink()


def _read_key(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError as error:
        raise SecretsMissing(path=path) from error
    if len(key) != KEY_BYTES:
        raise SecretsMissing(path=path)
    return key


@lru_cache(maxsize=16)
def _read_once(path: Path) -> bytes:
    return _read_key(path)


def seal(key: bytes, plain: bytes, context: bytes = b"") -> bytes:
    """Encrypt with AES-256-GCM; the 12-byte nonce comes first. `context` must be given again to open."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(key: bytes, sealed: bytes, context: bytes = b"") -> bytes:
    """
    Raises:
        NotDecryptable: for another key, another context or altered bytes.
    """
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], context)
    except (InvalidTag, ValueError) as error:
        raise NotDecryptable from error
