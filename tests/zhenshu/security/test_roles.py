"""Roles: what ships, and what a subject may do at this moment."""

import pytest
from sqlalchemy import delete, insert, select

from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.rooms import Permission, Room
from zhenshu.security import SYSTEM, Channel, Subject
from zhenshu.security.accounts import change_user, create_user
from zhenshu.security.roles import BY_NAME, ROLES, sync_roles
from zhenshu.security.subjects import load_subject

PASSWORD = "Correct-Horse-7"


def make(instance: Instance, name: str, role: str) -> int:
    with instance.write(SYSTEM, Channel.API) as uow:
        return create_user(uow, name, role, PASSWORD).user.id


def load(instance: Instance, user_id: int) -> Subject:
    with instance.read(SYSTEM, Channel.API) as uow:
        return load_subject(uow.conn, user_id)


@pytest.mark.parametrize("role", [role.name for role in ROLES])
def test_a_subject_may_exactly_what_its_role_lists(embedded: Instance, role: str) -> None:
    subject = load(embedded, make(embedded, "wang", role))

    assert subject.permissions == BY_NAME[role].permissions
    assert subject.roles == {role}


def test_a_reader_can_neither_change_nor_identify_records() -> None:
    assert BY_NAME["reader"].permissions == {("view", "databases"), ("view", "records")}


def test_a_change_of_roles_holds_at_once(instance: Instance) -> None:
    user_id = make(instance, "wang", "reader")

    with instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, user_id, roles=["researcher"])

    assert load(instance, user_id).may("add", "records")


def test_a_deactivated_user_is_no_subject(instance: Instance) -> None:
    user_id = make(instance, "wang", "reader")

    with instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, user_id, active=False)

    with pytest.raises(NotFound):
        load(instance, user_id)


def test_syncing_again_repairs_shipped_roles_and_leaves_made_ones(instance: Instance) -> None:
    from flask_appbuilder.security.sqla.models import Role, assoc_permissionview_role

    held = assoc_permissionview_role
    with instance.write(SYSTEM, Channel.API) as uow:
        reader = uow.conn.scalar(select(Role.id).where(Role.name == "reader"))
        ours = uow.conn.execute(insert(Role).values(name="made here")).inserted_primary_key[0]
        pair = uow.conn.scalar(select(held.c.permission_view_id))
        uow.conn.execute(delete(held).where(held.c.role_id == reader))
        uow.conn.execute(insert(held).values(role_id=ours, permission_view_id=pair))

    sync_roles(instance, [Room("archive", permissions=[Permission("approve", "studies")])])

    assert load(instance, make(instance, "wang", "reader")).permissions == BY_NAME["reader"].permissions
    with instance.read(SYSTEM, Channel.API) as uow:
        assert uow.conn.scalars(select(held.c.permission_view_id).where(held.c.role_id == ours)).all() == [
            pair
        ]
