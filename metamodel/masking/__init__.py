"""Masking: what a subject sees of a field, applied where rows leave."""

from metamodel.masking.apply import View, apply, mask_of, shown, to_json, view_of
from metamodel.masking.text import COVER, MASK, Mask, Masked
from metamodel.masking.types import KIND, Masks, live_documents, live_masking_types

__all__ = [
    "COVER",
    "KIND",
    "MASK",
    "Mask",
    "Masked",
    "Masks",
    "View",
    "apply",
    "live_documents",
    "live_masking_types",
    "mask_of",
    "shown",
    "to_json",
    "view_of",
]
