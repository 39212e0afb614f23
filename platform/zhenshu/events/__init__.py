"""Events: an outbox in the business transaction, delivered at least once."""

from zhenshu.events.delivery import deliver, given_up, sweep_events
from zhenshu.events.outbox import Event, emit, outbox_event
from zhenshu.events.tables import event_delivery

__all__ = ["Event", "deliver", "emit", "event_delivery", "given_up", "outbox_event", "sweep_events"]
