"""The audit trail: append-only rows in the business transaction, sealed afterwards."""

from zhenshu.audit.trail import audit_entry, record

__all__ = ["audit_entry", "record"]
