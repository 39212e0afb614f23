"""Measurements of the speed claims; `zhenshu bench` runs them on both databases."""
