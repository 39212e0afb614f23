"""Phone numbers of accounts: one spelling, kept encrypted, found by a keyed hash, shown in part."""

from __future__ import annotations

import hmac
import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from zhenshu.errors import Conflict, ZhenshuError
from zhenshu.security.secrets import seal, unseal

if TYPE_CHECKING:
    from zhenshu.instance import Instance

_MOBILE = re.compile(r"1[3-9]\d{9}")  # of mainland China
_ABROAD = re.compile(r"\+[1-9]\d{6,14}")  # E.164
_CONTEXT = b"account.phone"


class BadPhone(ZhenshuError):
    """That is no phone number: give 11 digits, or + and the country's code. Nothing was changed."""

    status = 422
    zh = "手机号无效：请填写 11 位手机号，或以 + 和国家代码开头的号码。未作任何修改。"


class PhoneTaken(Conflict):
    """Another user has this phone number. Nothing was changed."""

    zh = "该手机号已属于另一位用户。未作任何修改。"


def normal_phone(text: str) -> str:
    """The one spelling of a number: no spaces or dashes, no +86 before a mobile number of China.

    Raises:
        BadPhone.
    """
    number = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"^(\+|00)86(?=1)", "", number)
    if not number.isascii() or not (_MOBILE.fullmatch(number) or _ABROAD.fullmatch(number)):
        raise BadPhone
    return number


def phone_columns(instance: Instance, text: str | None) -> dict[str, Any]:
    """What the table `account` keeps of a number; None keeps nothing.

    Raises:
        BadPhone.
    """
    if text is None:
        return {"phone_sealed": None, "phone_index": None}
    number = normal_phone(text)
    sealed = seal(_key(instance), number.encode(), _CONTEXT)
    return {"phone_sealed": sealed, "phone_index": phone_index(instance, number)}


def phone_index(instance: Instance, number: str) -> str:
    """The keyed hash by which a number in its one spelling is found."""
    return instance.secrets.blind_index("account.phone", number)


def open_phone(instance: Instance, sealed: bytes) -> str:
    """The number in clear, to send a code to.

    Raises:
        NotDecryptable.
    """
    return unseal(_key(instance), bytes(sealed), _CONTEXT).decode()


def masked_phone(instance: Instance, sealed: bytes | None) -> str:
    """'138****5678': enough to tell numbers apart. Empty where there is none."""
    if sealed is None:
        return ""
    number = open_phone(instance, sealed)
    return f"{number[:3]}****{number[-4:]}"


def _key(instance: Instance) -> bytes:
    # Its own key, so that nothing sealed elsewhere can be put in its place.
    return hmac.new(instance.secrets.master, b"accounts.phone", sha256).digest()
