"""Accounts that nobody uses are disabled after the policy's days; somebody always can let others in again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from zhenshu.audit import audit_entry
from zhenshu.instance import Instance
from zhenshu.notices import list_notices
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.account_policy import change_account_policy
from zhenshu.security.accounts import change_user, create_user
from zhenshu.security.login import log_in
from zhenshu.security.people import get_user, users
from zhenshu.security.tables import account, api_token
from zhenshu.security.tokens import create_token
from zhenshu.security.unused import sweep_unused

PASSWORD = "Correct-Horse-7"


def make(instance: Instance, name: str, role: str = "reader", days_ago: int = 91) -> int:
    """A user made `days_ago` who never signed in."""
    with instance.write(SYSTEM, Channel.API) as uow:
        user_id = create_user(uow, name, role, PASSWORD).user.id
    age(instance, user_id, days_ago)
    return user_id


def age(instance: Instance, user_id: int, days: int) -> None:
    then = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)
    with instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(users).where(users.c.id == user_id).values(created_on=then))


def is_active(instance: Instance, user_id: int) -> bool:
    with instance.read(SYSTEM, Channel.API) as uow:
        return get_user(uow, user_id).active


def test_an_account_that_nobody_used_is_disabled_and_told_of(instance: Instance) -> None:
    admin = make(instance, "boss", "hospital_admin", 1)
    unused, used = make(instance, "wang"), make(instance, "li")
    log_in(instance, "li", PASSWORD, "")

    sweep_unused(instance)
    sweep_unused(instance)

    assert (is_active(instance, unused), is_active(instance, used)) == (False, True)
    with instance.read(SYSTEM, Channel.API) as uow:
        assert [notice.kind for notice in list_notices(uow, admin)] == ["account.unused"]
        edits = select(audit_entry.c.purpose).where(audit_entry.c.action == "edit")
        assert uow.conn.scalars(edits).all() == ["unused account"]


def test_a_day_short_of_it_nothing_happens(embedded: Instance) -> None:
    user = make(embedded, "wang", days_ago=89)
    sweep_unused(embedded)
    assert is_active(embedded, user)


def test_a_token_in_use_is_use(instance: Instance) -> None:
    user = make(instance, "wang")
    with instance.write(SYSTEM, Channel.API) as uow:
        create_token(uow, user, "script")
        uow.conn.execute(update(api_token).values(last_used_at=uow.at - timedelta(days=10)))

    sweep_unused(instance)

    assert is_active(instance, user)


def test_whoever_was_let_in_again_has_all_the_days_again(instance: Instance) -> None:
    user = make(instance, "wang")
    make(instance, "boss", "hospital_admin", 1)
    sweep_unused(instance)
    with instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, user, active=True)

    sweep_unused(instance)

    assert is_active(instance, user)


def test_the_last_hospital_administrator_stays(instance: Instance) -> None:
    longer, shorter = (make(instance, f"boss{days}", "hospital_admin", days) for days in (400, 200))

    sweep_unused(instance)

    assert (is_active(instance, longer), is_active(instance, shorter)) == (False, True)


def test_the_days_are_the_policys_and_0_is_never(embedded: Instance) -> None:
    user = make(embedded, "wang", days_ago=700)
    with embedded.write(SYSTEM, Channel.API) as uow:
        change_account_policy(uow, max_unused_days=0)
    sweep_unused(embedded)
    assert is_active(embedded, user)

    with embedded.write(SYSTEM, Channel.API) as uow:
        change_account_policy(uow, max_unused_days=699)
    sweep_unused(embedded)
    assert not is_active(embedded, user)


def test_an_account_that_ended_by_itself_is_left_as_it_is(embedded: Instance) -> None:
    user = make(embedded, "wang")
    with embedded.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(account).values(expires_at=uow.at - timedelta(days=1)))
    sweep_unused(embedded)
    assert is_active(embedded, user)
