"""Full-width and look-alike characters become plain ones, one for one, so that every offset still holds."""

from __future__ import annotations

from typing import Final

_ALIKE: Final = {
    "\u3000": " ", "，": ",", "；": ";", "：": ":", "？": "?", "！": "!", "（": "(", "）": ")", "［": "[", "］": "]",
    "【": "[", "】": "]", "〔": "(", "〕": ")", "×": "x", "✕": "x", "✖": "x", "╳": "x", "＊": "x", "*": "x", "∗": "x",
    "～": "~", "∼": "~", "〜": "~", "—": "-", "–": "-", "－": "-", "−": "-", "‐": "-", "‑": "-", "﹣": "-",
    "≦": "≤", "≧": "≥", "﹤": "<", "﹥": ">", "〈": "<", "〉": ">", "º": "°", "˚": "°", "µ": "μ", "％": "%",
    "﹪": "%", "．": ".", "＋": "+", "\u00a0": " ", "\u200b": " ", "\ufeff": " ", "\t": " ", "\r": "\n", "\v": "\n",
    "\f": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "┃": "|", "│": "|", "｜": "|", "裏": "里",
    "髒": "脏", "囗": "口", "爲": "为", "臟": "脏", "見": "见", "無": "无", "結": "结", "節": "节", "內": "内",
}  # fmt: skip


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(0x20):
        table[code] = "\n" if code == 0x0A else " "
    table[0x7F] = " "
    for code in range(0xFF01, 0xFF5F):  # the full-width forms of ASCII
        table[code] = chr(code - 0xFEE0).lower()
    for code in range(ord("A"), ord("Z") + 1):
        table[code] = chr(code + 32)
    for code in range(0x2170, 0x217C):  # ⅰ is read as Ⅰ
        table[code] = chr(code - 0x10)
    table.update({ord(char): plain for char, plain in _ALIKE.items()})
    table[ord("Α")], table[ord("Β")] = "a", "b"
    return table


_TABLE: Final = _table()


def fold(text: str) -> str:
    """`text` with plain characters in lower case, each at the place of the one it stands for."""
    return text.translate(_TABLE)
