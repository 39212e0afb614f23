"""Functions of dates and times. All are local and naive; today and now come from the context."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from rules_dsl.functions.declaration import Function, Parameter, SqlKit
from rules_dsl.nodes import Call
from rules_dsl.types import DATED, NUMERIC, RuleType

DATE_ARGUMENT = Parameter("date", "日期", DATED)

SECONDS: Final = {
    "y": 365.2425 * 86400,
    "M": 30.44 * 86400,
    "w": 7 * 86400.0,
    "d": 86400.0,
    "h": 3600.0,
    "m": 60.0,
    "s": 1.0,
}
UNITS: Final = {
    **{unit: unit for unit in SECONDS},
    **dict.fromkeys(("year", "years", "年"), "y"),
    **dict.fromkeys(("month", "months", "月"), "M"),
    **dict.fromkeys(("week", "weeks", "周"), "w"),
    **dict.fromkeys(("day", "days", "天", "日"), "d"),
    **dict.fromkeys(("hour", "hours", "小时", "时"), "h"),
    **dict.fromkeys(("minute", "minutes", "分钟", "分"), "m"),
    **dict.fromkeys(("second", "seconds", "秒"), "s"),
}
MOST_DAYS: Final = 4_000_000.0


def _difference(start: date, end: date, unit: str) -> float:
    return (end - start).total_seconds() / SECONDS[unit]


def _difference_sql(kit: SqlKit, start: Any, end: Any, unit: str) -> Any:
    return (kit.seconds(end) - kit.seconds(start)) / kit.number(SECONDS[unit])


def _add_days(moment: date, days: float) -> date | None:
    if abs(days) > MOST_DAYS:
        return None
    try:
        return moment + timedelta(days=int(days))
    except OverflowError:
        return None


def _age_years(birth: date, at: date) -> float:
    had_birthday = (at.month, at.day) >= (birth.month, birth.day)
    return float(at.year - birth.year - (not had_birthday))


def _date_of(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _part(name: str, zh: str, doc: str, doc_zh: str, gives: str) -> Function:
    return Function(
        name,
        zh,
        (DATE_ARGUMENT,),
        RuleType.NUMBER,
        doc,
        doc_zh,
        f"{name}(@2026-03-05)",
        gives,
        python=lambda moment: float(getattr(moment, name)),
        sql=lambda kit, moment: kit.part(moment, name),
        small=True,
    )


FUNCTIONS: Final = (
    _part("year", "年份", "The year.", "年份。", "2026"),
    _part("month", "月份", "The month, 1 to 12.", "月份，1 到 12。", "3"),
    _part("day", "日号", "The day of the month.", "几号。", "5"),
    Function(
        "date_of",
        "取日期",
        (DATE_ARGUMENT,),
        RuleType.DATE,
        "The date of a date with time.",
        "日期时间中的日期。",
        "date_of(@2026-03-05T14:20)",
        "2026-03-05",
        python=_date_of,
        sql=lambda kit, moment: kit.date_of(moment),
    ),
    Function(
        "datediff",
        "日期差",
        (
            Parameter("start", "起", DATED),
            Parameter("end", "止", DATED),
            Parameter("unit", "单位", frozenset({RuleType.TEXT}), literal=True, words=UNITS),
        ),
        RuleType.NUMBER,
        "From start to end, negative if end is earlier, with fractions. Units: y (365.2425 d), M (30.44 d), "
        "w, d, h, m, s or their words.",
        "从起到止的时长，止早于起则为负，含小数。"
        "单位：年（365.2425 天）、月（30.44 天）、周、天、小时、分钟、秒。",
        "datediff(@2026-03-01, @2026-03-05, 'd')",
        "4",
        python=_difference,
        sql=_difference_sql,
        small=True,
    ),
    Function(
        "add_days",
        "加天数",
        (DATE_ARGUMENT, Parameter("days", "天数", NUMERIC)),
        None,
        "The date that many whole days later; fractions are cut off; missing outside the years 1 to 9999.",
        "若干整天之后的日期，小数舍去；超出公元 1 至 9999 年则缺失。",
        "add_days(@2026-02-27, 2)",
        "2026-03-01",
        python=_add_days,
        sql=lambda kit, moment, days: kit.add_days(moment, days),
    ),
    Function(
        "age_years",
        "周岁",
        (Parameter("birth", "出生日期", DATED), Parameter("at", "截至", DATED, default=Call("today", ()))),
        RuleType.NUMBER,
        "Completed years of age at a date, today if none is given.",
        "到某日（缺省为今天）的周岁。",
        "age_years(@1960-03-06, @2026-03-05)",
        "65",
        python=_age_years,
        sql=lambda kit, birth, at: kit.age_years(birth, at),
        small=True,
    ),
    Function(
        "today",
        "今天",
        (),
        RuleType.DATE,
        "The date of the evaluation, in its zone.",
        "求值当天的日期（按时区）。",
        "today()",
        "2026-03-05",
        form="today",
    ),
    Function(
        "now",
        "现在",
        (),
        RuleType.DATETIME,
        "The time of the evaluation, in its zone.",
        "求值的时刻（按时区）。",
        "now()",
        "2026-03-05T14:20:00",
        form="now",
    ),
)
