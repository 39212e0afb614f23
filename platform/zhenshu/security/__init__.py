"""Who may do what: subjects, policy, accounts, sessions and secrets."""

from zhenshu.security.policy import (
    Action,
    Channel,
    Denied,
    Policy,
    Resource,
    RolePolicy,
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
    "Policy",
    "Resource",
    "RolePolicy",
    "Scope",
    "Subject",
    "Visibility",
]
