"""What grants add up to: which rows, seen how, by which channel, from when until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenshu.security import (
    Action,
    Channel,
    Denied,
    Grant,
    GrantPolicy,
    Reach,
    Resource,
    Scope,
    Subject,
    Visibility,
)

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MASKED = {"plain": "show", "identifying": "mask"}
CLEAR = {"plain": "show", "identifying": "show"}
MAY = frozenset({("view", "records"), ("edit", "records"), ("identify", "records"), ("design", "databases")})
READER = frozenset({("view", "records")})


def a_grant(resource: str = "lung", classes: dict[str, str] = CLEAR, **more: Any) -> Grant:
    return Grant(1, resource, frozenset({"view"}), classes, **more)


def scope(
    *grants: Grant, permissions: frozenset[tuple[str, str]] = MAY, action: Action = Action.VIEW,
    path: str = "lung.patient", channel: Channel = Channel.API, at: datetime = NOW, kind: str = "records",
) -> Scope | None:  # fmt: skip
    subject = Subject(7, "li", permissions=permissions, grants=grants)
    try:
        return GrantPolicy().scope(subject, action, Resource(kind, path), channel, at)
    except Denied:
        return None


def identity(found: Scope | None) -> Visibility:
    assert found is not None
    return found.visibility("identifying")


@pytest.mark.parametrize(
    ("resource", "path", "reached"),
    [
        ("", "lung.patient", True), ("lung", "lung.patient", True), ("lung.patient", "lung.patient", True),
        ("lung.visit", "lung.patient", False), ("lung.patient", "lung", False),
        ("lun", "lung.patient", False),
        ("lung.pat", "lung.patient", False), ("liver", "lung.patient", False),
    ],
)  # fmt: skip
def test_a_grant_reaches_its_resource_and_what_is_in_it(resource: str, path: str, reached: bool) -> None:
    assert (scope(a_grant(resource), path=path) is not None) is reached


def test_a_grant_holds_from_its_start_until_just_before_its_end() -> None:
    grant = a_grant(starts_at=NOW, ends_at=NOW + HOUR)

    held = [at for at in (-1, 0, 1, 59, 60) if scope(grant, at=NOW + timedelta(minutes=at))]

    assert held == [0, 1, 59]


def test_an_action_needs_both_the_role_and_a_grant_that_names_it() -> None:
    may_edit = replace(a_grant(), actions=frozenset({"view", "edit"}))

    assert scope(a_grant(), action=Action.EDIT) is None
    assert scope(may_edit, action=Action.EDIT, permissions=READER) is None
    assert scope(may_edit, action=Action.EDIT) is not None


def test_the_definition_of_a_database_is_designed_with_a_grant_on_it() -> None:
    designs = replace(a_grant(), actions=frozenset({"view", "design"}))

    assert scope(designs, action=Action.DESIGN, kind="databases", path="lung") is not None
    assert scope(designs, action=Action.DESIGN, kind="databases", path="liver") is None


def test_a_grant_for_some_channels_is_none_for_others() -> None:
    grant = a_grant(channels=frozenset({"screen"}))

    assert scope(grant, channel=Channel.SCREEN) is not None
    assert scope(grant, channel=Channel.EXPORT) is None


def test_a_project_reaches_its_own_databases_alone() -> None:
    everywhere = a_grant("", within=frozenset({"lung"}))

    assert scope(everywhere) is not None
    assert scope(everywhere, path="liver.patient") is None


def test_who_may_not_identify_sees_identities_masked_but_in_an_emergency() -> None:
    assert identity(scope(a_grant(), permissions=READER)) is Visibility.MASK
    emergency = a_grant(kind="emergency")
    assert identity(scope(emergency, permissions=READER)) is Visibility.SHOW
    assert identity(scope(emergency, permissions=READER, channel=Channel.LOG)) is Visibility.MASK
    assert scope(emergency, permissions=frozenset()) is None


def test_a_grant_on_all_rows_sets_how_fields_are_seen_and_limited_ones_take_nothing_away() -> None:
    limited = a_grant(classes={"plain": "hide"}, row_rule="[sex] = '1'")

    found = scope(a_grant(), limited)

    assert found is not None and found.rows is None
    assert identity(found) is Visibility.SHOW


def test_a_limited_grant_shows_nothing_in_rows_that_only_a_masking_one_reaches() -> None:
    some, others = a_grant(row_rule="[sex] = '1'"), a_grant(classes=MASKED, row_rule="[sex] = '2'")

    assert identity(scope(some)) is Visibility.SHOW
    assert identity(scope(some, others)) is Visibility.MASK
    assert identity(scope(some, a_grant(classes=MASKED))) is Visibility.MASK


def test_a_grant_of_a_low_grade_does_not_uncover_rows_of_a_higher_one() -> None:
    ordinary, all_masked = a_grant(grade=0), a_grant(classes=MASKED, row_rule="[sex] = '2'")

    assert identity(scope(ordinary)) is Visibility.SHOW
    assert identity(scope(ordinary, all_masked)) is Visibility.MASK


def test_rows_are_closed_until_somebody_compiles_the_rules() -> None:
    from sqlalchemy import column, false, table

    found = scope(a_grant(row_rule="[sex] = '1'"), a_grant(own=True))

    assert found is not None and found.rows is not None
    assert found.limits == ((Reach(rule="[sex] = '1'"), Reach(owner=7)),)
    assert found.rows(table("t", column("id"))).compare(false())


def test_looking_as_another_one_sees_what_both_may_see() -> None:
    other = Subject(8, "wang", permissions=READER, grants=(a_grant(row_rule="[sex] = '1'"),))
    mine = Subject(7, "li", permissions=MAY, grants=(a_grant(own=True),), view_as=other)
    resource = Resource("records", "lung.patient")

    found = GrantPolicy().scope(mine, Action.VIEW, resource, Channel.API, NOW)

    assert found.limits == ((Reach(owner=7),), (Reach(rule="[sex] = '1'"),))
    assert found.visibility("identifying") is Visibility.MASK
    with pytest.raises(Denied):
        GrantPolicy().scope(mine, Action.EDIT, resource, Channel.API, NOW)
    with pytest.raises(Denied):
        GrantPolicy().scope(replace(mine, grants=()), Action.VIEW, resource, Channel.API, NOW)


GRANTS = st.lists(
    st.builds(
        a_grant,
        st.sampled_from(["", "lung", "lung.patient", "liver"]),
        st.sampled_from([MASKED, CLEAR, {"plain": "hide", "identifying": "hide"}]),
        own=st.booleans(),
        row_rule=st.sampled_from(["", "[sex] = '1'"]),
        grade=st.sampled_from([0, 1, 2]),
        ends_at=st.sampled_from([None, NOW, NOW + HOUR]),
    ),
    max_size=5,
)


def reaches(found: Scope | None) -> set[Reach]:
    if found is None:
        return set()
    return {Reach()} if found.rows is None else set(found.limits[0])


@given(GRANTS, GRANTS)
def test_more_grants_never_reach_less(some: list[Grant], more: list[Grant]) -> None:
    few, many = reaches(scope(*some)), reaches(scope(*some, *more))

    assert Reach() in many or few <= many


@given(GRANTS)
def test_no_order_of_grants_matters(some: list[Grant]) -> None:
    found, turned = scope(*some), scope(*reversed(some))

    assert reaches(found) == reaches(turned)
    assert (found and dict(found.classes)) == (turned and dict(turned.classes))
