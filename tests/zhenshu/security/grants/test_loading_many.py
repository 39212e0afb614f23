"""Grants of many users at once are those that each of them has alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user
from zhenshu.security.grants import NewGrant, add_grant, revoke_grant
from zhenshu.security.projects import NewProject, add_member, add_project, close_project, end_membership
from zhenshu.security.subjects import load_subject, load_subjects


def test_many_have_what_each_has(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        roles = ("reader", "researcher", "research_admin", "hospital_admin")
        people = [
            create_user(uow, f"user{n}", role, "Correct-Horse-7").user.id for n, role in enumerate(roles)
        ]
        label = {"zh": "项目", "en": "Project"}
        made = [add_project(uow, NewProject(f"P-{n}", label, "trial", databases=("lung",))) for n in range(3)]
        for each, (user, duty) in zip(made * 2, product(people[:3], ("reader", "investigator")), strict=True):
            add_member(uow, each.id, user, duty)
        for subject in (("user", str(people[0])), ("role", "reader"), ("project", str(made[0].id))):
            for duty in ("", "reader") if subject[0] == "project" else ("",):
                add_grant(uow, NewGrant(*subject, "", ("view",), duty=duty, reason="test"))
        add_grant(uow, NewGrant("project_class", "trial", "", ("view", "edit"), duty="investigator"))
        later = uow.at + timedelta(days=1)
        add_grant(uow, NewGrant("user", str(people[1]), "", ("view",), starts_at=later))
        revoke_grant(uow, add_grant(uow, NewGrant("user", str(people[1]), "", ("view",))).id, "over")
        close_project(uow, made[2].id)
        member = next(each for each in add_member(uow, made[1].id, people[3], "reader").members
                      if each.user_id == people[3])  # fmt: skip
        end_membership(uow, made[1].id, member.id)

    with instance.read(SYSTEM, Channel.API) as uow:
        alone = {user: load_subject(uow.conn, user) for user in people}
        together = load_subjects(uow.conn, people)

    assert together == alone
    assert any(subject.grants for subject in alone.values())
