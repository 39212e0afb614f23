"""The live lung database for the tests of data quality."""

from tests.metamodel.lung import desk, postgresql_lung, sqlite_lung

__all__ = ["desk", "postgresql_lung", "sqlite_lung"]
