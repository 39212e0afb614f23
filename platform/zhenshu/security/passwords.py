"""Passwords: what is accepted, how they are hashed, and one-time passwords."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from functools import cache
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from zhenshu.errors import ZhenshuError

LONG = 12  # characters of any class
SHORT = 10  # characters of three classes
LONGEST = 128  # hashing time must not depend on what a stranger sends
HISTORY = 5  # earlier passwords that may not come back
METHOD = "scrypt"  # Flask-AppBuilder's own default; werkzeug's parameters 32768:8:1

_CLASSES = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
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
    if stored is None:
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


def check_password(password: str, user_name: str, earlier_hashes: Iterable[str] = ()) -> None:
    """
    Raises:
        WeakPassword: for a password that is too short, too simple, too long, holds the user's name, or is
            one of `earlier_hashes`.
    """
    needed = f"use {LONG} characters, or {SHORT} of three kinds (lower, upper, digit, other)"
    needed_zh = f"至少 {LONG} 个字符，或 {SHORT} 个字符且含小写、大写、数字、其他中的三类"
    if not _is_strong(password):
        raise WeakPassword(rule="strength", reason=needed, reason_zh=needed_zh)
    if len(password) > LONGEST:
        raise WeakPassword(
            rule="length", reason=f"it has more than {LONGEST} characters", reason_zh=f"超过 {LONGEST} 个字符"
        )
    if user_name.lower() in password.lower():
        raise WeakPassword(rule="name", reason="it contains the user name", reason_zh="包含用户名")
    if any(check_password_hash(earlier, password) for earlier in earlier_hashes):
        reason, reason_zh = f"it is one of the last {HISTORY}", f"与最近 {HISTORY} 次使用的密码相同"
        raise WeakPassword(rule="history", reason=reason, reason_zh=reason_zh)


def _is_strong(password: str) -> bool:
    classes = _class_count(password)
    if len(set(password)) < 5:  # "aaaaaaaaaaaa" is long and weak
        return False
    return len(password) >= LONG or (len(password) >= SHORT and classes >= 3)


def _class_count(password: str) -> int:
    return sum(any(is_member(c) for c in password) for is_member in _CLASSES)
