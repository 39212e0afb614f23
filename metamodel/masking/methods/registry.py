"""The methods there are, in the order in which an editor offers them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from metamodel.masking.methods.bands import AgeBand
from metamodel.masking.methods.base import Method
from metamodel.masking.methods.contacts import Email, Landline, Phone, PostalAddress
from metamodel.masking.methods.covering import Name, Password, Pattern, Redact
from metamodel.masking.methods.documents import BankCard, IdCard
from metamodel.masking.methods.keyed import DateShift, Fake, Hash, Pseudonym
from zhenshu.errors import NotFound

_ALL: Final[tuple[type[Method], ...]] = (
    Name, Phone, IdCard, PostalAddress, Landline, Email, Password, BankCard,
    AgeBand, DateShift, Hash, Pseudonym, Fake, Pattern, Redact,
)  # fmt: skip

METHODS: Final[Mapping[str, Method]] = {each.name: each() for each in _ALL}


def method(name: str) -> Method:
    """
    Raises:
        NotFound: when there is none of this name.
    """
    if name not in METHODS:
        raise NotFound(kind="masking method", kind_zh="脱敏方法", name=name)
    return METHODS[name]
