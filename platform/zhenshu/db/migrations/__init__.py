"""The platform's own tables: one linear Alembic history, the same for SQLite and PostgreSQL.

The scripts stand on their own: they import column types and nothing that changes with the code.
"""

from zhenshu.db.migrations.upgrade import (
    SchemaNotAtHead,
    SchemaTooNew,
    differences,
    head,
    knows,
    require_head,
    revision_of,
    upgrade,
)

__all__ = [
    "SchemaNotAtHead",
    "SchemaTooNew",
    "differences",
    "head",
    "knows",
    "require_head",
    "revision_of",
    "upgrade",
]
