"""Old entries of the trail leave for sealed files: what was archived may be removed, and nothing else.

Entries are found by outcome and by request, too.
"""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.migrations.append_only import make_append_only
from zhenshu.db.types import UtcDateTime

revision = "0020_audit_retention"
down_revision = "0019_grant_types"
branch_labels = None
depends_on = None

ENTRY_ID = {"audit_entry": "id", "audit_seal": "entry_id", "audit_patient": "entry_id"}
ARCHIVED = (
    "EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = {entry} "
    "AND s.seq <= (SELECT MAX(a.to_seq) FROM audit_archive a))"
)


def upgrade() -> None:
    op.create_table(
        "audit_archive",
        sa.Column(
            "to_seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=128), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("to_seq", name=op.f("pk_audit_archive")),
    )
    op.create_index("ix_audit_patient_entry_id", "audit_patient", ["entry_id"], unique=False)
    op.create_index("ix_audit_entry_outcome_id", "audit_entry", ["outcome", "id"], unique=False)
    op.create_index("ix_audit_entry_request_id", "audit_entry", ["request_id"], unique=False)
    make_append_only("audit_archive")
    if op.get_context().dialect.name == "postgresql":
        _let_go_on_postgresql()
    else:
        _let_go_on_sqlite()


def _let_go_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_unarchived() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE entry bigint := (to_jsonb(OLD) ->> TG_ARGV[0])::bigint; "
        f"BEGIN IF {ARCHIVED.format(entry='entry')} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23000'; "
        "END $$"
    )
    for table, column in ENTRY_ID.items():
        op.execute(f"DROP TRIGGER {table}_append_only_rows ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only_rows BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only_archived BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_unarchived('{column}')"
        )


def _let_go_on_sqlite() -> None:
    for table, column in ENTRY_ID.items():
        op.execute(f"DROP TRIGGER {table}_append_only_delete")
        op.execute(
            f"CREATE TRIGGER {table}_append_only_delete BEFORE DELETE ON {table} "
            f"WHEN NOT {ARCHIVED.format(entry=f'OLD.{column}')} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: DELETE refused'); END"
        )
