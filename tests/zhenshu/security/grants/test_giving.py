"""Giving and ending grants, and what a user holds by name, role and duty, at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.subjects import DATA_ROLES
from zhenshu.audit.trail import audit_entry
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel, Denied, Subject
from zhenshu.security.accounts import change_user, create_user
from zhenshu.security.grants import (
    GrantFilter,
    NewGrant,
    add_grant,
    end_grant,
    list_grants,
    require_manages,
    revoke_grant,
)
from zhenshu.security.grants.errors import BeyondOwn, GrantOver, GrantWrong, OwnGrant
from zhenshu.security.grants.model import CLEAR
from zhenshu.security.grants.standing import give_standing
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.projects import (
    NewProject,
    ProjectChanged,
    ProjectClosed,
    ProjectExists,
    ProjectWrong,
    add_member,
    add_project,
    change_project,
    close_project,
    end_membership,
)
from zhenshu.security.subjects import load_subject

LABEL = {"zh": "研究", "en": "Study"}


def a_user(instance: Instance, name: str, role: str = "reader") -> int:
    with instance.write(SYSTEM, Channel.API) as uow:
        return create_user(uow, name, role, "Correct-Horse-7").user.id


def as_user(instance: Instance, user_id: int) -> Subject:
    with instance.read(SYSTEM, Channel.API) as uow:
        return load_subject(uow.conn, user_id)


def resources(instance: Instance, user_id: int) -> list[str]:
    return [grant.resource for grant in as_user(instance, user_id).grants]


def give(instance: Instance, new: NewGrant, by: Subject = SYSTEM) -> int:
    with instance.write(by, Channel.API) as uow:
        return add_grant(uow, new).id


def test_a_user_holds_what_is_for_the_user_and_for_the_users_roles(instance: Instance) -> None:
    li, wang = a_user(instance, "li"), a_user(instance, "wang", "researcher")
    give(instance, NewGrant("user", str(li), "lung", ["view"]))
    give(instance, NewGrant("role", "researcher", "liver", ["view"]))

    assert resources(instance, li) == ["lung"]
    assert resources(instance, wang) == ["liver"]
    with instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, li, roles=["researcher"])
    assert resources(instance, li) == ["lung", "liver"]


def test_a_grant_begins_ends_and_is_revoked(instance: Instance) -> None:
    li = a_user(instance, "li")
    with instance.write(SYSTEM, Channel.API) as uow:
        soon = replace(NewGrant("user", str(li), "soon", ["view"]), starts_at=uow.at + timedelta(hours=1))
        add_grant(uow, soon)
        kept = add_grant(uow, NewGrant("user", str(li), "kept", ["view"])).id
        over = add_grant(uow, NewGrant("user", str(li), "over", ["view"])).id
    assert resources(instance, li) == ["kept", "over"]

    with instance.write(SYSTEM, Channel.API) as uow:
        end_grant(uow, over, uow.at, "done")
        revoke_grant(uow, kept, "left the study")

    assert resources(instance, li) == []
    for grant in (over, kept):
        with pytest.raises(GrantOver), instance.write(SYSTEM, Channel.API) as uow:
            revoke_grant(uow, grant, "again")
    with instance.read(SYSTEM, Channel.API) as uow:
        states = [(each.resource, each.state) for each in list_grants(uow, GrantFilter())]
        assert states == [("over", "ended"), ("kept", "revoked"), ("soon", "future")]
        for resource, state in states:
            assert [each.resource for each in list_grants(uow, GrantFilter(state=state))] == [resource]


def test_every_act_is_in_the_trail_without_what_was_typed(instance: Instance) -> None:
    li = a_user(instance, "li")
    made = give(instance, NewGrant("user", str(li), "lung", ["view"], reason="secret reason"))
    with instance.write(SYSTEM, Channel.API) as uow:
        end_grant(uow, made, uow.at + timedelta(days=1), "secret reason")
        revoke_grant(uow, made, "secret reason")

    with instance.read(SYSTEM, Channel.API) as uow:
        of_grants = select(audit_entry).where(audit_entry.c.resource_kind == "grants")
        rows = uow.conn.execute(of_grants.order_by(audit_entry.c.id)).mappings().all()
    assert [row["action"] for row in rows] == ["grant", "grant_end", "revoke"]
    assert "secret" not in repr(rows)


@pytest.mark.parametrize(
    "new",
    [
        NewGrant("user", "1", "lung", []),
        NewGrant("user", "1", "lung", ["view", "fly"]),
        NewGrant("user", "1", "lung", ["view"], duty="statistician"),
        NewGrant("user", "1", "lung", ["view"], classes={"secret": "show"}),
        NewGrant("user", "1", "lung", ["view"], grade=3),
        NewGrant("user", "1", "lung", ["view"], channels=["pigeon"]),
        NewGrant("user", "1", "lung", ["view"], where="[sex] = '1'"),
    ],
)
def test_a_grant_that_means_nothing_is_not_given(embedded: Instance, new: NewGrant) -> None:
    a_user(embedded, "li")

    with pytest.raises(GrantWrong):
        give(embedded, new)


@pytest.mark.parametrize(
    ("kind", "value"), [("user", "99"), ("user", "x"), ("role", "king"), ("project", "1")]
)
def test_a_grant_is_for_somebody_who_is_there(embedded: Instance, kind: str, value: str) -> None:
    with pytest.raises(NotFound):
        give(embedded, NewGrant(kind, value, "lung", ["view"]))


def test_who_works_with_data_gives_no_more_than_they_hold_and_nothing_to_themselves(
    instance: Instance,
) -> None:
    owner, li = a_user(instance, "owner", "research_admin"), a_user(instance, "li")
    give(instance, NewGrant("user", str(owner), "lung", ["view", "edit"]))
    subject = as_user(instance, owner)

    give(instance, NewGrant("user", str(li), "lung.patient", ["view"]), subject)

    own = NewGrant("user", str(owner), "lung", ["view"])
    with pytest.raises(OwnGrant):
        give(instance, own, subject)
    wanted = NewGrant("user", str(li), "lung", ["view"])
    for wider in (
        replace(wanted, resource=""),
        replace(wanted, resource="liver"),
        replace(wanted, actions=["delete"]),
        replace(wanted, classes=CLEAR),
        replace(wanted, grade=1),
    ):
        with pytest.raises(BeyondOwn):
            give(instance, wider, subject)
    with instance.read(subject, Channel.API) as uow, pytest.raises(BeyondOwn):
        require_manages(uow, "liver")


def test_a_security_administrator_gives_by_duty_and_never_reaches_data(instance: Instance) -> None:
    guard, li = a_user(instance, "guard", "security_admin"), a_user(instance, "li")

    give(instance, NewGrant("user", str(li), "", ["view"], classes=CLEAR, grade=2), as_user(instance, guard))
    with pytest.raises(OwnGrant):
        give(instance, NewGrant("user", str(guard), "", ["view"]), as_user(instance, guard))
    give(instance, NewGrant("user", str(guard), "", ["view"]))

    assert not as_user(instance, guard).may("view", "records")


def test_who_may_manage_no_grants_ends_none(instance: Instance) -> None:
    reader = as_user(instance, a_user(instance, "li"))

    with instance.read(reader, Channel.API) as uow, pytest.raises(Denied):
        require_manages(uow, "lung")


def test_a_standing_grant_that_was_revoked_does_not_come_back(instance: Instance) -> None:
    li = a_user(instance, "li")
    with instance.write(SYSTEM, Channel.API) as uow:
        give_standing(uow, DATA_ROLES)
        give_standing(uow, DATA_ROLES)
    assert resources(instance, li) == [""]

    with instance.write(SYSTEM, Channel.API) as uow:
        for grant in list_grants(uow, GrantFilter(subject_value="reader")):
            revoke_grant(uow, grant.id, "only what is needed")
        give_standing(uow, DATA_ROLES)

    assert resources(instance, li) == []


def test_duties_in_projects_open_and_close_their_databases_at_once(instance: Instance) -> None:
    li = a_user(instance, "li")
    with instance.write(SYSTEM, Channel.API) as uow:
        made = add_project(uow, NewProject("P-1", LABEL, "multi-centre", databases=["lung", "liver"]))
        other = add_project(uow, NewProject("P-2", LABEL, "single-centre", databases=["brain"]))
        add_grant(uow, NewGrant("project", str(made.id), "lung", ["view"]))
        add_grant(uow, NewGrant("project_class", "multi-centre", "", ["view"], duty="statistician"))
    assert held(instance, li) == []

    with instance.write(SYSTEM, Channel.API) as uow:
        add_member(uow, other.id, li, "investigator")
        as_reader = add_member(uow, made.id, li, "reader").members[-1].id
    assert held(instance, li) == [("lung", {"lung", "liver"})]

    with instance.write(SYSTEM, Channel.API) as uow:
        add_member(uow, made.id, li, "statistician")
        end_membership(uow, made.id, as_reader)
    assert held(instance, li) == [("lung", {"lung", "liver"}), ("", {"lung", "liver"})]

    with instance.write(SYSTEM, Channel.API) as uow:
        change_project(uow, made.id, 1, {"databases": ["liver"]})
    assert held(instance, li) == [("lung", {"liver"}), ("", {"liver"})]

    with instance.write(SYSTEM, Channel.API) as uow:
        close_project(uow, made.id)
    assert held(instance, li) == []


def held(instance: Instance, user_id: int) -> list[tuple[str, set[str]]]:
    return [(grant.resource, set(grant.within or ())) for grant in as_user(instance, user_id).grants]


def test_a_project_is_changed_as_it_was_read_and_not_when_it_is_closed(instance: Instance) -> None:
    li = a_user(instance, "li")
    with instance.write(SYSTEM, Channel.API) as uow:
        made = add_project(uow, NewProject("P-1", LABEL, "trial"))
        change_project(uow, made.id, 1, {"project_class": "cohort"})
    acts: list[tuple[type[Exception], Callable[[UnitOfWork], object]]] = [
        (ProjectExists, lambda uow: add_project(uow, NewProject("P-1", LABEL, "trial"))),
        (ProjectChanged, lambda uow: change_project(uow, made.id, 1, {"project_class": "x"})),
        (ProjectWrong, lambda uow: add_member(uow, made.id, li, "king")),
        (ProjectWrong, lambda uow: add_project(uow, NewProject("a b", LABEL, "trial"))),
        (ProjectWrong, lambda uow: change_project(uow, made.id, 2, {"ends_at": made.starts_at})),
    ]
    for wrong, act in acts:
        with pytest.raises(wrong), instance.write(SYSTEM, Channel.API) as uow:
            act(uow)
    with instance.write(SYSTEM, Channel.API) as uow:
        close_project(uow, made.id)
    with pytest.raises(ProjectClosed), instance.write(SYSTEM, Channel.API) as uow:
        add_member(uow, made.id, li, "reader")


def test_the_row_of_a_grant_that_ended_stays(instance: Instance) -> None:
    li = a_user(instance, "li")
    made = give(instance, NewGrant("user", str(li), "lung", ["view"], reason="why"))
    with instance.write(SYSTEM, Channel.API) as uow:
        revoke_grant(uow, made, "no longer")
        kept = uow.conn.execute(select(access_grant)).one()
        assert (kept.reason, kept.revoke_reason, kept.actions) == ("why", "no longer", ["view"])
