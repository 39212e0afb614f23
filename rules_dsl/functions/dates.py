"""Functions of dates and times. All are local and naive; today and now come from the context."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

from rules_dsl.functions.declaration import Function, Parameter, SqlKit
from rules_dsl.nodes import Call
from rules_dsl.types import DATED, NUMERIC, RuleType

DATE_ARGUMENT = Parameter("date", "日期", DATED)
CLOCK_ARGUMENT = Parameter("time", "时间", frozenset({RuleType.DATETIME, RuleType.TIME}))

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
MOST_MONTHS: Final = 150_000
MONTHS_OF_UNIT: Final = {"month": 1, "year": 12}

Moment = TypeVar("Moment", date, datetime)


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


def shifted(moment: Moment, months: int, seconds: int) -> Moment | None:
    """`moment` so many months later, its day cut to the month's last one, and then so many seconds later.

    `seconds` are whole days for a date. None where a step leaves the years 1 to 9999.
    """
    if months:
        year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
        if not 1 <= year <= 9999:
            return None
        last = monthrange(year, month + 1)[1]
        moment = moment.replace(year=year, month=month + 1, day=min(moment.day, last))
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _add_units(unit: str) -> Any:
    size = MONTHS_OF_UNIT[unit]

    def add(moment: date, count: float) -> date | None:
        return shifted(moment, int(count) * size, 0) if abs(count) <= MOST_MONTHS / size else None

    return add


def _age_months(birth: date, at: date) -> float:
    months = (at.year - birth.year) * 12 + at.month - birth.month
    return float(months - (at.day < birth.day))


def _age_years(birth: date, at: date) -> float:
    had_birthday = (at.month, at.day) >= (birth.month, birth.day)
    return float(at.year - birth.year - (not had_birthday))


def _date_of(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _read(name: str) -> Callable[[Any], float]:
    if name == "weekday":
        return lambda moment: float(moment.isoweekday())
    return lambda moment: float(getattr(moment, name))


def _part(
    name: str,
    zh: str,
    doc: str,
    doc_zh: str,
    gives: str,
    argument: Parameter = DATE_ARGUMENT,
    example: str = "@2026-03-05",
) -> Function:
    return Function(
        name,
        zh,
        (argument,),
        RuleType.NUMBER,
        doc,
        doc_zh,
        f"{name}({example})",
        gives,
        python=_read(name),
        sql=lambda kit, moment: kit.part(moment, name),
        small=True,
    )


def _add(unit: str, zh: str, example: str, gives: str) -> Function:
    size, units, units_zh = MONTHS_OF_UNIT[unit], f"{unit}s", {"month": "月", "year": "年"}[unit]
    return Function(
        f"add_{units}",
        zh,
        (DATE_ARGUMENT, Parameter(units, f"{units_zh}数", NUMERIC)),
        None,
        f"The date that many whole {units} later; a day that the month does not have becomes its last one; "
        "missing outside the years 1 to 9999.",
        f"若干整{units_zh}之后的日期；当月没有的日子取月末；超出公元 1 至 9999 年则缺失。",
        example,
        gives,
        python=_add_units(unit),
        sql=lambda kit, moment, count: kit.add_months(moment, count, size),
    )


FUNCTIONS: Final = (
    _part("year", "年份", "The year.", "年份。", "2026"),
    _part("month", "月份", "The month, 1 to 12.", "月份，1 到 12。", "3"),
    _part("day", "日号", "The day of the month.", "几号。", "5"),
    _part("weekday", "星期几", "The day of the week, 1 (Monday) to 7.", "星期几，1（周一）到 7。", "4"),
    _part("hour", "小时数", "The hour, 0 to 23.", "小时，0 到 23。", "14", CLOCK_ARGUMENT, "@14:20"),
    _part("minute", "分钟数", "The minute, 0 to 59.", "分钟，0 到 59。", "20", CLOCK_ARGUMENT, "@14:20"),
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
    _add("month", "加月数", "add_months(@2026-01-31, 1)", "2026-02-28"),
    _add("year", "加年数", "add_years(@2024-02-29, 1)", "2025-02-28"),
    Function(
        "age_months",
        "月龄",
        (Parameter("birth", "出生日期", DATED), Parameter("at", "截至", DATED, default=Call("today", ()))),
        RuleType.NUMBER,
        "Completed months of age at a date, today if none is given.",
        "到某日（缺省为今天）的足月数。",
        "age_months(@2025-11-06, @2026-03-05)",
        "3",
        python=_age_months,
        sql=lambda kit, birth, at: kit.age_months(birth, at),
        small=True,
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
