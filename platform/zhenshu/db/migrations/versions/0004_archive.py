"""The archive: DICOM studies and series."""

import sqlalchemy as sa
from alembic import op

revision = "0004_archive"
down_revision = "0003_metamodel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dicom_study",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("study_instance_uid", sa.String(length=64), nullable=False),
        sa.Column("accession_number", sa.String(length=64), nullable=True),
        sa.Column("study_date", sa.Date(), nullable=True),
        sa.Column("study_time", sa.Time(), nullable=True),
        sa.Column("modalities", sa.String(length=64), nullable=True),
        sa.Column("study_description", sa.String(length=255), nullable=True),
        sa.Column("body_part", sa.String(length=64), nullable=True),
        sa.Column("institution", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_dicom_study_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dicom_study")),
        sa.UniqueConstraint("study_instance_uid", name=op.f("uq_dicom_study_study_instance_uid")),
    )
    op.create_index(
        op.f("ix_dicom_study_accession_number"), "dicom_study", ["accession_number"], unique=False
    )
    op.create_index(op.f("ix_dicom_study_patient_id"), "dicom_study", ["patient_id"], unique=False)
    op.create_index(op.f("ix_dicom_study_study_date"), "dicom_study", ["study_date"], unique=False)
    op.create_table(
        "dicom_series",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("study_id", sa.BigInteger(), nullable=False),
        sa.Column("series_instance_uid", sa.String(length=64), nullable=False),
        sa.Column("modality", sa.String(length=16), nullable=True),
        sa.Column("series_number", sa.Integer(), nullable=True),
        sa.Column("series_description", sa.String(length=255), nullable=True),
        sa.Column("body_part_examined", sa.String(length=64), nullable=True),
        sa.Column("manufacturer", sa.String(length=128), nullable=True),
        sa.Column("slice_thickness", sa.Double(), nullable=True),
        sa.Column("instance_count", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["dicom_study.id"], name=op.f("fk_dicom_series_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dicom_series")),
        sa.UniqueConstraint("series_instance_uid", name=op.f("uq_dicom_series_series_instance_uid")),
    )
    op.create_index(op.f("ix_dicom_series_study_id"), "dicom_series", ["study_id"], unique=False)
