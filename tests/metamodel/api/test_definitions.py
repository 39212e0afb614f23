"""From a REDCap dictionary to a live database, by REST; drafts and plans under several hands."""

from __future__ import annotations

from metamodel.catalogue import catalogue_of
from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person
from tests.metamodel.exchange.redcap_files import dictionary, variable
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel

REGISTRY = dictionary(
    variable("sex", "radio", choices="1, Male | 2, Female"),
    variable("height", validation="number", minimum="30", maximum="250"),
    variable("weight", validation="number"),
    variable("bmi", "calc", choices="round([weight]/([height]/100)^2, 1)"),
    variable("pregnant", "yesno", branching="[sex] = '2'"),
    variable("smile", "slider"),
    variable("scan", "file"),
).content

NOTE = {"edit": "add_field", "record_type": "patient", "field": {
    "code": "note", "label": {"zh": "备注", "en": "Note"}, "type": "string"}}  # fmt: skip


def test_a_redcap_dictionary_becomes_a_database_that_takes_and_finds_records(office: Office) -> None:
    admin = office.person()

    made = admin.import_definition(("registry.csv", REGISTRY), code="registry", label="登记")
    plan = admin.post("/databases/registry/plans")
    released = admin.post(f"/plans/{plan['id']}/publish")
    records = "/databases/registry/records/patient"
    record = admin.add(records, record_id="1", sex="1", height=180, weight=81)

    assert (made["kind"], made["code"], made["problems"]) == ("database", "registry", [])
    assert [item["what"]["en"] for item in made["report"]["not_carried"]] == ["a file variable"]
    assert (plan["safety"], plan["needs_approval"], released["release"]) == ("safe", False, 1)
    assert record["values"]["bmi"] == 25.0
    assert admin.get(f"{records}/count", where="[bmi] > 24.9 and not [sex] = '2'") == {"count": 1}
    [kept] = admin.get("/databases/registry/imports")["items"]
    assert admin.get(f"/imports/{kept['id']}")["report"] == made["report"]


def test_what_a_database_shows_depends_on_who_asks(office: Office) -> None:
    admin, reader = office.person(), office.person("reader")

    def name(person: Person) -> str:
        patient = person.get(LUNG)["record_types"][0]
        return next(item["visibility"] for item in patient["fields"] if item["code"] == "name")

    assert (name(admin), name(reader)) == ("show", "mask")
    assert admin.get(LUNG)["may"] == [
        "view", "add", "edit", "delete", "export", "identify", "design", "approve",
    ]  # fmt: skip
    assert reader.get(LUNG)["may"] == ["view"]
    refused = office.person("hospital_admin").refused("GET", LUNG)
    assert (refused.told, refused.is_bilingual) == ((403, "Denied"), True)


def test_the_second_of_two_editors_of_a_draft_is_told_and_overwrites_nothing(office: Office) -> None:
    li, wang = office.person(name="li"), office.person(name="wang")
    version = li.get(f"{LUNG}/draft")["version"]
    other = {"edit": "hide_field", "record_type": "patient", "field": "height"}

    draft = li.post(f"{LUNG}/draft/edits", {"expected_version": version, "edits": [NOTE]})
    refusal = wang.refused("POST", f"{LUNG}/draft/edits", {"expected_version": version, "edits": [other]})

    assert (refusal.told, refusal.is_bilingual) == ((409, "DraftChanged"), True)
    assert refusal.en.startswith("li changed the draft of lung")
    assert wang.get(f"{LUNG}/draft") == draft


def test_the_second_of_two_publishers_is_told_and_publishes_nothing(office: Office) -> None:
    li, wang = office.person(name="li"), office.person(name="wang")
    li.edit("lung", NOTE)
    plan = li.post(f"{LUNG}/plans")["id"]

    li.post(f"/plans/{plan}/publish")
    refusal = wang.refused("POST", f"/plans/{plan}/publish")

    assert (refusal.told, refusal.is_bilingual) == ((409, "PlanState"), True)
    assert [item["number"] for item in wang.get(f"{LUNG}/releases")["items"]] == [2, 1]


def test_a_plan_made_before_another_one_can_not_be_published(office: Office) -> None:
    li, wang = office.person(name="li"), office.person(name="wang")
    li.edit("lung", NOTE)
    first, second = (person.post(f"{LUNG}/plans")["id"] for person in (li, wang))

    refusal = li.refused("POST", f"/plans/{first}/publish")

    assert (refusal.told, refusal.is_bilingual) == ((409, "PlanOutdated"), True)
    assert refusal.en.startswith(f"Plan {first} no longer fits: wang made plan {second} at ")
    assert (refusal.details["reason"], refusal.details["who"]) == ("plan", "wang")
    assert wang.post(f"/plans/{second}/publish")["release"] == 2


def test_what_loses_data_waits_for_approval_and_can_be_undone(office: Office) -> None:
    admin = office.person()
    admin.add(record_id="1", sex="2", pregnant=True)
    without = {"edit": "remove_field", "record_type": "patient", "field": "pregnant"}
    admin.edit("lung", without)
    plan = admin.post(f"{LUNG}/plans")
    refusal = admin.refused("POST", f"/plans/{plan['id']}/publish")

    admin.publish_plan(plan)
    assert admin.publish_plan(admin.post(f"{LUNG}/undo")) == 3

    assert (refusal.told, refusal.is_bilingual) == ((409, "ApprovalNeeded"), True)
    assert plan["safety"] == "destructive"
    assert admin.get(PATIENTS)["items"][0]["values"]["pregnant"] is True


def test_a_draft_can_be_thrown_away(office: Office) -> None:
    admin = office.person()
    before = admin.get(f"{LUNG}/draft")["document"]
    admin.edit("lung", NOTE)

    assert admin.caller.call("DELETE", f"{LUNG}/draft").status_code == 204

    assert admin.get(f"{LUNG}/draft")["document"] == before
    assert admin.refused("DELETE", f"{LUNG}/draft").code == "NoDraft"
    refusal = admin.refused("POST", f"{LUNG}/plans")
    assert (refusal.told, refusal.is_bilingual) == ((409, "NothingToPublish"), True)


def test_another_process_sees_a_publish_at_its_next_transaction(office: Office) -> None:
    admin = office.person()
    other = Instance(office.instance.settings)
    try:
        with other.read(SYSTEM, Channel.API) as uow:
            before = uow.revision
        admin.edit("lung", NOTE)
        admin.publish("lung")
        with other.read(SYSTEM, Channel.API) as uow:
            patient = catalogue_of(uow).record_type("lung.patient")
            after = uow.revision
    finally:
        other.close()

    assert after > before
    assert "note" in patient.by_code


def test_a_value_set_and_a_library_are_saved_and_published_without_a_plan(office: Office) -> None:
    admin = office.person()
    document = {
        "kind": "value_set", "code": "side", "label": {"zh": "侧别", "en": "Side"},
        "choices": [{"code": "L", "label": {"zh": "左", "en": "Left"}}],
    }  # fmt: skip

    saved = admin.ask("PUT", "/definitions/value_set/side", {"expected_version": 0, "document": document})
    released = admin.post("/definitions/value_set/side/publish")

    assert (saved["code"], released) == ("side", {"code": "side", "release": 1})
    [line] = admin.get("/definitions", kind="value_set")["items"]
    assert (line["code"], line["published"], line["has_draft"]) == ("side", True, False)
    refusal = admin.refused("POST", "/definitions/database/lung/publish")
    assert refusal.is_bilingual


def test_a_library_is_shown_as_published_while_its_draft_goes_on(office: Office) -> None:
    admin = office.person()
    path = "/definitions/field_library/vitals"
    pulse = {"code": "pulse", "type": "integer"}
    library = {"kind": "field_library", "code": "vitals", "label": {"zh": "体征"}, "fields": [pulse]}
    admin.ask("PUT", path, {"expected_version": 0, "document": library})
    assert admin.refused("GET", path, query_string={"published": "true"}).told == (404, "NotFound")
    admin.post(f"{path}/publish")
    longer = library | {"fields": [pulse, {"code": "fever", "type": "boolean"}]}
    version = admin.get(path)["draft_version"]
    admin.ask("PUT", path, {"expected_version": version, "document": longer})

    def codes(**params: str) -> list[str]:
        return [field["code"] for field in admin.get(path, **params)["document"]["fields"]]

    assert codes(published="true") == ["pulse"]
    assert codes() == ["pulse", "fever"]
