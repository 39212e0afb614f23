"""What a method does to samples: those an editor typed, or invented ones; never values of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Final

from metamodel.masking import fakes
from metamodel.masking.keys import Keys
from metamodel.masking.methods import METHODS, Method

INVENTED: Final = 5
_FAKED: Final = {
    "name": "name", "phone": "phone", "id_card": "id_card", "address": "address", "landline": "landline",
    "email": "email", "bank_card": "bank_card", "pseudonym": "name", "fake": "name",
}  # fmt: skip
_FIRST_DAY: Final = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample before and after. Each is of a patient of its own; equal samples are of the same one."""

    before: str
    after: str


def masked_samples(
    method: Method, parameters: Mapping[str, Any], samples: Sequence[str], keys: Keys
) -> list[Sample]:
    """The samples as they would be shown; a date or number is read as such where the method takes them."""
    mask = method.make(parameters, keys)
    people = {text: number for number, text in enumerate(dict.fromkeys(samples), 1)}
    return [Sample(text, str(mask(_read(method, text), people[text]))) for text in samples]


def invented_samples(method: Method, parameters: Mapping[str, Any] | None = None) -> list[str]:
    """Values such as the method is for, the same ones each time."""
    draws = [fakes.Draw(sha256(f"{method.name} {number}".encode()).digest()) for number in range(INVENTED)]
    if "date" in method.kinds and "text" not in method.kinds:
        return [(_FIRST_DAY + timedelta(days=draw.below(2000))).isoformat() for draw in draws]
    if method.kinds == ("number",):
        return [str(draw.below(101)) for draw in draws]
    if method.name == "password":
        return [f"Pa{draw.digits(4)}!" for draw in draws]
    kind = _FAKED.get(method.name)
    if method.name == "fake" and parameters:
        kind = str(parameters.get("of", kind))
    if kind is None:
        return [f"ZY{draw.digits(11)}" for draw in draws]
    return [fakes.FAKES[kind](draw) for draw in draws]


def example_of(document: Mapping[str, Any], keys: Keys) -> Sample | None:
    """The example of a masking type before and after; None where it has none or its method is unknown."""
    method, example = METHODS.get(document["method"]), document.get("example")
    if method is None or not example:
        return None
    return masked_samples(method, document.get("parameters", {}), [example], keys)[0]


def _read(method: Method, text: str) -> Any:
    """`text` as a date or number where the method takes nothing else, else as it is."""
    if "text" in method.kinds:
        return text
    try:
        if "date" in method.kinds:
            return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
        return Decimal(text)
    except (ValueError, InvalidOperation):
        return text
