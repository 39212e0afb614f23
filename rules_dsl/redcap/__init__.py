"""REDCap's logic as an import dialect: translated into our language, or refused with the reason."""

from __future__ import annotations

from rules_dsl.redcap.lookup import RedcapDictionary, RedcapLookup, RedcapVariable
from rules_dsl.redcap.translate import translate_redcap

__all__ = ["RedcapDictionary", "RedcapLookup", "RedcapVariable", "translate_redcap"]
