"""The live lung database for the tests of masking at its exits."""

from tests.metamodel.lung import desk, postgresql_lung, sqlite_lung

__all__ = ["desk", "postgresql_lung", "sqlite_lung"]
