"""The metamodel's own tables. Rows of record types live in runtime tables, see `metamodel.storage`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import JsonText, UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")

# A versioned document of some kind. The draft is edited under optimistic locking; releases never change.
definition = Table(
    "definition",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),  # database | field_library | value_set | masking_type
    Column("code", String(64), nullable=False),
    Column("label", JsonText, nullable=False),  # {"zh": ..., "en": ...}
    Column("draft", JsonText),  # None: nothing but the last release
    Column("draft_version", Integer, nullable=False, server_default="0"),
    Column("draft_by", String(128)),
    Column("draft_at", UtcDateTime),
    Column("live_release_id", Integer),  # None: never published
    Column("created_by", String(128), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("kind", "code"),
)

# An immutable published version. `mapping` tells where each record type and field is stored.
definition_release = Table(
    "definition_release",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("definition_id", Integer, ForeignKey("definition.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("document", JsonText, nullable=False),
    Column("document_hash", String(64), nullable=False),  # SHA-256 of the canonical JSON
    Column("mapping", JsonText, nullable=False),
    Column("plan_id", Integer),
    Column("note", String(1000), nullable=False, server_default=""),
    Column("published_by", String(128), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    UniqueConstraint("definition_id", "number"),
)

# What an import understood and what it did not, item by item, and the document it made.
definition_import = Table(
    "definition_import",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("definition_id", Integer, ForeignKey("definition.id"), nullable=False),
    Column("format", String(32), nullable=False),
    Column("files", JsonText, nullable=False),  # [{"name", "size", "sha256"}]
    Column("report", JsonText, nullable=False),
    Column("document", JsonText),  # None: imported before documents were kept
    Column("imported_by", String(128), nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    Index("ix_definition_import_definition", "definition_id"),
)

# Every record type ever given storage. `id` numbers its tables: d{definition_id}_{id}.
storage_record_type = Table(
    "storage_record_type",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("definition_id", Integer, ForeignKey("definition.id"), nullable=False),
    Column("type_id", String(32), nullable=False),  # the record type's stable id in the document
    Column("parts", Integer, nullable=False),  # physical tables so far
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("definition_id", "type_id"),
)

# Every column ever made for a field. A dropped field keeps its column, so that it can come back.
storage_column = Table(
    "storage_column",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("record_type_id", Integer, ForeignKey("storage_record_type.id"), nullable=False),
    Column("field_id", String(32), nullable=False),
    Column("part", Integer, nullable=False),
    Column("name", String(16), nullable=False),  # c{id}
    Column("field_type", String(32), nullable=False),
    Column("options", JsonText, nullable=False),  # those that shape the column, e.g. {"scale": 2}
    Column("state", String(16), nullable=False),  # live | frozen
    Column("protected", Boolean, nullable=False, server_default=false()),  # encrypted, with a blind index
    Column("frozen_at", UtcDateTime),  # when a release last left it
    Column("origin", JsonText),  # {"plan", "column"} that its values were converted by and from
    Index("ix_storage_column_field", "record_type_id", "field_id"),
)

# Cells that a conversion could not read. Their raw values are in the column that it read, which stays frozen.
conversion_failure = Table(
    "conversion_failure",
    platform_metadata,
    Column("column_id", Integer, primary_key=True, autoincrement=False),  # storage_column.id, the new one
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("plan_id", Integer, nullable=False),
    Column("code", String(32), nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
)

# Fields whose values in history are being sealed: the one change of it that the database lets pass.
revision_sealing = Table(
    "revision_sealing",
    platform_metadata,
    Column("record_type_id", Integer, primary_key=True, autoincrement=False),
    Column("field_id", String(32), primary_key=True),
)

# One change from a release to the next, and how far it has come.
plan = Table(
    "plan",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("definition_id", Integer, ForeignKey("definition.id"), nullable=False),
    Column("from_release_id", Integer),
    Column("document", JsonText, nullable=False),
    Column("document_hash", String(64), nullable=False),
    Column("draft_version", Integer, nullable=False),
    Column("operations", JsonText, nullable=False),
    Column("report", JsonText, nullable=False),  # dry run: counts and samples per operation
    Column("state", String(16), nullable=False),  # see metamodel.plans.states
    Column("applied", Integer, nullable=False, server_default="0"),  # operations done in this state
    Column("mapping", JsonText),  # grows while expanding
    Column("inverse", JsonText),  # logged by each operation
    Column("lease_owner", String(64)),
    Column("lease_until", UtcDateTime),
    Column("error", JsonText),
    Column("created_by", String(128), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("approved_by", String(128)),
    Column("approved_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # At most one unfinished plan of a database can be past `planned`.
    Index(
        "uq_plan_one_running",
        "definition_id",
        unique=True,
        sqlite_where=text("state IN ('expanded', 'backfilled', 'verified')"),
        postgresql_where=text("state IN ('expanded', 'backfilled', 'verified')"),
    ),
)

# Append-only history of every record: JSON diffs by field id, [old, new]. Identifying fields are not in
# `diff`: their part is `sealed` with the patient's own key, so that a patient can be forgotten.
revision = Table(
    "revision",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("record_type_id", Integer, nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", String(16), nullable=False),  # add | change | trash | restore
    Column("release_id", Integer, nullable=False),
    Column("patient", BigInteger),
    Column("diff", JsonText, nullable=False),
    Column("sealed", LargeBinary),
    Column("provenance", JsonText),
    Column("subject_id", Integer),
    Column("subject_name", String(128), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("record_type_id", "record_id", "version"),
    Index("ix_revision_subject", "subject_id", "id"),  # what a user did lately
)

# Record ids are unique over the whole platform. SQLite takes blocks of them here; PostgreSQL uses the
# sequence `record_id_seq`.
record_id_counter = Table(
    "record_id_counter",
    platform_metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("next", BigInteger, nullable=False),
)

# The names a keyed record type's arrays follow: one list per algorithm version.
keyed_names = Table(
    "keyed_names",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("names", JsonText, nullable=False),
    UniqueConstraint("code", "version"),
)

# Records above the ordinary grade, and those below them. `own` was set on the record itself; `grade` is the
# highest of its own and of all above it. `record_type` is the number of the storage, or a mapped type's path.
record_grade = Table(
    "record_grade",
    platform_metadata,
    Column("record_type", String(129), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("definition_id", Integer, nullable=False, index=True),
    Column("own", Integer, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("set_by_name", String(128), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)
