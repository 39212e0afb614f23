"""Modules: one ability each, behind its own package, strangers to one another."""
