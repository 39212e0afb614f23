"""The table of what quality runs found. Counts only: which records break a rule is asked anew each time."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from metamodel.tables import BigId
from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import UtcDateTime

quality_result = Table(
    "quality_result",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("definition_id", Integer, ForeignKey("definition.id"), nullable=False),  # the database
    Column("type_id", String(64), nullable=False),  # the record type's own id, which renaming leaves alone
    Column("rule", String(128), nullable=False),  # see QualityRule.key
    Column("release_number", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),  # when the run began: the same for all its results
    Column("total", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Index("ix_quality_result_rule", "definition_id", "type_id", "rule", "at"),
)
