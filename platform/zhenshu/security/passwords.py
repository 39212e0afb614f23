"""Passwords: what is accepted, how they are hashed, and one-time passwords."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from zhenshu.errors import ZhenshuError
from zhenshu.security.account_policy import DEFAULT, AccountPolicy

LONGEST = 128  # hashing time must not depend on what a stranger sends
METHOD = "scrypt"  # Flask-AppBuilder's own default; werkzeug's parameters 32768:8:1
NO_PASSWORD = "!"  # in place of a hash: no password has it

_LOOKALIKES = str.maketrans("@0135$!", "aolessi")
_CLASSES = (
    str.islower,
    str.isupper,
    str.isdigit,
    lambda c: not (c.islower() or c.isupper() or c.isdigit()),  # Chinese characters, too
)
# Without letters and digits that look alike on paper (0 O o, 1 l I).
_LETTERS = "".join(c for c in string.ascii_letters + string.digits if c not in "0Oo1lI")


class WeakPassword(ZhenshuError):
    """The new password is not accepted: {reason}. The old one still holds."""

    status = 422
    zh = "新密码未被接受：{reason_zh}。原密码仍然有效。"

    def details(self) -> dict[str, Any]:
        return {"rule": self.values["rule"]}


def hash_password(password: str) -> str:
    return generate_password_hash(password, METHOD)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` has the hash `stored`; takes as long when there is no hash to compare with."""
    if stored is None or stored == NO_PASSWORD:
        check_password_hash(_nobodys_hash(), password)
        return False
    return check_password_hash(stored, password)


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe(16))


def one_time_password() -> str:
    """16 random characters (92 bits) in groups of four, with a dash as the fourth class."""
    while True:
        groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        password = "-".join(groups)
        if _class_count(password) == len(_CLASSES):
            return password


@dataclass(frozen=True, slots=True, repr=False)
class OneTimePassword:
    """A random password with its hash."""

    secret: str
    hashed: str

    @classmethod
    def make(cls) -> OneTimePassword:
        secret = one_time_password()
        return cls(secret, hash_password(secret))


def check_password(
    password: str, user_name: str, policy: AccountPolicy = DEFAULT, earlier_hashes: Iterable[str] = ()
) -> None:
    """
    Raises:
        WeakPassword: for a password that is too short, too simple, too long, common, holds the user's name,
            or is one of `earlier_hashes`.
    """
    if not _is_strong(password, policy):
        length, classes = policy.min_length, policy.min_classes
        raise WeakPassword(
            rule="strength",
            reason=f"use {length} characters of {classes} kinds (lower, upper, digit, other)",
            reason_zh=f"至少 {length} 个字符，且含小写、大写、数字、其他中的 {classes} 类",
        )
    if len(password) > LONGEST:
        raise WeakPassword(
            rule="length", reason=f"it has more than {LONGEST} characters", reason_zh=f"超过 {LONGEST} 个字符"
        )
    if user_name.lower() in password.lower():
        raise WeakPassword(rule="name", reason="it contains the user name", reason_zh="包含用户名")
    if is_common(password):
        raise WeakPassword(rule="common", reason="it is a common password", reason_zh="属于常见密码")
    if any(earlier != NO_PASSWORD and check_password_hash(earlier, password) for earlier in earlier_hashes):
        reason, reason_zh = (
            f"it is one of the last {policy.history}",
            f"与最近 {policy.history} 次使用的密码相同",
        )
        raise WeakPassword(rule="history", reason=reason, reason_zh=reason_zh)


def _is_strong(password: str, policy: AccountPolicy) -> bool:
    if len(set(password)) < 5:  # "aaaaaaaaaaaa" is long and weak
        return False
    return len(password) >= policy.min_length and _class_count(password) >= policy.min_classes


def is_common(password: str) -> bool:
    """Whether `password` is a common word with digits and signs around it: "P@ssw0rd-2026", "Admin123456"."""
    word = password.lower()
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", word)
    letters = re.sub(r"[\W\d_]", "", word)
    return not _common().isdisjoint({word.translate(_LOOKALIKES), bare.translate(_LOOKALIKES), letters})


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(lines)


def _class_count(password: str) -> int:
    return sum(any(is_member(c) for c in password) for is_member in _CLASSES)
