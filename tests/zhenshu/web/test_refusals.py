"""Who tries what is not allowed stands in the trail, and can't flood it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from tests.site import Site
from zhenshu.audit import audit_entry
from zhenshu.audit.seldom import _TOLD
from zhenshu.security import SYSTEM, Channel


def attempts(site: Site) -> list[Any]:
    entry = audit_entry.c
    with site.instance.read(SYSTEM, Channel.AUDIT) as uow:
        query = select(entry.subject_name, entry.resource, entry.outcome, entry.detail)
        found = uow.conn.execute(query.where(entry.action == "attempt").order_by(entry.id))
        return [tuple(row) for row in found]


def test_a_refusal_is_told_once_a_minute_for_each_person_and_route(
    new_site: Callable[..., Site], database_url: str
) -> None:
    site = new_site(database_url)
    li, wang = site.script("reader", "li"), site.script("reader", "wang")

    for caller in (li, li, wang, li):
        assert caller.get("/audit?resource=MR-77310").status_code == 403
    site.instance.memo.pop(_TOLD)  # another process
    assert li.get("/audit/5").status_code == li.get("/audit").status_code == 403

    denied = {"code": "Denied"}
    assert attempts(site) == [
        ("li", "GET /audit", "denied", denied),
        ("wang", "GET /audit", "denied", denied),
        ("li", "GET /audit/<int:id>", "denied", denied | {"id": 5}),
    ]


def test_what_is_allowed_or_not_there_is_no_attempt(new_site: Callable[..., Site], database_url: str) -> None:
    site = new_site(database_url)

    assert site.script("audit_admin").get("/audit").status_code == 200
    assert site.script("reader").get("/jobs/900").status_code == 404
    assert site.stranger().get("/audit").status_code == 401

    assert attempts(site) == []
