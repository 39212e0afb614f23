"""The metamodel: definitions, releases, plans, storage, revisions."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.migrations.append_only import make_append_only
from zhenshu.db.types import JsonText, UtcDateTime

revision = "0003_metamodel"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label", JsonText(), nullable=False),
        sa.Column("draft", JsonText(), nullable=True),
        sa.Column("draft_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("draft_by", sa.String(length=128), nullable=True),
        sa.Column("draft_at", UtcDateTime(), nullable=True),
        sa.Column("live_release_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_definition_kind_code")),
    )
    op.create_table(
        "definition_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", JsonText(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("mapping", JsonText(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("published_by", sa.String(length=128), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_definition_release_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_release")),
        sa.UniqueConstraint(
            "definition_id", "number", name=op.f("uq_definition_release_definition_id_number")
        ),
    )
    op.create_table(
        "definition_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("files", JsonText(), nullable=False),
        sa.Column("report", JsonText(), nullable=False),
        sa.Column("imported_by", sa.String(length=128), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_definition_import_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_import")),
    )
    op.create_table(
        "storage_record_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("type_id", sa.String(length=32), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_storage_record_type_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storage_record_type")),
        sa.UniqueConstraint(
            "definition_id", "type_id", name=op.f("uq_storage_record_type_definition_id_type_id")
        ),
    )
    op.create_table(
        "storage_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_type_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("field_type", sa.String(length=32), nullable=False),
        sa.Column("options", JsonText(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_type_id"], ["storage_record_type.id"], name=op.f("fk_storage_column_record_type_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storage_column")),
    )
    op.create_index("ix_storage_column_field", "storage_column", ["record_type_id", "field_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("from_release_id", sa.Integer(), nullable=True),
        sa.Column("document", JsonText(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("operations", JsonText(), nullable=False),
        sa.Column("report", JsonText(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("applied", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mapping", JsonText(), nullable=True),
        sa.Column("inverse", JsonText(), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("error", JsonText(), nullable=True),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=128), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_plan_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(
        "uq_plan_one_running",
        "plan",
        ["definition_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('expanded', 'backfilled', 'verified')"),
        postgresql_where=sa.text("state IN ('expanded', 'backfilled', 'verified')"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_type_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("patient", sa.BigInteger(), nullable=True),
        sa.Column("diff", JsonText(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("provenance", JsonText(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("subject_name", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint(
            "record_type_id",
            "record_id",
            "version",
            name=op.f("uq_revision_record_type_id_record_id_version"),
        ),
    )
    op.create_table(
        "record_id_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_id_counter")),
    )
    op.create_table(
        "keyed_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("names", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_names")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_keyed_names_code_version")),
    )
    op.execute("INSERT INTO record_id_counter (id, next) VALUES (1, 1)")
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE record_id_seq AS BIGINT")
    make_append_only("revision")
