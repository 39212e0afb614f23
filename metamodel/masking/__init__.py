"""Masking: what a subject sees of a field, applied where rows leave."""

from metamodel.masking.apply import MASK, View, apply, shown, view_of

__all__ = ["MASK", "View", "apply", "shown", "view_of"]
