"""What a backup says of itself, as its last member."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from zhenshu.backup.errors import BackupDamaged
from zhenshu.security.secrets import Secrets

FORMAT = 1
MANIFEST, DATABASE, FILES, SECRETS = "manifest.json", "database", "files", "secrets"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`database` is sqlite or postgresql; `keys` tells keys apart without telling anything of them."""

    format: int
    database: str
    revision: str
    created_at: str
    database_sha256: str
    files: int
    secrets: bool
    keys: str

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), indent=2).encode()

    @classmethod
    def from_bytes(cls, content: bytes, path: Path) -> Manifest:
        """
        Raises:
            BackupDamaged: when this is no manifest of a format known here.
        """
        try:
            manifest = cls(**json.loads(content))
        except (ValueError, TypeError) as error:
            raise BackupDamaged(
                path=path, reason="its manifest can't be read", reason_zh="清单无法读取"
            ) from error
        if manifest.format != FORMAT:
            reason, reason_zh = f"format {manifest.format} is not known here", f"不认识格式 {manifest.format}"
            raise BackupDamaged(path=path, reason=reason, reason_zh=reason_zh)
        return manifest


def fingerprint(secrets: Secrets) -> str:
    """Equal for equal keys (HMAC-SHA256 with each key of a fixed text)."""
    keys = (secrets.master, secrets.index, secrets.audit)
    return sha256(b"".join(hmac.digest(key, b"zhenshu backup", "sha256") for key in keys)).hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
