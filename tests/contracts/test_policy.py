"""Policy and Query: denied unless something allows it, for every role, action and channel."""

from __future__ import annotations

import inspect
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import product

import pytest

from metamodel import queries
from metamodel.queries import RecordQuery, count, page, stream
from tests.metamodel.live import Desk
from tests.subjects import EVERYTHING
from zhenshu.db import UnitOfWork
from zhenshu.security import NOBODY, Action, Channel, Denied, GrantPolicy, Resource, Scope, Visibility
from zhenshu.security.roles import ROLES, RoleSpec
from zhenshu.security.subject import Subject

NOW = datetime(2026, 3, 5, tzinfo=UTC)
KINDS = ("records", "databases", "users", "jobs", "files", "audit", "something new")
CHANNELS = {"screen", "search", "export", "api", "dicom", "ai", "print", "preview", "audit", "log"}


def scope(subject: Subject, action: Action, kind: str, channel: Channel) -> Scope | None:
    try:
        return GrantPolicy().scope(subject, action, Resource(kind), channel, NOW)
    except Denied:
        return None


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_may_what_its_list_says_and_nothing_else(role: RoleSpec) -> None:
    subject = Subject(1, "li", frozenset({role.name}), role.permissions, grants=(EVERYTHING,))
    for action, kind, channel in product(Action, KINDS, Channel):
        if (action, channel) == (Action.IDENTIFY, Channel.LOG):
            continue  # nobody sees identities there
        allowed = scope(subject, action, kind, channel)
        assert (allowed is not None) == ((action.value, kind) in role.permissions), (action, kind)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_without_a_grant_no_role_reaches_data_or_its_definition(role: RoleSpec) -> None:
    subject = Subject(1, "li", frozenset({role.name}), role.permissions)

    assert not any(scope(subject, action, "records", channel) for action, channel in product(Action, Channel))
    assert scope(subject, Action.DESIGN, "databases", Channel.API) is None
    assert scope(subject, Action.APPROVE, "databases", Channel.API) is None


def test_nobody_may_do_anything() -> None:
    assert not any(
        scope(NOBODY, action, kind, channel) for action, kind, channel in product(Action, KINDS, Channel)
    )


def test_data_leaves_by_ten_channels_and_never_in_clear_into_a_log() -> None:
    identifying = Subject(1, "li", permissions=frozenset({("view", "records"), ("identify", "records")}))
    identifying = replace(identifying, grants=(EVERYTHING,))

    scopes = {
        channel.value: GrantPolicy().scope(identifying, Action.VIEW, Resource("records"), channel, NOW)
        for channel in Channel
    }
    clear = {name for name, made in scopes.items() if made.visibility("identifying") is Visibility.SHOW}

    assert set(scopes) == CHANNELS
    assert clear == CHANNELS - {"log"}


def test_a_field_class_that_a_scope_does_not_name_is_hidden() -> None:
    made = Scope(NOBODY, Action.VIEW, Channel.API)

    assert made.visibility("plain") is made.visibility("made up later") is Visibility.HIDE


def test_a_query_has_no_way_around_the_scope_of_its_unit(desk: Desk) -> None:
    query = RecordQuery(desk.type("patient"))
    with desk.instance.read(NOBODY, Channel.API) as uow:
        for ask in (
            lambda: page(uow, query),
            lambda: count(uow, query.type),
            lambda: list(stream(uow, query)),
        ):
            with pytest.raises(Denied):
                ask()

    assert {field.name for field in fields(RecordQuery)} == {
        "type", "where", "select", "order", "after", "skip", "limit", "trashed", "parent",
    }  # fmt: skip
    for function in (queries.page, queries.count, queries.stream):
        first = next(iter(inspect.signature(function).parameters.values()))
        assert first.annotation == UnitOfWork.__name__
