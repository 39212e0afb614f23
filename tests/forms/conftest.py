"""The served lung database for the forms' endpoints."""

from tests.metamodel.api.conftest import desk, office, postgresql_lung, sqlite_lung

__all__ = ["desk", "office", "postgresql_lung", "sqlite_lung"]
