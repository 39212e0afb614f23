"""What each statistics package's file can hold: names, labels, texts, dates, reasons for missing values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

_SPSS_WORDS: Final = "all and by eq ge gt le lt ne not or to with"
_STATA_WORDS: Final = (
    "_all _b byte _coef _cons double float if in int long _n _pi _pred _rc _skip str strl using with"
)
_SAS_WORDS: Final = "_n_ _error_ _file_ _infile_ _msg_ _iorc_ _cmd_"
_R_WORDS: Final = (
    "if else repeat while function for next break true false null inf nan na na_integer_ na_real_ "
    "na_character_ na_complex_ in"
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The limits of one file format. A limit of None is none."""

    name: str
    extension: str
    media_type: str
    title: str
    longest_name: int | None = None  # characters, ASCII
    words: str = ""  # names that are taken, in lower case
    longest_label: int | None = None
    longest_value_label: int | None = None
    label_bytes: bool = True  # labels are counted in bytes of UTF-8, else in characters
    longest_text: int | None = None  # bytes of UTF-8
    first_day: date | None = None
    doubles: bool = True  # all numbers are IEEE doubles
    reasons: int = 0  # how many reasons for a missing value a numeric variable can hold
    numbered: bool = False  # value labels belong to numbers alone

    @property
    def taken(self) -> frozenset[str]:
        return frozenset(self.words.split())


_GREGORIAN: Final = date(1582, 10, 15)

SAV: Final = Dialect(
    "sav", "sav", "application/x-spss-sav", "SPSS", longest_name=64, words=_SPSS_WORDS, longest_label=255,
    longest_value_label=120, longest_text=32_767, first_day=_GREGORIAN, reasons=50,
)  # fmt: skip
DTA: Final = Dialect(
    "dta", "dta", "application/x-stata-dta", "Stata", longest_name=32, words=_STATA_WORDS, longest_label=80,
    longest_value_label=32_000, label_bytes=False, first_day=date(100, 1, 1), reasons=26, numbered=True,
)  # fmt: skip
XPT: Final = Dialect(
    "xpt", "xpt", "application/x-sas-xport", "SAS", longest_name=32, words=_SAS_WORDS, longest_label=255,
    longest_text=32_767, first_day=_GREGORIAN,
)  # fmt: skip
RDATA: Final = Dialect("rdata", "RData", "application/x-r-data", "R", longest_name=255, words=_R_WORDS)
PARQUET: Final = Dialect("parquet", "parquet", "application/vnd.apache.parquet", "Parquet", doubles=False)

DIALECTS: Final = {item.name: item for item in (SAV, DTA, XPT, RDATA, PARQUET)}
