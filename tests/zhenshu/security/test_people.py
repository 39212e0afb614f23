"""Users as administrators find and change them: filters, states, phone numbers, the end of an account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from zhenshu.audit import audit_entry
from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.notices import list_notices
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import (
    LastAdministrator,
    OwnRoles,
    change_user,
    create_user,
    unlock_user,
)
from zhenshu.security.callers import caller_by_cookie, caller_by_token
from zhenshu.security.login import WrongPassword, log_in
from zhenshu.security.people import UserFilter, UserInfo, get_user, list_users
from zhenshu.security.phones import BadPhone, PhoneTaken, normal_phone
from zhenshu.security.subject import Subject
from zhenshu.security.tables import account
from zhenshu.security.tokens import create_token

PASSWORD = "Correct-Horse-7"


def make(instance: Instance, name: str, role: str = "reader", **more: Any) -> UserInfo:
    with instance.write(SYSTEM, Channel.API) as uow:
        return create_user(uow, name, role, PASSWORD, **more).user


def change(instance: Instance, user: UserInfo, **changes: Any) -> UserInfo:
    with instance.write(SYSTEM, Channel.API) as uow:
        return change_user(uow, user.id, **changes)


def found(instance: Instance, **wanted: str) -> list[str]:
    with instance.read(SYSTEM, Channel.API) as uow:
        return [user.name for user in list_users(uow, wanted=UserFilter(**wanted))]


def fail(instance: Instance, name: str, times: int = 5) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            log_in(instance, name, "wrong", "10.0.0.9")


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("wang", ["wang.min", "wang_lei"]),
        ("WANG.M", ["wang.min"]),
        ("王", ["wang.min"]),
        ("lei W", ["wang_lei"]),
        ("138 0000 5678", ["wang_lei"]),
        ("0000", []),
        ("%", []),
        ("_", ["wang_lei"]),
    ],
)
def test_users_are_found_by_their_names_or_their_whole_number(
    instance: Instance, search: str, names: list[str]
) -> None:
    make(instance, "wang.min", display_name="王敏")
    make(instance, "wang_lei", display_name="Lei Wang", phone="13800005678")

    assert found(instance, search=search) == names


def test_users_are_found_by_role_and_by_state(instance: Instance) -> None:
    make(instance, "boss", "hospital_admin")
    disabled, ended = make(instance, "disabled"), make(instance, "ended")
    make(instance, "locked")
    with instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, disabled.id, active=False)
        change_user(uow, ended.id, expires_at=uow.at - timedelta(seconds=1))
    fail(instance, "locked")

    assert found(instance, role="hospital_admin") == ["boss"]
    assert found(instance, state="active") == ["boss"]
    assert found(instance, state="disabled") == ["disabled"]
    assert found(instance, state="expired") == ["ended"]
    assert found(instance, state="locked") == ["locked"]


def test_the_last_failure_locks_and_tells_those_who_watch(instance: Instance) -> None:
    admin, guard = make(instance, "boss", "hospital_admin"), make(instance, "guard", "security_admin")
    victim, other = make(instance, "wang"), make(instance, "other", "researcher")
    fail(instance, "wang")

    with instance.write(SYSTEM, Channel.API) as uow:
        assert get_user(uow, victim.id).state == "locked"
        told = {user.name: list_notices(uow, user.id) for user in (admin, guard, victim, other)}
        unlock_user(uow, victim.id)
        assert get_user(uow, victim.id).state == "active"
        locks = uow.conn.execute(select(audit_entry.c.resource).where(audit_entry.c.action == "lock"))
        assert locks.scalars().all() == [str(victim.id)]
    assert [len(told[name]) for name in ("boss", "guard", "wang", "other")] == [1, 1, 0, 0]
    assert told["guard"][0].link == f"/users?open={victim.id}"


def test_a_locked_name_that_nobody_has_is_told_to_nobody(embedded: Instance) -> None:
    admin = make(embedded, "boss", "hospital_admin")
    fail(embedded, "my-secret-password")

    with embedded.read(SYSTEM, Channel.API) as uow:
        assert list_notices(uow, admin.id) == []
        assert "my-secret" not in repr(uow.conn.execute(select(audit_entry)).all())


def test_disabling_ends_tokens_for_good(instance: Instance) -> None:
    user = make(instance, "wang")
    with instance.write(SYSTEM, Channel.API) as uow:
        token = create_token(uow, user.id, "script").value
    cookie = log_in(instance, "wang", PASSWORD, "").session.token

    change(instance, user, active=False)
    change(instance, user, active=True)

    assert caller_by_token(instance, token, "") is None
    assert caller_by_cookie(instance, cookie, "") is None
    assert log_in(instance, "wang", PASSWORD, "").user.state == "active"


def test_an_account_ends_at_its_instant_in_every_way(instance: Instance) -> None:
    user = make(instance, "wang")
    with instance.write(SYSTEM, Channel.API) as uow:
        token = create_token(uow, user.id, "script").value
    cookie = log_in(instance, "wang", PASSWORD, "").session.token
    assert caller_by_token(instance, token, "") and caller_by_cookie(instance, cookie, "")

    with instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, user.id, expires_at=uow.at)

    assert caller_by_token(instance, token, "") is None
    assert caller_by_cookie(instance, cookie, "") is None
    with pytest.raises(WrongPassword):
        log_in(instance, "wang", PASSWORD, "")


def test_an_end_that_is_not_here_yet_ends_nothing(instance: Instance) -> None:
    user = make(instance, "wang")
    with instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, user.id, expires_at=uow.at + timedelta(days=1))

    assert log_in(instance, "wang", PASSWORD, "").user.state == "active"


@pytest.mark.parametrize(
    "text", ["13800005678", "+86 138-0000-5678", "0086 13800005678", "１３８００００５６７８"]
)
def test_a_number_is_one_whatever_its_spelling(text: str) -> None:
    assert normal_phone(text) == "13800005678"


@pytest.mark.parametrize(
    "text", ["", "12345", "23800005678", "138000056789", "+0123456", "13800oo5678", "1" * 40]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadPhone):
        normal_phone(text)


def test_a_number_is_kept_encrypted_and_shown_in_part(instance: Instance) -> None:
    assert make(instance, "wang", phone="13800005678").phone == "138****5678"

    with instance.read(SYSTEM, Channel.API) as uow:
        rows = [*uow.conn.execute(select(account)), *uow.conn.execute(select(audit_entry))]
    assert "13800005678" not in repr(rows)


def test_a_number_belongs_to_one_user(instance: Instance) -> None:
    first = make(instance, "wang", phone="13800005678")
    with pytest.raises(PhoneTaken):
        make(instance, "li", phone="+86 138 0000 5678")

    change(instance, first, phone="13800005678")
    change(instance, first, phone=None)
    make(instance, "li", phone="13800005678")


def test_an_administrator_whose_account_ends_is_no_last_one(embedded: Instance) -> None:
    boss, other = make(embedded, "boss", "hospital_admin"), make(embedded, "other", "hospital_admin")
    with embedded.write(SYSTEM, Channel.API) as uow:
        change_user(uow, other.id, expires_at=uow.at + timedelta(days=1))

    with pytest.raises(LastAdministrator):
        change(embedded, boss, active=False)
    with pytest.raises(LastAdministrator), embedded.write(SYSTEM, Channel.API) as uow:
        change_user(uow, boss.id, expires_at=uow.at + timedelta(days=1))


def test_nobody_ends_or_disables_the_own_account(embedded: Instance) -> None:
    boss = make(embedded, "boss", "hospital_admin")
    make(embedded, "other", "hospital_admin")
    subject = Subject(boss.id, boss.name)
    for act in ({"active": False}, {"expires_at": None}, {"roles": ["hospital_admin"]}):
        with pytest.raises(OwnRoles), embedded.write(subject, Channel.API) as uow:
            change_user(uow, boss.id, **act)

    with embedded.write(subject, Channel.API) as uow:
        assert change_user(uow, boss.id, display_name="院长").display_name == "院长"


def test_two_administrators_who_remove_each_other_at_once_leave_one(instance: Instance) -> None:
    both = [make(instance, "boss", "hospital_admin"), make(instance, "other", "hospital_admin")]

    def remove(user: UserInfo) -> bool:
        try:
            change(instance, user, roles=["reader"])
        except ZhenshuError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, both)) == [False, True]
    assert len(found(instance, role="hospital_admin")) == 1
