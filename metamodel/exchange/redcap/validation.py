"""REDCap's text validation types, and the field type and options each of them becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Validation:
    """The field type a validation leads to and its options."""

    type: str
    options: Mapping[str, Any] = field(default_factory=dict)


def _pattern(pattern: str) -> Validation:
    return Validation("string", {"pattern": pattern})


def _format(name: str) -> Validation:
    return Validation("string", {"format": name})


_MINUTE = {"precision": "minute"}
_COMMA = {"decimal_mark": ","}

# A pattern must fit the whole value. They are lenient: they tell a slip of the pen, not a number in use.
VALIDATIONS: Mapping[str, Validation] = {
    "": Validation("string", {"max_length": 10_000}),  # REDCap sets no limit
    "integer": Validation("integer"),
    "number": Validation("float"),  # any count of decimals, so no fixed scale
    "number_comma_decimal": Validation("float", _COMMA),
    **{f"number_{n}dp": Validation("decimal", {"scale": n}) for n in range(1, 5)},
    **{f"number_{n}dp_comma_decimal": Validation("decimal", {"scale": n} | _COMMA) for n in range(1, 5)},
    "date_ymd": Validation("date"),
    "date_dmy": Validation("date", {"text_format": "dmy"}),
    "date_mdy": Validation("date", {"text_format": "mdy"}),
    "datetime_ymd": Validation("datetime", _MINUTE),
    "datetime_dmy": Validation("datetime", {"text_format": "dmy"} | _MINUTE),
    "datetime_mdy": Validation("datetime", {"text_format": "mdy"} | _MINUTE),
    "datetime_seconds_ymd": Validation("datetime"),
    "datetime_seconds_dmy": Validation("datetime", {"text_format": "dmy"}),
    "datetime_seconds_mdy": Validation("datetime", {"text_format": "mdy"}),
    "time": Validation("time", _MINUTE),
    "time_hh_mm_ss": Validation("time"),
    "time_mm_ss": _pattern(r"[0-5]?[0-9]:[0-5][0-9]"),  # a duration, not a time of day
    "alpha_only": _format("letters"),
    "email": _format("email"),
    "phone": _format("phone"),
    "phone_australia": _format("phone"),
    "postalcode_australia": _pattern(r"[0-9]{4}"),
    "postalcode_canada": _pattern(r"[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]"),
    "postalcode_french": _pattern(r"[0-9]{5}"),
    "postalcode_germany": _pattern(r"[0-9]{5}"),
    "zipcode": _format("zip_code"),
    "ssn": _format("ssn"),
    "mrn_10d": _pattern(r"[0-9]{10}"),
    "mrn_generic": _pattern(r"[A-Za-z0-9_-]+"),
    "vmrn": _pattern(r"[0-9]{4,9}"),
}

# Older names, and those of project.xml.
ALIASES: Mapping[str, str] = {
    "int": "integer",
    "float": "number",
    "date": "date_ymd",
    "datetime": "datetime_ymd",
    "datetime_seconds": "datetime_seconds_ymd",
}


def validation_of(name: str) -> Validation | None:
    """What validation type `name` becomes; None when it is not known."""
    return VALIDATIONS.get(ALIASES.get(name, name))
