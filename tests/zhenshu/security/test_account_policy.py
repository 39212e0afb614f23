"""The policy for accounts: what administrators choose holds at every change of a password and every login."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.instances import an_instance
from zhenshu.audit import audit_entry
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.account_policy import AccountPolicy, account_policy, change_account_policy
from zhenshu.security.accounts import create_user, set_password
from zhenshu.security.login import WrongPassword, log_in
from zhenshu.security.passwords import WeakPassword, check_password, is_common
from zhenshu.security.roles import EXCLUSIVE, sync_roles
from zhenshu.security.tables import account, password_history
from zhenshu.security.throttle import TooManyAttempts

PASSWORD = "Correct-Horse-7"


def choose(instance: Instance, **changes: int) -> AccountPolicy:
    with instance.write(SYSTEM, Channel.API) as uow:
        return change_account_policy(uow, **changes)


def make(instance: Instance) -> int:
    with instance.write(SYSTEM, Channel.API) as uow:
        return create_user(uow, "wang", "reader", PASSWORD).user.id


def set_to(instance: Instance, user_id: int, password: str) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        set_password(uow, user_id, password)


def test_what_was_chosen_is_kept_and_audited(instance: Instance) -> None:
    choose(instance, min_length=14)
    choose(instance, max_age_days=0)
    choose(instance, max_age_days=0)

    with instance.read(SYSTEM, Channel.API) as uow:
        assert account_policy(uow) == AccountPolicy(min_length=14, max_age_days=0, second_factor_roles=())
        details = uow.conn.scalars(select(audit_entry.c.detail).order_by(audit_entry.c.id)).all()
    assert details == [{"min_length": [10, 14]}, {"max_age_days": [90, 0]}]


@pytest.mark.parametrize(
    ("policy", "password", "accepted"),
    [
        (AccountPolicy(min_length=8), "Ab3defgh", True),
        (AccountPolicy(min_length=9), "Ab3defgh", False),
        (AccountPolicy(min_classes=4), "Ab3defghijk", False),
        (AccountPolicy(min_classes=4), "Ab3defghij-", True),
        (AccountPolicy(min_classes=1), "医院影像科研平台很安全的", True),
        (AccountPolicy(min_classes=3), "onlylowercaseletters", False),
    ],
)
def test_length_and_classes_are_those_of_the_policy(
    policy: AccountPolicy, password: str, accepted: bool
) -> None:
    if accepted:
        check_password(password, "wang", policy)
    else:
        with pytest.raises(WeakPassword) as refused:
            check_password(password, "wang", policy)
        assert str(policy.min_length) in refused.value.message("zh")


@pytest.mark.parametrize(
    "password",
    ["P@ssw0rd-2026", "Admin123456", "QWERTYuiop!1", "1qaz@WSX2026", "Zhenshu#2026", "yiyuan-123456"],
)
def test_common_passwords_are_refused_in_their_usual_disguises(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password, "wang", AccountPolicy(min_length=8, min_classes=1))
    assert refused.value.details() == {"rule": "common"}


@pytest.mark.parametrize("password", [PASSWORD, "Administer-the-7-wards", "Quiet-Harbour-82"])
def test_a_common_word_among_others_is_no_common_password(password: str) -> None:
    assert not is_common(password)


def test_as_many_of_the_last_passwords_as_chosen_are_refused(instance: Instance) -> None:
    choose(instance, history=2)
    user_id = make(instance)
    set_to(instance, user_id, f"{PASSWORD}-1")

    for recent in (PASSWORD, f"{PASSWORD}-1"):
        with pytest.raises(WeakPassword):
            set_to(instance, user_id, recent)
    set_to(instance, user_id, f"{PASSWORD}-2")
    set_to(instance, user_id, PASSWORD)


def test_the_history_holds_hashes_only(instance: Instance) -> None:
    user_id = make(instance)
    set_to(instance, user_id, f"{PASSWORD}-1")

    with instance.read(SYSTEM, Channel.API) as uow:
        kept = uow.conn.scalars(select(password_history.c.password_hash)).all()
    assert len(kept) == 1 and kept[0].startswith("scrypt:") and PASSWORD not in kept[0]


def test_a_password_of_too_great_an_age_must_be_changed_at_the_next_login(instance: Instance) -> None:
    user_id = make(instance)
    assert not log_in(instance, "wang", PASSWORD, "").user.must_change_password
    with instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(account).values(password_changed_at=uow.at - timedelta(days=90)))

    assert log_in(instance, "wang", PASSWORD, "").user.must_change_password
    set_to(instance, user_id, f"{PASSWORD}-1")
    assert not log_in(instance, "wang", f"{PASSWORD}-1", "").user.must_change_password


def test_without_an_age_a_password_holds_for_ever(embedded: Instance) -> None:
    choose(embedded, max_age_days=0)
    make(embedded)
    with embedded.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(account).values(password_changed_at=uow.at - timedelta(days=9000)))

    assert not log_in(embedded, "wang", PASSWORD, "").user.must_change_password


def test_as_many_failures_as_chosen_lock_for_as_long_as_chosen(instance: Instance) -> None:
    choose(instance, lock_failures=3, lock_minutes=60)
    make(instance)
    for _ in range(3):
        with pytest.raises(WrongPassword) as wrong:
            log_in(instance, "wang", "wrong", "")
    assert "3" in str(wrong.value) and "60" in str(wrong.value)

    with pytest.raises(TooManyAttempts) as refused:
        log_in(instance, "wang", PASSWORD, "")
    assert 3500 < refused.value.details()["seconds"] <= 3601


def test_by_default_administrators_and_whoever_defines_data_need_a_second_factor() -> None:
    assert set(AccountPolicy().second_factor_roles) == EXCLUSIVE | {"research_admin"}


@pytest.mark.parametrize(
    "role", ["hospital_admin", "security_admin", "audit_admin", "research_admin", "reader"]
)
def test_on_a_real_instance_an_administrator_binds_a_device_first(tmp_path: Path, role: str) -> None:
    instance = an_instance(tmp_path / "real", second_factor=True)
    sync_roles(instance, [])
    with instance.write(SYSTEM, Channel.API) as uow:
        create_user(uow, "wang", role, PASSWORD)

    assert log_in(instance, "wang", PASSWORD, "").must_enrol is (role != "reader")
    instance.close()


def test_a_policy_that_was_chosen_before_stays_as_it_is(embedded: Instance) -> None:
    choose(embedded, min_length=12)

    with embedded.read(SYSTEM, Channel.API) as uow:
        assert account_policy(uow).second_factor_roles == ()
