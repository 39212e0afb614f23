"""Tables of the patient index. Identifiers are found by a blind index and stored sealed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")

patient = Table(
    "patient",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

# `system` names who issued the identifier, e.g. "db:lung_nodule" or "DE02.01.030.00".
patient_identifier = Table(
    "patient_identifier",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("patient_id", BigInteger, ForeignKey("patient.id"), nullable=False, index=True),
    Column("system", String(80), nullable=False),
    Column("blind", String(64), nullable=False),  # Secrets.blind_index(system, value)
    Column("sealed", LargeBinary, nullable=False),  # under the patient's key
    UniqueConstraint("system", "blind"),
)

# One random 256-bit key per patient, wrapped by the master key. Destroying it forgets the patient.
patient_key = Table(
    "patient_key",
    platform_metadata,
    Column("patient_id", BigInteger, ForeignKey("patient.id"), primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary),  # None once destroyed
    Column("key_version", Integer, nullable=False, server_default="1", index=True),  # what it is wrapped with
    Column("created_at", UtcDateTime, nullable=False),
    Column("destroyed_at", UtcDateTime),
)

# The versions of the key that patients' keys are wrapped with. The keys themselves are files outside the
# database; one version is current, older ones are retiring until no patient's key needs them.
wrapping_key = Table(
    "wrapping_key",
    platform_metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),  # current | retiring | retired
    Column("created_at", UtcDateTime),
    Column("retired_at", UtcDateTime),
)

# Each replacement of the key of blind indexes, and how far it has come. The versions in use stand in
# `catalogue_state`, the keys themselves are files outside the database.
index_rotation = Table(
    "index_rotation",
    platform_metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, nullable=False, server_default="0"),  # 0 identifiers, then storage_column.id
    Column("after", BigInteger, nullable=False, server_default="0"),  # the last id done there
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("unread", BigInteger, nullable=False, server_default="0"),  # values that did not open
    Column("total", BigInteger, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
