"""Masking types by REST: methods, previews, examples and uses; and records that come out masked."""

from __future__ import annotations

from typing import Any

from tests.metamodel.api.office import PATIENTS, Office, Person

MINE = {
    "kind": "masking_type", "code": "mine", "label": {"zh": "我的", "en": "Mine"},
    "method": "pattern", "parameters": {"first": 1, "last": 1}, "example": "ABCDE",
}  # fmt: skip


def publish(person: Person, **changes: Any) -> None:
    path = "/definitions/masking_type/mine"
    lines = person.get("/masking/types")["items"]
    version = next((line["draft_version"] for line in lines if line["code"] == "mine"), 0)
    person.ask("PUT", path, {"expected_version": version, "document": MINE | changes})
    person.post(f"{path}/publish")


def test_methods_are_told_with_their_parameters(office: Office) -> None:
    methods = {item["name"]: item for item in office.person("reader").get("/masking/methods")["items"]}

    assert len(methods) == 15
    style, first, _ = methods["phone"]["parameters"]
    assert [choice["code"] for choice in style["choices"]] == ["cover", "replace"]
    assert (first["default"], first["schema"]["maximum"]) == (3, 3)
    assert all(item["leaves"]["zh"] and item["does"]["en"] for item in methods.values())


def test_a_type_is_made_listed_with_its_example_and_taken_back(office: Office) -> None:
    admin = office.person()
    publish(admin)

    (line,) = admin.get("/masking/types")["items"]

    assert line["example"] == {"before": "ABCDE", "after": "A＊＊＊E"}
    assert (line["published"], line["has_draft"], line["uses"], line["kinds"]) == (True, False, 0, ["text"])
    body = {"expected_version": line["draft_version"], "document": MINE | {"method": "redact"}}
    refusal = admin.refused("PUT", "/definitions/masking_type/mine", body | {"expected_version": 7})
    assert refusal.is_bilingual
    admin.ask("PUT", "/definitions/masking_type/mine", body)
    assert admin.get("/masking/types")["items"][0]["example"]["after"] == "A＊＊＊E"  # what is live
    response = admin.caller.call("DELETE", "/masking/types/mine/draft")
    assert response.status_code == 204
    assert admin.get("/masking/types")["items"][0]["has_draft"] is False


def test_a_type_with_wrong_parameters_is_kept_as_a_draft_but_not_published(office: Office) -> None:
    admin = office.person()
    document = MINE | {"parameters": {"first": 99}}
    admin.ask("PUT", "/definitions/masking_type/mine", {"expected_version": 0, "document": document})

    refusal = admin.refused("POST", "/definitions/masking_type/mine/publish")

    assert refusal.told == (422, "DefinitionInvalid") and refusal.is_bilingual
    (line,) = admin.get("/masking/types")["items"]
    assert line["example"] is None and line["published"] is False


def test_samples_are_previewed_as_typed_or_invented(office: Office) -> None:
    admin = office.person()

    def preview(method: str, *samples: str, **parameters: Any) -> Any:
        body = {"method": method, "parameters": parameters} | ({"samples": samples} if samples else {})
        return admin.post("/masking/preview", body)

    typed = preview("pattern", "ABCDE", first=1, last=0)
    assert typed == {"items": [{"before": "ABCDE", "after": "A＊＊＊＊"}], "problems": []}
    shifted = preview("date_shift", "2026-03-05", "yesterday")["items"]
    assert shifted[0]["after"] != "2026-03-05" and shifted[1]["after"] == "＊＊＊"
    for item in office.person("reader").get("/masking/methods")["items"]:
        invented = preview(item["name"])["items"]
        assert len(invented) == 5 and all(line["before"] != line["after"] for line in invented), item["name"]
    wrong = preview("phone", first=9)
    assert wrong["items"] == [] and wrong["problems"][0]["path"] == "/parameters/first"
    assert admin.refused("POST", "/masking/preview", {"method": "nobody"}).told == (404, "NotFound")


def test_only_designers_make_and_preview_them(office: Office) -> None:
    reader = office.person("reader")
    body = {"expected_version": 0, "document": MINE}

    assert reader.refused("PUT", "/definitions/masking_type/mine", body).told == (403, "Denied")
    assert reader.refused("POST", "/masking/preview", {"method": "name"}).told == (403, "Denied")
    assert reader.refused("GET", "/masking/types/mine/uses").told == (403, "Denied")


def test_a_field_that_names_a_type_leaves_masked_and_is_found_as_its_use(office: Office) -> None:
    admin, reader = office.person(), office.person("reader")
    edit = {"edit": "set_field", "record_type": "patient", "field": "name", "set": {"masking": "mine"}}
    answer = admin.edit("lung", edit)
    assert [(each["code"], each["severity"]) for each in answer["problems"]] == [
        ("unknown_masking_type", "warning")
    ]
    publish(admin)
    assert admin.get("/databases/lung/draft")["problems"] == []
    admin.publish("lung")
    admin.add(record_id="P1", name="欧阳安娜")

    shown = reader.get(PATIENTS)["items"][0]["values"]["name"]

    assert shown == "欧＊＊娜"
    (use,) = admin.get("/masking/types/mine/uses")["items"]
    assert (use["database"], use["record_type"], use["field"]) == ("lung", "patient", "name")
    assert admin.get("/masking/types")["items"][0]["uses"] == 1
