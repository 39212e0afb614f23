"""The audit trail: append-only rows in the business transaction, sealed afterwards."""

from zhenshu.audit.sealer import AuditBroken, anchor_head, seal
from zhenshu.audit.tables import audit_seal
from zhenshu.audit.trail import audit_entry, audit_patient, record
from zhenshu.audit.verify import Fault, FaultKind, verify

__all__ = [
    "AuditBroken",
    "Fault",
    "FaultKind",
    "anchor_head",
    "audit_entry",
    "audit_patient",
    "audit_seal",
    "record",
    "seal",
    "verify",
]
