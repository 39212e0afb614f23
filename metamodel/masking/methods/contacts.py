"""Methods for ways to reach a person: mobile and landline numbers, e-mail and postal addresses."""

from __future__ import annotations

import re
from typing import Any, Final

from metamodel.masking import fakes
from metamodel.masking.keys import Keys, of_person
from metamodel.masking.methods.base import Example, Method, Options, Parameter, text_of
from metamodel.masking.text import COVER, COVERED, Mask, Masked, covered

COVERING: Final = ("style", "cover")
COVER_OR_REPLACE: Final = {
    "cover": ("遮盖", "Cover"),
    "replace": ("换成虚构号码", "Replace by an invented one"),
}

_BLANKS: Final = re.compile(r"[\s\-()（）]")
_MOBILE: Final = re.compile(r"(?:\+?86|0086)?(1\d{10})", re.ASCII)
_LANDLINE: Final = re.compile(
    r"(?:\(?(0(?:10|2\d|[3-9]\d{2}))\)?[-\s]?)?(\d{7,8})(?:(?:-|转|\s)+\d{1,6})?", re.ASCII
)
_EMAIL: Final = re.compile(r"([^@\s]+)@([^@\s]+\.[^@\s]+)")
_MUNICIPALITIES: Final = "北京|上海|天津|重庆"
_PROVINCE: Final = rf"(?:(?:{_MUNICIPALITIES})市?|[^省市区县]{{2,8}}?(?:省|自治区|特别行政区))"
_CITY: Final = r"(?:[^省市区县]{1,10}?(?:市|自治州|地区|盟)|市辖区)"
_DISTRICT: Final = r"(?:[^省市区县旗路街]{1,12}?(?:区|县|旗|市))"
_PLACES: Final = re.compile(rf"(?P<province>{_PROVINCE})?(?P<city>{_CITY})?(?P<district>{_DISTRICT})?")


class Phone(Method):
    """A mobile number of mainland China, with or without blanks, dashes and +86."""

    name, zh, en = "phone", "手机号", "Mobile phone"
    does_zh = "遮盖中间各位，或换成同样 11 位的虚构号码；认不出的号码全部遮盖。"
    does_en = "Covers the digits between, or invents another of 11 digits; what is no number is all covered."
    leaves_zh = "遮盖时首尾可见：前 3 后 4 位之下只剩一万种可能。"
    leaves_en = "Covered ones show their ends: with 3 and 4 digits, ten thousand numbers are left to try."
    parameters = (
        Parameter("style", "方式", "How", "cover", choices=COVER_OR_REPLACE),
        Parameter("first", "保留前几位", "Keep at the start", 3, maximum=3, when=COVERING),
        Parameter("last", "保留后几位", "Keep at the end", 4, maximum=4, when=COVERING),
    )
    promises = ("length", "consistent")
    examples = (
        Example("13812345678", "138＊＊＊＊5678"),
        Example("+86 138-1234-5678", "＊＊＊＊＊＊＊＊＊78", {"first": 0, "last": 2}),
        Example("13812345678", "18993405893", {"style": "replace"}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        digest, replaced = keys.digest("phone"), options["style"] == "replace"
        first, last = options["first"], options["last"]

        def mask(value: Any, person: int | None) -> Any:
            number = _matched(_MOBILE, _BLANKS.sub("", text_of(value)))[1]
            if replaced:
                return Masked(fakes.phone(fakes.Draw(digest(of_person(number, person)))))
            return covered(number, first, last)

        return mask


class Landline(Method):
    """A landline number: the area code stays."""

    name, zh, en = "landline", "座机号码", "Landline"
    does_zh = "保留区号和末几位，其余遮盖，分机号去掉。"
    does_en = "The area code and the last digits stay; extensions are dropped."
    leaves_zh = "所在城市和末几位可见。"
    leaves_en = "The city and the last digits stay visible."
    parameters = (Parameter("last", "保留后几位", "Keep at the end", 2, maximum=4),)
    examples = (
        Example("010-82345678", "010-＊＊＊＊＊＊78"),
        Example("0571 8765432 转 801", "0571-＊＊＊＊＊＊＊", {"last": 0}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        def mask(value: Any, person: int | None) -> Any:
            area, number = _matched(_LANDLINE, text_of(value)).groups()
            hidden = covered(number, 0, options["last"])
            return Masked(f"{area}-{hidden}") if area else hidden

        return mask


class Email(Method):
    """An e-mail address."""

    name, zh, en = "email", "电子邮箱", "E-mail"
    does_zh = "用户名只留首字符，域名可保留或遮盖。"
    does_en = "Only the first character of the user stays; the domain stays or is covered."
    leaves_zh = "单位自己的域名会说出单位。"
    leaves_en = "A domain of one's own tells the employer."
    parameters = (Parameter("domain", "保留域名", "Keep the domain", True),)
    examples = (
        Example("zhangsan@hospital.cn", "z＊＊@hospital.cn"),
        Example("zhangsan@hospital.cn", "z＊＊@＊＊", {"domain": False}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        def mask(value: Any, person: int | None) -> Any:
            user, domain = _matched(_EMAIL, text_of(value)).groups()
            kept = user[0] if len(user) > 1 else COVER
            return Masked(f"{kept}{COVERED}@{domain if options['domain'] else COVERED}")

        return mask


class PostalAddress(Method):
    """A postal address of China, kept down to a level."""

    name, zh, en = "address", "地址", "Address"
    does_zh = "保留到所选的行政区划，其后一律遮盖；认不出区划的地址全部遮盖。"
    does_en = "Keeps the divisions down to a level and covers the rest; all, where no division is found."
    leaves_zh = "区县仍可见；人口少的区县可能缩小到很少的人。"
    leaves_en = "The district stays visible; a small one may leave few people."
    parameters = (
        Parameter(
            "level", "保留到", "Keep down to", "district",
            choices={
                "province": ("省", "Province"), "city": ("市", "City"), "district": ("区县", "District"),
            },
        ),
    )  # fmt: skip
    examples = (
        Example("北京市海淀区中关村大街1号", "北京市海淀区＊＊"),
        Example("浙江省杭州市西湖区文三路 90 号", "浙江省杭州市＊＊", {"level": "city"}),
        Example("文三路90号", "＊＊＊"),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        levels = ("province", "city", "district")
        kept = levels[: levels.index(options["level"]) + 1]

        def mask(value: Any, person: int | None) -> Any:
            found = _PLACES.match(re.sub(r"\s", "", text_of(value)))
            places = "".join(found[level] or "" for level in kept) if found else ""
            if not places:
                raise ValueError
            return Masked(places + COVERED)

        return mask


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    """
    Raises:
        ValueError: when the whole of `text` is not of this form.
    """
    if (found := pattern.fullmatch(text)) is None:
        raise ValueError
    return found
