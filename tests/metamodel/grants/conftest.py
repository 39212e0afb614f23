"""The clinic, whose records lie four deep."""

from tests.metamodel.clinic import clinic, postgresql_clinic, sqlite_clinic

__all__ = ["clinic", "postgresql_clinic", "sqlite_clinic"]
