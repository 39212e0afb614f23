"""The table of who may call what, made from the endpoints' own declarations and the roles.

`python -m tests.attack.routes` writes routes.yaml anew: read its difference before you keep it, for it is
what changes for an attacker.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.attack.castle import endpoints, route_name
from zhenshu.security.roles import ROLES
from zhenshu.web.api import PUBLIC, Endpoint

TABLE = Path(__file__).with_name("routes.yaml")
HEAD = """\
# Who may call what: anyone, whoever is signed in, or who has one of these roles.
# Written by `python -m tests.attack.routes`. What a role may do there with which data is the grants' to say.
"""

Callers = str | list[str]


def callers(endpoint: Endpoint) -> Callers:
    """Who may call it, as the table says it."""
    if endpoint.needs is PUBLIC:
        return "anyone"
    if endpoint.needs is None:
        return "signed in"
    return sorted(role.name for role in ROLES if endpoint.needs in role.permissions)


def declared() -> dict[str, Callers]:
    return {route_name(endpoint): callers(endpoint) for endpoint in endpoints()}


def expected() -> dict[str, Callers]:
    found: dict[str, Callers] = yaml.safe_load(TABLE.read_text())
    return found


def lines() -> Iterator[str]:
    for route, who in sorted(declared().items(), key=lambda item: item[0].split(" ")[::-1]):
        yield f"{route}: {who if isinstance(who, str) else '[' + ', '.join(who) + ']'}\n"


if __name__ == "__main__":
    TABLE.write_text(HEAD + "".join(lines()))
