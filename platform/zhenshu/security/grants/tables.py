"""Tables of grants and of the projects that they may name.

A grant is never changed but for its end: an earlier or later `ends_at`, or its revocation.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, false, text

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import JsonText, UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")

access_grant = Table(
    "access_grant",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(16), nullable=False),  # standing | granted | request | emergency
    Column("subject_kind", String(16), nullable=False),  # user | role | project | project_class
    Column("subject_value", String(64), nullable=False),  # a user's or project's id, or a name
    Column("duty", String(32), nullable=False),  # in the project; "" for any
    Column("resource", String(129), nullable=False),  # "", "lung" or "lung.patient"
    Column("type_id", String(64)),  # of the record type that it names: its code may change
    Column("gone", Boolean, nullable=False, server_default=false()),  # that type is no longer there
    Column("patient_id", BigInteger),  # records of one patient alone
    Column("actions", JsonText, nullable=False),
    Column("own", Boolean, nullable=False),  # records that the subject owns, no others
    Column("row_rule", Text, nullable=False),  # "" for every row
    Column("classes", JsonText, nullable=False),  # {"plain": "show", "identifying": "mask"}
    Column("grade", Integer, nullable=False),  # the highest grade of examinations that it reaches
    Column("channels", JsonText),  # None for all
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),  # the first instant at which it no longer holds
    Column("reason", String(1000), nullable=False),
    Column("request_id", BigInteger),
    Column("granted_by", Integer),
    Column("granted_by_name", String(128), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("revoked_by", Integer),
    Column("revoked_by_name", String(128)),
    Column("revoked_at", UtcDateTime),
    Column("revoke_reason", String(1000)),
    Index("ix_access_grant_subject", "subject_kind", "subject_value"),
)

# A study with its people and databases. It is closed, never deleted: grants and the trail name it.
project = Table(
    "project",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("label", JsonText, nullable=False),  # {"zh": ..., "en": ...}
    Column("project_class", String(64), nullable=False, index=True),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("created_by", Integer),
    Column("created_by_name", String(128), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
)

# Who has or had which duty in a project; one who left keeps the row with its end.
project_member = Table(
    "project_member",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", Integer, nullable=False),
    Column("user_id", Integer, nullable=False, index=True),
    Column("duty", String(32), nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    Index(
        "uq_project_member_now",
        "project_id",
        "user_id",
        "duty",
        unique=True,
        sqlite_where=text("left_at IS NULL"),
        postgresql_where=text("left_at IS NULL"),
    ),
)

project_database = Table(
    "project_database",
    platform_metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),
    Column("database", String(64), primary_key=True),
)
