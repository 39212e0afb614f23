"""Drafts in the database: optimistic locking, ids across saves, audit, permission."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from metamodel.definitions import (
    DefinitionInvalid,
    DraftChanged,
    KindDiffers,
    NeedsPlan,
    NoDraft,
    delete_draft,
    edit_draft,
    list_definitions,
    list_releases,
    live_release,
    load_draft,
    publish_plain,
    save_draft,
)
from tests.builders import a_database, a_library
from tests.metamodel.catalogue.published import put_release
from tests.subjects import a_subject
from zhenshu.audit import audit_entry
from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel, Denied
from zhenshu.security.subject import Subject

RIGHTS = frozenset({("view", "databases"), ("design", "databases")})
LI = a_subject(1, "li", RIGHTS)
WANG = a_subject(2, "wang", RIGHTS)
READER = Subject(id=3, name="reader", permissions=frozenset({("view", "databases")}))
LUNG = a_database("lung").with_field("smoker", "boolean")


def save(
    instance: Instance, document: dict[str, Any], subject: Subject = LI, version: int | None = None
) -> Any:
    with instance.write(subject, Channel.API) as uow:
        return save_draft(uow, document["kind"], document, version)


def load(instance: Instance, code: str = "lung", kind: str = "database") -> Any:
    with instance.read(LI, Channel.API) as uow:
        return load_draft(uow, kind, code)


def field_ids(document: dict[str, Any]) -> list[str]:
    return [field["id"] for field in document["record_types"][0]["fields"]]


def test_a_draft_is_saved_with_ids_and_loaded(instance: Instance) -> None:
    saved = save(instance, LUNG.document, version=0)
    loaded = load(instance)

    assert (loaded.version, loaded.changed_by, loaded.saved) == (1, "li", True)
    assert loaded.document == saved.document
    assert len(field_ids(loaded.document)) == 1


def test_the_second_of_two_editors_is_told_who_was_first(instance: Instance) -> None:
    save(instance, LUNG.document)
    save(instance, LUNG.with_field("age", "integer").document, WANG, version=1)

    with pytest.raises(DraftChanged, match="wang changed the draft of lung") as changed:
        save(instance, LUNG.with_field("sex").document, LI, version=1)

    details = changed.value.details()
    assert (changed.value.status, details["version"], details["changed_by"]) == (409, 2, "wang")
    assert len(field_ids(load(instance).document)) == 2


def test_a_new_definition_does_not_replace_one_that_is_there(instance: Instance) -> None:
    save(instance, LUNG.document, version=0)

    with pytest.raises(DraftChanged):
        save(instance, LUNG.document, WANG, version=0)


def test_importing_again_without_ids_keeps_them(instance: Instance) -> None:
    first = save(instance, LUNG.document)
    second = save(instance, LUNG.with_field("age", "integer").document)

    assert field_ids(second.document)[0] == field_ids(first.document)[0]


def test_a_field_dropped_from_the_draft_keeps_its_released_id_when_it_returns(instance: Instance) -> None:
    released = save(instance, LUNG.document).document
    with instance.write(LI, Channel.API) as uow:
        put_release(uow, released)
    save(instance, a_database("lung").with_field("age", "integer").document)

    assert field_ids(save(instance, LUNG.document).document) == field_ids(released)


def test_a_wrong_structure_is_not_saved_but_open_problems_may_wait(instance: Instance) -> None:
    with pytest.raises(DefinitionInvalid, match="1 problems") as invalid:
        save(instance, LUNG.with_field("x", "strng").document)
    assert invalid.value.details()["problems"][0]["suggestion"] == "string"
    with pytest.raises(NotFound):
        load(instance)

    assert save(instance, LUNG.with_field("x", "boolean", shown_if="[nothing] = 1").document).version == 1


def test_without_permission_nothing_is_saved_or_seen(instance: Instance) -> None:
    with pytest.raises(Denied):
        save(instance, LUNG.document, READER)
    with pytest.raises(Denied), instance.read(Subject(id=9, name="x"), Channel.API) as uow:
        list_definitions(uow, "database")


def test_each_act_leaves_an_audit_row(instance: Instance) -> None:
    save(instance, LUNG.document)
    with instance.write(WANG, Channel.API) as uow:
        edit_draft(uow, "lung", [{"edit": "hide_field", "record_type": "patient", "field": "smoker"}], 1)
    with instance.write(LI, Channel.API) as uow:
        delete_draft(uow, "database", "lung", 2)

    with instance.read(LI, Channel.API) as uow:
        query = select(audit_entry.c.action, audit_entry.c.subject_name, audit_entry.c.detail)
        rows = uow.conn.execute(
            query.where(audit_entry.c.resource == "lung").order_by(audit_entry.c.id)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("save_draft", "li", {"version": 1}),
        ("save_draft", "wang", {"version": 2}),
        ("delete_draft", "li", {"version": 3}),
    ]


def test_edits_go_on_from_the_live_release_where_there_is_no_draft(instance: Instance) -> None:
    released = save(instance, LUNG.document).document
    with instance.write(LI, Channel.API) as uow:
        put_release(uow, released)
        delete_draft(uow, "database", "lung")
    assert load(instance).saved is False

    rename = {"edit": "rename_field", "record_type": "patient", "field": "smoker", "code": "ever_smoked"}
    with instance.write(LI, Channel.API) as uow:
        draft = edit_draft(uow, "lung", [rename], load(instance).version)

    assert draft.saved and field_ids(draft.document) == field_ids(released)


def test_a_dropped_field_is_brought_back_from_the_releases(instance: Instance) -> None:
    released = save(instance, LUNG.document).document
    with instance.write(LI, Channel.API) as uow:
        put_release(uow, released)
        edit_draft(uow, "lung", [{"edit": "remove_field", "record_type": "patient", "field": "smoker"}], 1)
        restore = {"edit": "restore_field", "record_type": "patient", "id": field_ids(released)[0]}
        draft = edit_draft(uow, "lung", [restore], 2)

    assert draft.document["record_types"] == released["record_types"]


def test_what_was_thrown_away_can_be_made_anew(instance: Instance) -> None:
    save(instance, LUNG.document)
    with instance.write(LI, Channel.API) as uow:
        delete_draft(uow, "database", "lung")
        with pytest.raises(NoDraft):
            delete_draft(uow, "database", "lung")
        assert list_definitions(uow, "database") == []

    assert save(instance, LUNG.document).version == 3


def test_a_library_is_published_without_a_plan_and_picked_from(instance: Instance) -> None:
    library = a_library("demographics").with_field("sex", "choice", choices=("1", "2"))
    save(instance, library.document)
    save(instance, LUNG.document)
    pick = {
        "edit": "pick_from_library",
        "library": "demographics",
        "fields": ["sex"],
        "record_type": "patient",
    }

    with instance.write(LI, Channel.API) as uow:
        first = publish_plain(uow, "field_library", "demographics")
        draft = edit_draft(uow, "lung", [pick], 1)
        with pytest.raises(NoDraft):
            publish_plain(uow, "field_library", "demographics")
    save(instance, library.with_field("age", "integer").document)
    with instance.write(LI, Channel.API) as uow:
        publish_plain(uow, "field_library", "demographics", "age added")

        assert draft.document["record_types"][0]["fields"][1]["element"]["release"] == first.number == 1
        assert live_release(uow, "field_library", "demographics").note == "age added"
        assert [item.number for item in list_releases(uow, "field_library", "demographics")] == [2, 1]


def test_a_database_is_not_published_this_way_nor_a_faulty_library(instance: Instance) -> None:
    save(instance, LUNG.document)
    save(instance, a_library("faulty").with_field("sex", "choice").document)

    with instance.write(LI, Channel.API) as uow:
        with pytest.raises(NeedsPlan):
            publish_plain(uow, "database", "lung")
        with pytest.raises(DefinitionInvalid):
            publish_plain(uow, "field_library", "faulty")
        with pytest.raises(KindDiffers):
            save_draft(uow, "value_set", LUNG.document)


def test_definitions_are_listed_by_code(instance: Instance) -> None:
    save(instance, a_database("lung").document)
    save(instance, a_database("liver").document)
    save(instance, a_library("visits").document)

    with instance.read(READER, Channel.API) as uow:
        listed = list_definitions(uow, "database")
    assert [(item.code, item.has_draft, item.live_release_id) for item in listed] == [
        ("liver", True, None),
        ("lung", True, None),
    ]
