"""Full-width and look-alike characters become plain ones, one for one, so that every offset still holds."""

from __future__ import annotations

from typing import Final

_PAIRS: Final = (
    ("\u3000\u00a0\u200b\ufeff\t", "     "),
    ("\r\v\f\x85\u2028\u2029", "\n\n\n\n\n\n"),
    ("，；：？！（）［］【】〔〕．＋", ",;:?!()[][]().+"),
    ("×✕✖╳＊*∗", "xxxxxxx"),
    ("～∼〜", "~~~"),
    ("—–－−‐‑﹣", "-------"),
    ("≦≧﹤﹥〈〉", "≤≥<><>"),
    ("º˚µ％﹪┃│｜", "°°μ%%|||"),
    ("見無結節內臟腫塊右側", "见无结节内脏肿块右侧"),  # of reports in traditional characters
)


def _table() -> dict[int, str]:
    table: dict[int, str] = {code: " " for code in (*range(0x20), 0x7F)}
    table[0x0A] = "\n"
    table.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))  # halves of characters, from broken files
    table.update({code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)})  # full-width ASCII
    table.update({code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
    table.update({code: chr(code - 0x10) for code in range(0x2170, 0x217C)})  # ⅰ is read as Ⅰ
    for written, plain in _PAIRS:
        table.update({ord(one): other for one, other in zip(written, plain, strict=True)})
    return table


_TABLE: Final = _table()


def fold(text: str) -> str:
    """`text` with plain characters in lower case, each at the place of the one it stands for."""
    return text.translate(_TABLE)
