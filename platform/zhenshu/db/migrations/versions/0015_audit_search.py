"""Searching the audit trail: which entries are about which patient, and indexes for the usual questions."""

import json

import sqlalchemy as sa
from alembic import op

from zhenshu.db.migrations.append_only import make_append_only

revision = "0015_audit_search"
down_revision = "0014_requests"
branch_labels = None
depends_on = None

BATCH = 5000


def upgrade() -> None:
    op.create_table(
        "audit_patient",
        sa.Column("patient_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("patient_id", "entry_id", name=op.f("pk_audit_patient")),
    )
    op.create_index("ix_audit_entry_action_id", "audit_entry", ["action", "id"], unique=False)
    op.create_index("ix_audit_entry_subject_name_id", "audit_entry", ["subject_name", "id"], unique=False)
    op.create_index("ix_audit_entry_resource_id", "audit_entry", ["resource", "id"], unique=False)
    _fill()
    make_append_only("audit_patient")


def _fill() -> None:
    """The patients of the entries that stand already, a batch at a time."""
    conn, after = op.get_bind(), 0
    entries = sa.text(
        "SELECT id, patients FROM audit_entry WHERE id > :after AND patients IS NOT NULL "
        "ORDER BY id LIMIT :most"
    )
    add = sa.text("INSERT INTO audit_patient (patient_id, entry_id) VALUES (:patient, :entry)")
    while rows := conn.execute(entries, {"after": after, "most": BATCH}).all():
        pairs = [{"patient": patient, "entry": row.id} for row in rows for patient in _patients(row.patients)]
        if pairs:
            conn.execute(add, pairs)
        after = rows[-1].id


def _patients(stored: object) -> list[int]:
    known = json.loads(stored) if isinstance(stored, str) else stored
    return sorted(set(known)) if isinstance(known, list) else []
