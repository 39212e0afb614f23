"""Methods that cover parts of a text, whatever it says: all of it, or what lies between its ends."""

from __future__ import annotations

from typing import Any, Final

from metamodel.masking.keys import Keys
from metamodel.masking.methods.base import EVERY_KIND, Example, Method, Options, Parameter, text_of
from metamodel.masking.text import COVER, COVERED, MASK, Mask, Masked, covered

# The surnames of two characters that are in use.
_DOUBLE_SURNAMES: Final = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐宇文长孙司徒司空夏侯轩辕端木百里呼延南宫"
    "独孤闻人公冶宗政濮阳淳于单于太叔申屠仲孙钟离鲜于闾丘万俟赫连澹台拓跋西门左丘谷梁"
)
DOUBLE_SURNAMES: Final = frozenset(
    _DOUBLE_SURNAMES[start : start + 2] for start in range(0, len(_DOUBLE_SURNAMES), 2)
)


class Redact(Method):
    """Nothing of the value is shown, not even its length."""

    name, zh, en = "redact", "全部遮盖", "Redact"
    does_zh = "整个值换成固定的文字。"
    does_en = "The whole value becomes a fixed text."
    leaves_zh = "只看得出有没有填写。"
    leaves_en = "Only whether there is a value can be seen."
    kinds = EVERY_KIND
    parameters = (Parameter("text", "替换成", "Replace by", str(MASK), maximum=40, pattern="^.+$"),)
    examples = (Example("青霉素过敏", "＊＊＊"), Example("13800138000", "[已脱敏]", {"text": "[已脱敏]"}))

    def mask(self, options: Options, keys: Keys) -> Mask:
        text = Masked(options["text"])
        return lambda value, person: text


class Password(Method):
    """A password is never shown to anybody."""

    name, zh, en = "password", "密码", "Password"
    does_zh = "一律显示为同样的遮盖，长短也看不出。"
    does_en = "Always the same cover, whatever the length."
    leaves_zh = "只看得出有没有填写。"
    leaves_en = "Only whether there is a value can be seen."
    kinds = EVERY_KIND
    examples = (Example("P@ssw0rd", "＊＊＊"),)

    def mask(self, options: Options, keys: Keys) -> Mask:
        return lambda value, person: MASK


class Name(Method):
    """A person's name: the surname stays, or the first character of a name of another script."""

    name, zh, en = "name", "姓名", "Name"
    does_zh = "保留姓（含复姓），名一律换成两个遮盖字符；其他文字的姓名只留首字。"
    does_en = "The surname stays, single or double; of names in other scripts the first character does."
    leaves_zh = "姓氏仍可见；罕见姓氏、小样本中可能认出本人。"
    leaves_en = "The surname stays visible: a rare one, or a small group, can give a person away."
    examples = (Example("王小明", "王＊＊"), Example("欧阳娜", "欧阳＊＊"), Example("John Smith", "J＊＊"))

    def mask(self, options: Options, keys: Keys) -> Mask:
        def mask(value: Any, person: int | None) -> Any:
            text = text_of(value)
            if len(text) < 2:
                return MASK
            double = len(text) > 2 and text[:2] in DOUBLE_SURNAMES
            return Masked(text[: 2 if double else 1] + COVERED)

        return mask


class Pattern(Method):
    """The first and last characters stay; what lies between is covered."""

    name, zh, en = "pattern", "保留首尾", "Keep both ends"
    does_zh = "保留前几位和后几位，中间逐字遮盖；中间不足两个字时全部遮盖。"
    does_en = "Keeps some characters at both ends and covers each between; all, where fewer than two are."
    leaves_zh = "首尾和长度仍可见；短的值剩下的可能性很少。"
    leaves_en = "Both ends and the length stay visible; little is left to guess of a short value."
    parameters = (
        Parameter("first", "保留前几位", "Keep at the start", 2, maximum=20),
        Parameter("last", "保留后几位", "Keep at the end", 2, maximum=20),
        Parameter("character", "遮盖字符", "Cover with", COVER, maximum=1, pattern="^[＊*#xX●]$"),
    )
    promises = ("length",)
    examples = (
        Example("ZY20260305001", "ZY＊＊＊＊＊＊＊＊＊01"),
        Example("A1234567", "A#######", {"first": 1, "last": 0, "character": "#"}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        first, last, cover = options["first"], options["last"], options["character"]
        return lambda value, person: covered(text_of(value), first, last, cover)
