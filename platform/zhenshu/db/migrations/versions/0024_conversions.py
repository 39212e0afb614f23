"""A field may have several columns, one converted from another; cells that failed are listed.

What history holds of a field that becomes identifying may be sealed, and nothing else in it be changed.
"""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import JsonText, UtcDateTime

revision = "0024_conversions"
down_revision = "0022_index_rotation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("storage_column", sa.Column("frozen_at", UtcDateTime(), nullable=True))
    op.add_column("storage_column", sa.Column("origin", JsonText(), nullable=True))
    op.create_table(
        "conversion_failure",
        sa.Column("column_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("column_id", "record_id", name=op.f("pk_conversion_failure")),
    )
    op.create_table(
        "revision_sealing",
        sa.Column("record_type_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("record_type_id", "field_id", name=op.f("pk_revision_sealing")),
    )
    if op.get_context().dialect.name == "postgresql":
        _let_seal_on_postgresql()
    else:
        _let_seal_on_sqlite()


# All but the two columns that change; and the sealed part must be there, unless the patient was forgotten.
FIXED = (
    "id", "record_type_id", "record_id", "version", "action", "release_id", "patient", "provenance",
    "subject_id", "subject_name", "channel", "at",
)  # fmt: skip
KEPT = (
    "(NEW.sealed IS NOT NULL OR EXISTS (SELECT 1 FROM patient_key k "
    "WHERE k.patient_id = OLD.patient AND k.wrapped IS NULL))"
)
PERMITTED = "SELECT 1 FROM revision_sealing s WHERE s.record_type_id = OLD.record_type_id AND NEW.diff = "


def _let_seal_on_postgresql() -> None:
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in FIXED)
    op.execute(
        "CREATE FUNCTION refuse_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {same} AND {KEPT} AND EXISTS ({PERMITTED} OLD.diff - s.field_id) THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23000'; "
        "END $$"
    )
    op.execute("DROP TRIGGER revision_append_only_rows ON revision")
    for event, act in (("UPDATE", "refuse_unsealed"), ("DELETE", "refuse_change")):
        op.execute(
            f"CREATE TRIGGER revision_append_only_{event.lower()} BEFORE {event} ON revision "
            f"FOR EACH ROW EXECUTE FUNCTION {act}()"
        )


def _let_seal_on_sqlite() -> None:
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in FIXED)
    removed = "json_remove(OLD.diff, '$.\"' || s.field_id || '\"')"
    op.execute("DROP TRIGGER revision_append_only_update")
    op.execute(
        "CREATE TRIGGER revision_append_only_update BEFORE UPDATE ON revision "
        f"WHEN NOT ({same} AND {KEPT} AND EXISTS ({PERMITTED} {removed})) "
        "BEGIN SELECT RAISE(ABORT, 'revision is append-only: UPDATE refused'); END"
    )
