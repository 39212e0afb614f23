"""The trail says what databases, record types, definitions and fields are called; no value of a record."""

from __future__ import annotations

from typing import Any

from tests.metamodel.api.office import PATIENTS, Office
from zhenshu.audit.labels import bind_audit_names
from zhenshu.rooms import Room

AUDIT = "/audit"


def entries(office: Office, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.person("audit_admin").get(AUDIT, order="newest", **query)["items"]
    return found


def test_record_types_and_their_fields_are_named(office: Office) -> None:
    admin = office.person()
    admin.add(record_id="P1", name="张三", sex="1")
    admin.get(PATIENTS)
    auditor = office.person("audit_admin")

    (entry, *_) = auditor.get(AUDIT, order="newest", kind="records", action="read")["items"]

    assert entry["resource"] == "lung.patient"
    assert entry["resource_label"]["zh"].count(" · ") == 1 and entry["patient_count"] == 1
    fields = auditor.get(f"/audit/{entry['id']}")["fields"]
    assert {"name"} <= {field["code"] for field in fields} and all(field["label"]["zh"] for field in fields)
    assert "张三" not in str(auditor.get(AUDIT, kind="records")) + str(fields)


def test_definitions_are_named(office: Office) -> None:
    names = {entry["resource"]: entry["resource_label"] for entry in entries(office, action="publish")}

    assert names["lung"] is not None and names["lung"]["zh"]


def test_what_is_gone_keeps_its_code(office: Office) -> None:
    office.person().add(record_id="P1", name="张三", sex="1")
    bind_audit_names(office.instance, [Room("none")])

    (entry, *_) = entries(office, kind="records", action="add")

    assert (entry["resource"], entry["resource_label"]) == ("lung.patient", None)
