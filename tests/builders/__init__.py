"""Builders of what tests are about: say what matters, the rest is filled in. They know no storage."""

from tests.builders.definitions import DatabaseBuilder, LibraryBuilder, a_database, a_library, a_value_set

__all__ = ["DatabaseBuilder", "LibraryBuilder", "a_database", "a_library", "a_value_set"]
