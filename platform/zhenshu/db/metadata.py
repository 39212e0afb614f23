"""The platform's own tables share one MetaData; Alembic's single history creates them.

Runtime tables of record types never appear here: `metamodel` owns them.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table

platform_metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row. Each transaction reads it first, so that no request straddles a publish, nor a change of the key
# that blind indexes are made with: all it writes and looks for is of the versions that it read.
catalogue_state = Table(
    "catalogue_state",
    platform_metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("index_version", Integer, nullable=False, server_default="1"),  # what writers use
    Column("index_former", Integer),  # what older values may have still; None when no rotation is under way
    CheckConstraint("id = 1", name="one_row"),
)
