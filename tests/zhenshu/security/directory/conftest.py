"""A directory, and sites whose people sign in by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import unavailable
from tests.site import Site
from tests.slapd import BASE, CT, SERVICE, SERVICE_PASSWORD, DirectoryServer, find_slapd
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.account_templates import create_template


@pytest.fixture(scope="session")
def slapd() -> Iterator[DirectoryServer]:
    """One directory per test process, started on first use."""
    program = find_slapd()
    if program is None:
        unavailable("slapd")
    server = DirectoryServer(program)
    yield server
    server.stop()


@pytest.fixture
def directory(slapd: DirectoryServer) -> DirectoryServer:
    """A directory without people and groups."""
    slapd.empty()
    return slapd


@pytest.fixture
def settings(directory: DirectoryServer, tmp_path: Path) -> dict[str, Any]:
    """Settings by which the directory is reached over TLS; nobody gets an account by signing in."""
    password = tmp_path / "bind-password"
    password.write_text(f"{SERVICE_PASSWORD}\n")
    return {
        "directory_urls": directory.tls_url,
        "directory_ca_file": str(directory.ca_file),
        "directory_bind_dn": SERVICE,
        "directory_password_file": str(password),
        "directory_base_dn": BASE,
        "directory_seconds": 2,
    }


@pytest.fixture
def hospital(new_site: Callable[..., Site], settings: dict[str, Any], database_url: str) -> Site:
    """A site of that directory; whoever is in the group CT gets a reader's account."""
    site = new_site(database_url, directory_templates=json.dumps({CT.upper(): "CT"}), **settings)
    with site.instance.write(SYSTEM, Channel.API) as uow:
        create_template(uow, name="CT", role="reader", language="en", valid_days=30)
    return site


@pytest.fixture
def closed_hospital(new_site: Callable[..., Site], settings: dict[str, Any]) -> Site:
    """The same where only known users sign in."""
    return new_site(**settings)
