"""Events: an outbox in the business transaction, delivered at least once."""

from zhenshu.events.outbox import Event, emit, outbox_event

__all__ = ["Event", "emit", "outbox_event"]
