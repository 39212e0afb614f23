"""Whoever the directory lets in no longer is out here soon: logins, tokens and the way by phone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.servers import free_port
from tests.site import Caller, Site
from tests.slapd import PASSWORD, DirectoryServer
from zhenshu.audit import audit_entry
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user
from zhenshu.security.directory import Directory, DirectoryUnavailable, configuration_of
from zhenshu.security.directory import opened as opening
from zhenshu.security.directory.recheck import is_present, recheck_directory
from zhenshu.security.tokens import create_token
from zhenshu.settings import Settings


@pytest.fixture
def wang(hospital: Site, directory: DirectoryServer) -> Caller:
    """Somebody of the directory, signed in."""
    directory.add("wang")
    with hospital.instance.write(SYSTEM, Channel.API) as uow:
        user_id = create_user(uow, "wang", "reader", directory=True).user.id
    caller = hospital.browser("wang", PASSWORD)
    caller.user_id = user_id
    return caller


def script(site: Site, user_id: int | None) -> Caller:
    assert user_id is not None
    with site.instance.write(SYSTEM, Channel.API) as uow:
        token = create_token(uow, user_id, "test").value
    return Caller(site.app, {"Authorization": f"Bearer {token}"})


def test_who_is_gone_is_signed_out_and_tokens_end(
    hospital: Site, directory: DirectoryServer, wang: Caller
) -> None:
    token = script(hospital, wang.user_id)
    recheck_directory(hospital.instance)
    assert wang.get("/session").status_code == 200

    directory.remove("wang")
    recheck_directory(hospital.instance)

    assert wang.get("/session").status_code == 401
    assert token.get("/session").status_code == 401
    with hospital.instance.read(SYSTEM, Channel.API) as uow:
        details = uow.conn.scalars(select(audit_entry.c.detail).where(audit_entry.c.action == "end")).all()
    assert details == [{"by": "directory"}]


def test_a_new_name_in_the_directory_is_no_reason(
    hospital: Site, directory: DirectoryServer, wang: Caller
) -> None:
    directory.rename("wang", "wangfang")
    recheck_directory(hospital.instance)

    assert wang.get("/session").status_code == 200


def test_accounts_from_here_are_left_alone(hospital: Site, directory: DirectoryServer) -> None:
    hospital.user("reader")
    local = hospital.browser("reader")
    recheck_directory(hospital.instance)

    assert local.get("/session").status_code == 200


def test_an_outage_signs_nobody_out(
    hospital: Site, wang: Caller, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = configuration_of(Settings(**settings | {"directory_urls": f"ldaps://127.0.0.1:{free_port()}"}))
    assert gone is not None
    monkeypatch.setitem(hospital.instance.memo, opening.KEY, Directory(gone))

    with pytest.raises(DirectoryUnavailable):
        recheck_directory(hospital.instance)
    assert wang.get("/session").status_code == 200


def test_the_way_by_phone_is_closed_with_the_entry(
    hospital: Site, directory: DirectoryServer, wang: Caller
) -> None:
    assert wang.user_id is not None
    assert is_present(hospital.instance, wang.user_id)
    directory.remove("wang")
    assert not is_present(hospital.instance, wang.user_id)
