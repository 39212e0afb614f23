"""Who may do what: subjects, policy, accounts, sessions and secrets."""

from zhenshu.security.grant import Grant
from zhenshu.security.policy import (
    Action,
    Channel,
    Denied,
    GrantPolicy,
    Policy,
    Reach,
    Resource,
    Scope,
    Visibility,
)
from zhenshu.security.subject import NOBODY, SYSTEM, Subject

__all__ = [
    "NOBODY",
    "SYSTEM",
    "Action",
    "Channel",
    "Denied",
    "Grant",
    "GrantPolicy",
    "Policy",
    "Reach",
    "Resource",
    "Scope",
    "Subject",
    "Visibility",
]
