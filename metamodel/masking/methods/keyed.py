"""Methods that need the scope's key: the same patient gets the same replacement, and nobody can go back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from metamodel.masking import fakes
from metamodel.masking.keys import Keys, of_person
from metamodel.masking.methods.base import EVERY_KIND, Example, Method, Options, Parameter, text_of
from metamodel.masking.text import Mask, Masked

# Crockford's base 32: no letter that looks like a digit.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_HALF: Final = 20  # bits of half a patient's code
_ROUNDS: Final = 8
_REMEMBERED: Final = 65_536  # patients at a time


class Hash(Method):
    """A keyed hash of the value, by which equal values can be told."""

    name, zh, en = "hash", "哈希", "Keyed hash"
    does_zh = "换成带密钥的哈希（HMAC-SHA256）前若干位，同一病种库内相同的值得到相同的结果。"
    does_en = "The first digits of a keyed hash (HMAC-SHA256); equal values of one database give equal ones."
    leaves_zh = "看得出哪些值相等、出现多少次；没有服务器密钥无法由猜测的值验证。"
    leaves_en = (
        "Which values are equal, and how often, shows; guesses can't be tried without the server's key."
    )
    kinds = EVERY_KIND
    parameters = (Parameter("length", "位数", "Digits", 16, minimum=12, maximum=64),)
    promises = ("consistent",)
    examples = (
        Example("ZY20260305001", "ecfcd7000dee85e8"),
        Example("ZY20260305001", "ecfcd7000dee", {"length": 12}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        digest, length = keys.digest("hash"), options["length"]
        return lambda value, person: Masked(digest(str(value).strip().encode()).hex()[:length])


class Pseudonym(Method):
    """A readable code in the place of a patient, or of a value."""

    name, zh, en = "pseudonym", "假名编码", "Pseudonym"
    does_zh = (
        "换成便于阅读的编码。按患者：同一患者在同一病种库内总是同一个编码，不同患者决不相同；"
        "按值：相同的值得到相同的编码。"
    )
    does_en = (
        "A readable code. By patient: a patient has one code within a database, and no two share one. By "
        "value: equal values have equal codes."
    )
    leaves_zh = "同一患者的各条记录可以连在一起；编码本身不含任何信息。"
    leaves_en = "Records of one patient can be joined; the code itself holds nothing."
    kinds = EVERY_KIND
    parameters = (
        Parameter(
            "of", "编码对象", "Code of", "patient",
            choices={"patient": ("患者", "The patient"), "value": ("值", "The value")},
        ),
        Parameter("prefix", "前缀", "Prefix", "P", maximum=8, pattern="^[A-Za-z0-9]*$"),
    )  # fmt: skip
    promises = ("consistent", "injective")
    examples = (
        Example("王小明", "P-STRM-MNQQ"),
        Example("CT00012345", "CT-YJKF-TYK4-E9D5-H5B7", {"of": "value", "prefix": "CT"}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        start = f"{options['prefix']}-" if options["prefix"] else ""
        if options["of"] == "value":
            digest = keys.digest("pseudonym of a value")
            return lambda value, person: Masked(
                start + _code(int.from_bytes(digest(str(value).strip().encode())[:10], "big"), 16)
            )
        permuted = _permutation(keys.key("pseudonym of a patient"))
        return lambda value, person: Masked(start + _code(permuted(_known(person)), 8))


class DateShift(Method):
    """A date moved by some days, by the same number in all records of one patient."""

    name, zh, en = "date_shift", "日期平移", "Date shift"
    does_zh = "同一患者的所有日期移动同样的天数（不为零），时间间隔不变；可保持星期几。"
    does_en = "All dates of a patient move by the same days, never none; intervals stay, weekdays if wanted."
    leaves_zh = "年龄和时间间隔近似可见；知道一个真实日期就能推出该患者的其他日期。"
    leaves_en = "Rough age and intervals show; who knows one true date of a patient knows the others."
    kinds = ("date", "datetime")
    parameters = (
        Parameter("days", "最多移动天数", "Days at most", 180, minimum=7, maximum=3650),
        Parameter("weekday", "保持星期几", "Keep the weekday", False),
    )
    promises = ("consistent", "intervals", "type")
    examples = (
        Example(date(2026, 3, 5), date(2026, 1, 14)),
        Example(date(2026, 3, 5), date(2026, 2, 19), {"weekday": True, "days": 28}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        digest, step = keys.digest("date shift"), 7 if options["weekday"] else 1
        most = options["days"] // step

        @lru_cache(_REMEMBERED)
        def shift(person: int) -> timedelta:
            draw = fakes.Draw(digest(str(person).encode()))
            days = (1 + draw.below(most)) * step
            return timedelta(days=days if draw.below(2) else -days)

        def mask(value: Any, person: int | None) -> Any:
            if not isinstance(value, date):
                raise ValueError
            return value + shift(_known(person))

        return mask


class Fake(Method):
    """Invented data that looks real."""

    name, zh, en = "fake", "仿真替换", "Realistic replacement"
    does_zh = "换成看起来真实的虚构内容；同一患者的同一个值在同一病种库内总是换成同样的内容。"
    does_en = "Invented data that looks real; a patient's value has one replacement within a database."
    leaves_zh = "虚构内容可能碰巧属于某个真实的人；容易被当成真的，导出时应注明。"
    leaves_en = "It may happen to be some real person's, and may be taken for real: say so with an export."
    parameters = (
        Parameter(
            "of", "内容", "Of what", "name",
            choices={
                "name": ("姓名", "Name"), "phone": ("手机号", "Mobile phone"),
                "landline": ("座机", "Landline"), "email": ("电子邮箱", "E-mail"),
                "address": ("地址", "Address"),
                "id_card": ("身份证号", "Identity card"), "bank_card": ("银行卡号", "Bank card"),
            },
        ),
    )  # fmt: skip
    promises = ("consistent", "check_digit")
    examples = (
        Example("王小明", "花海燕"),
        Example("北京市海淀区中关村大街1号", "汕尾市沙市区丁家街212号", {"of": "address"}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        digest, made = keys.digest(f"fake {options['of']}"), fakes.FAKES[options["of"]]

        def mask(value: Any, person: int | None) -> Any:
            text = text_of(value)
            found = made(fakes.Draw(digest(of_person(text, person))))
            return Masked(found if found != text else made(fakes.Draw(digest(found.encode()))))

        return mask


def _known(person: int | None) -> int:
    """
    Raises:
        ValueError: when nobody knows whose value it is, so that nothing could be consistent.
    """
    if person is None:
        raise ValueError
    return person


def _permutation(key: bytes) -> Callable[[int], int]:
    """A keyed one-to-one map of the numbers below 2^40: a Feistel network, so no two codes are equal."""
    mask = (1 << _HALF) - 1
    rounds = [blake2b(bytes([step]), key=key, digest_size=3) for step in range(_ROUNDS)]

    @lru_cache(_REMEMBERED)
    def permuted(number: int) -> int:
        if not 0 <= number < 1 << 2 * _HALF:
            raise ValueError
        left, right = number >> _HALF, number & mask
        for keyed in rounds:
            made = keyed.copy()
            made.update(right.to_bytes(3, "big"))
            left, right = right, left ^ (int.from_bytes(made.digest(), "big") & mask)
        return left << _HALF | right

    return permuted


def _code(number: int, length: int) -> str:
    """`number` in base 32, four characters a group: "7K3M-9QXD"."""
    groups = []
    for _ in range(length // 4):
        number, group = divmod(number, 1 << 20)
        groups.append(_PAIRS[group >> 10] + _PAIRS[group & 1023])
    return "-".join(reversed(groups))
