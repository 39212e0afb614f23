"""Accounts: users, their passwords, and the guards around administrators."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from zhenshu.audit import audit_entry
from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel, Subject
from zhenshu.security.accounts import (
    BadUserName,
    LastAdministrator,
    NewUser,
    NoSuchRole,
    OwnRoles,
    RolesExclusive,
    UserExists,
    change_user,
    create_user,
    reset_password,
    set_password,
)
from zhenshu.security.passwords import WeakPassword, check_password, one_time_password, verify_password

PASSWORD = "Correct-Horse-7"


def make(instance: Instance, name: str = "wang", role: str | list[str] = "reader", **more: str) -> NewUser:
    with instance.write(SYSTEM, Channel.API) as uow:
        return create_user(uow, name, role, **more)


def test_without_a_password_a_one_time_password_is_made(instance: Instance) -> None:
    made = make(instance)

    assert made.one_time_password is not None
    assert made.user.must_change_password


def test_with_a_password_none_is_made(instance: Instance) -> None:
    made = make(instance, password=PASSWORD)

    assert made.one_time_password is None
    assert not made.user.must_change_password


def test_names_are_one_whatever_their_spelling(instance: Instance) -> None:
    make(instance, "Wang")

    with pytest.raises(UserExists):
        make(instance, " ｗａｎｇ")


@pytest.mark.parametrize("name", ["", "a", "a b", "a\nb", "<script>", "a" * 65, "'; drop table ab_user"])
def test_what_is_no_name_is_refused(embedded: Instance, name: str) -> None:
    with pytest.raises(BadUserName):
        make(embedded, name)


def test_an_unknown_role_is_refused_and_nobody_made(embedded: Instance) -> None:
    with pytest.raises(NoSuchRole):
        make(embedded, role="emperor")

    make(embedded)


def test_nobody_holds_two_administrator_roles(embedded: Instance) -> None:
    with pytest.raises(RolesExclusive):
        make(embedded, role=["audit_admin", "hospital_admin"])


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("short-A1", "strength"),
        ("onlylower1", "strength"),
        ("aaaaaaaaaaaaaaaa", "strength"),
        ("xxWANG-12345678", "name"),
        ("Long-1" * 30, "length"),
    ],
)
def test_weak_passwords_are_refused(password: str, rule: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password, "wang")

    assert refused.value.details() == {"rule": rule}


@given(st.integers(0, 10))
def test_one_time_passwords_meet_the_policy(_seed: int) -> None:
    check_password(one_time_password(), "wang")


def test_the_last_five_passwords_do_not_come_back(embedded: Instance) -> None:
    user_id = make(embedded, password=f"{PASSWORD}-0").user.id
    for number in range(1, 6):
        with embedded.write(SYSTEM, Channel.API) as uow:
            set_password(uow, user_id, f"{PASSWORD}-{number}")

    for number in range(1, 6):
        with pytest.raises(WeakPassword), embedded.write(SYSTEM, Channel.API) as uow:
            set_password(uow, user_id, f"{PASSWORD}-{number}")
    with embedded.write(SYSTEM, Channel.API) as uow:
        set_password(uow, user_id, f"{PASSWORD}-0")


def test_verifying_without_a_hash_takes_the_same_work() -> None:
    assert not verify_password(None, PASSWORD)


def test_administrators_can_not_change_their_own_roles(embedded: Instance) -> None:
    admin = make(embedded, "boss", "hospital_admin").user
    make(embedded, "other", "hospital_admin")
    subject = Subject(admin.id, admin.name)

    with pytest.raises(OwnRoles), embedded.write(subject, Channel.API) as uow:
        change_user(uow, admin.id, roles=["research_admin"])


@pytest.mark.parametrize("change", [{"active": False}, {"roles": ["reader"]}])
def test_the_last_administrator_stays(embedded: Instance, change: dict[str, Any]) -> None:
    admin = make(embedded, "boss", "hospital_admin").user

    with pytest.raises(LastAdministrator), embedded.write(SYSTEM, Channel.API) as uow:
        change_user(uow, admin.id, **change)


def test_account_acts_are_audited_without_secrets(instance: Instance) -> None:
    made = make(instance)
    with instance.write(SYSTEM, Channel.API) as uow:
        again = reset_password(uow, made.user.id)
        change_user(uow, made.user.id, roles=["researcher"], display_name="王医生")

    with instance.read(SYSTEM, Channel.API) as uow:
        rows = uow.conn.execute(select(audit_entry).order_by(audit_entry.c.id)).mappings().all()
    assert [row["action"] for row in rows] == ["add", "reset_password", "edit"]
    written = repr([dict(row) for row in rows])
    for secret in (made.one_time_password, again.one_time_password, "王医生"):
        assert secret and secret not in written


def test_a_failed_act_leaves_no_trace(instance: Instance) -> None:
    with pytest.raises(ZhenshuError):
        make(instance, role="emperor")

    with instance.read(SYSTEM, Channel.API) as uow:
        assert uow.conn.execute(select(audit_entry)).all() == []
