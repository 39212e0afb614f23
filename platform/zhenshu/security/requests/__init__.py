"""Requests for access, decided by people, and access in emergencies, reviewed by people."""

from zhenshu.security.requests.acts import ask, grant, refuse, revoke, take_back
from zhenshu.security.requests.deciders import may_decide
from zhenshu.security.requests.emergency import (
    Emergency,
    Place,
    emergencies_to_review,
    get_emergency,
    list_emergencies,
    longest_minutes,
    review,
    running,
    take,
)
from zhenshu.security.requests.emergency import end as end_emergency
from zhenshu.security.requests.ends import sweep_requests
from zhenshu.security.requests.errors import (
    AskedAlready,
    AskWrong,
    EmergencyOver,
    NotForYou,
    NotInEmergency,
    OwnRequest,
    RequestSettled,
    ReviewRefused,
    WiderThanAsked,
)
from zhenshu.security.requests.model import ASKABLE, SHORTEST_REASON, STATES, Request, Step, Wanted, in_order
from zhenshu.security.requests.reading import count_waiting, get_request, list_requests, steps_of
from zhenshu.security.requests.uses import Use, note_use, uses_of, write_uses

__all__ = [
    "ASKABLE",
    "SHORTEST_REASON",
    "STATES",
    "AskWrong",
    "AskedAlready",
    "Emergency",
    "EmergencyOver",
    "NotForYou",
    "NotInEmergency",
    "OwnRequest",
    "Place",
    "Request",
    "RequestSettled",
    "ReviewRefused",
    "Step",
    "Use",
    "Wanted",
    "WiderThanAsked",
    "ask",
    "count_waiting",
    "emergencies_to_review",
    "end_emergency",
    "get_emergency",
    "get_request",
    "grant",
    "in_order",
    "list_emergencies",
    "list_requests",
    "longest_minutes",
    "may_decide",
    "note_use",
    "refuse",
    "review",
    "revoke",
    "running",
    "steps_of",
    "sweep_requests",
    "take",
    "take_back",
    "uses_of",
    "write_uses",
]
