"""Grants: who may do what with which data, from when until when."""

from zhenshu.security.grants.giving import add_grant, end_grant, get_grant, require_manages, revoke_grant
from zhenshu.security.grants.listing import GrantFilter, list_grants
from zhenshu.security.grants.model import GrantInfo, NewGrant

__all__ = [
    "GrantFilter",
    "GrantInfo",
    "NewGrant",
    "add_grant",
    "end_grant",
    "get_grant",
    "list_grants",
    "require_manages",
    "revoke_grant",
]
