"""REDCap's logic: translated into our language and written back, or refused with the reason."""

from __future__ import annotations

from rules_dsl.redcap.lookup import (
    RedcapDictionary,
    RedcapLookup,
    RedcapName,
    RedcapNames,
    RedcapVariable,
)
from rules_dsl.redcap.translate import translate_redcap
from rules_dsl.redcap.writer import print_redcap

__all__ = [
    "RedcapDictionary",
    "RedcapLookup",
    "RedcapName",
    "RedcapNames",
    "RedcapVariable",
    "print_redcap",
    "translate_redcap",
]
