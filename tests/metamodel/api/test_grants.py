"""Grants by REST: given, tried, watched and ended, and what each of them opens and closes at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from metamodel.granting import broken_grants
from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person
from zhenshu.rooms import Room
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants import GrantFilter, list_grants, revoke_grant
from zhenshu.security.grants.standing import give_standing

GRANTS = "/access/grants"


@contextmanager
def statements(office: Office) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(office.instance.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(office.instance.engine, "before_cursor_execute", note)


@pytest.fixture
def keeper(office: Office) -> Person:
    """The research admin, with two patients; nobody else holds a grant any more."""
    admin = office.person()
    for name, sex in (("P1", "1"), ("P2", "2")):
        more: dict[str, Any] = {"pregnant": False} if sex == "2" else {}
        admin.add(record_id=name, name="张三", sex=sex, **more)
    with office.instance.write(SYSTEM, Channel.API) as uow:
        for grant in list_grants(uow, GrantFilter(state="active")):
            if grant.subject_value != "research_admin":
                revoke_grant(uow, grant.id, "test")
    return admin


def wanted(person: Person, **more: Any) -> dict[str, Any]:
    subject = {"kind": "user", "value": str(person.caller.user_id)}
    return {"subject": subject, "resource": "lung", "actions": ["view"], "reason": "study"} | more


def test_a_grant_opens_a_database_and_its_end_closes_it(office: Office, keeper: Person) -> None:
    reader = office.person("reader")
    assert reader.refused("GET", LUNG).status == 403
    assert reader.get("/databases")["items"] == [] and reader.get("/search", q="lung")["items"] == []

    made = keeper.post(GRANTS, wanted(reader, where="[patient.sex] = '1'"))

    assert (made["state"], made["may_manage"], made["actions"]) == ("active", True, ["view"])
    assert reader.keys() == ["P1"]
    assert reader.get(f"{PATIENTS}/count") == {"count": 1}
    assert [item["code"] for item in reader.get("/databases")["items"]] == ["lung"]
    assert reader.get(PATIENTS)["items"][0]["values"]["name"] != "张三"
    revoked = keeper.post(f"{GRANTS}/{made['id']}/revoke", {"reason": "over"})
    assert (revoked["state"], revoked["revoke_reason"]) == ("revoked", "over")
    assert reader.refused("GET", PATIENTS).status == 403


def test_a_rule_is_refused_with_its_place(office: Office, keeper: Person) -> None:
    body = wanted(office.person("reader"), where="[patient.sexx] = '1'")

    refused = keeper.refused("POST", GRANTS, body)

    assert refused.status == 422
    assert refused.code == "RowRuleWrong"
    assert refused.details["caret"]


def test_a_preview_says_what_would_be_open_and_gives_nothing(office: Office, keeper: Person) -> None:
    reader, guard = office.person("reader"), office.person("security_admin")
    body = wanted(reader, where="[patient.sex] = '1'")

    opened = {item["record_type"]["code"]: item for item in keeper.post(f"{GRANTS}/preview", body)["opens"]}

    assert (opened["patient"]["rows"], opened["patient"]["total"]) == (1, 2)
    assert (opened["patient"]["masked"], opened["patient"]["hidden"]) == (1, 0)
    told = guard.post(f"{GRANTS}/preview", body)
    assert told["users"] == 1 and {item["rows"] for item in told["opens"]} == {None}
    assert reader.refused("GET", PATIENTS).status == 403


def test_the_matrix_says_who_may_do_what_and_why(office: Office, keeper: Person) -> None:
    reader, guard = office.person("reader"), office.person("security_admin")
    made = keeper.post(GRANTS, wanted(reader, actions=["view", "edit"], where="[patient.sex] = '1'"))

    rows = {row["user"]["name"]: row for row in guard.get("/access", database="lung")["items"]}
    mine = {each["action"]: each for each in rows["reader"]["permitted"]}

    assert (mine["view"]["rows"], mine["view"]["identifying"], mine["edit"]["missing"]) == (
        "limited",
        "mask",
        "role",
    )
    assert [each["grant"] for each in mine["view"]["because"]] == [made["id"]]
    admins = {each["action"]: each for each in rows["research_admin"]["permitted"]}
    assert (admins["view"]["rows"], admins["view"]["identifying"], admins["design"]["allowed"]) == (
        "all",
        "show",
        True,
    )
    assert not any(each["allowed"] for each in rows["security_admin"]["permitted"])
    of_user = guard.get(f"/access/users/{reader.caller.user_id}")
    patient = of_user["databases"][0]["record_types"][0]
    assert (
        patient["rows"] is None and {f["code"]: f["visibility"] for f in patient["fields"]}["name"] == "mask"
    )
    assert reader.get("/access/me")["databases"] == of_user["databases"]


def test_looking_as_another_user_shows_what_both_may_see_and_changes_nothing(
    office: Office, keeper: Person
) -> None:
    reader, guard = office.person("reader"), office.person("security_admin")
    keeper.post(GRANTS, wanted(reader, where="[patient.sex] = '2'"))
    eyes = {"X-View-As": str(reader.caller.user_id)}

    seen = keeper.ask("GET", PATIENTS, headers=eyes)["items"]

    assert [item["values"]["record_id"] for item in seen] == ["P2"] and seen[0]["values"]["name"] != "张三"
    assert keeper.caller.call("POST", PATIENTS, json={"values": {}}, headers=eyes).status_code == 403
    long = keeper.caller.call("POST", f"{PATIENTS}/search", json={}, headers=eyes)  # asks, changes nothing
    assert [item["values"]["record_id"] for item in long.get_json()["items"]] == ["P2"]
    assert guard.caller.call("GET", PATIENTS, headers=eyes).status_code == 403
    assert reader.caller.call("GET", PATIENTS, headers={"X-View-As": "1"}).status_code == 403
    assert keeper.caller.call("GET", PATIENTS, headers={"X-View-As": "x"}).status_code == 404


def test_a_grade_hides_a_record_from_lower_grants(office: Office, keeper: Person) -> None:
    reader = office.person("reader")
    keeper.post(GRANTS, wanted(reader))
    first = keeper.get(PATIENTS)["items"][0]["id"]

    assert keeper.ask("PUT", f"{PATIENTS}/{first}/grade", {"grade": 2, "reason": "staff"})["grade"] == 2

    assert keeper.get(f"{PATIENTS}/{first}")["grade"] == 2
    assert reader.keys() == ["P2"]
    assert reader.caller.call("GET", f"{PATIENTS}/{first}").status_code == 404


def test_a_security_administrator_grants_and_sees_no_record(office: Office, keeper: Person) -> None:
    reader, guard = office.person("reader"), office.person("security_admin")

    made = guard.post(GRANTS, wanted(reader, ends_at="2199-01-01T00:00:00Z"))

    assert reader.keys() == ["P1", "P2"]
    assert guard.refused("GET", PATIENTS).status == 403
    assert guard.post(f"{GRANTS}/{made['id']}/end", {"ends_at": None, "reason": "longer"})["ends_at"] is None
    assert [each["label"]["en"] for each in guard.get("/access/subjects", q="reader")["items"]] == [
        "Reader",
        "reader",
    ]


def test_a_release_that_breaks_a_rule_closes_its_grant_and_is_noticed(office: Office, keeper: Person) -> None:
    reader = office.person("reader")
    made = keeper.post(GRANTS, wanted(reader, where="[patient.weight] is missing"))
    assert reader.keys() == ["P1", "P2"]
    keeper.edit("lung", {"edit": "remove_field", "record_type": "patient", "field": "bmi"},
                {"edit": "remove_field", "record_type": "patient", "field": "weight"})  # fmt: skip

    keeper.publish("lung")

    assert reader.keys() == []
    with office.instance.read(SYSTEM, Channel.API) as uow:
        assert [grant for grant, _, _ in broken_grants(uow)] == [made["id"]]


def test_a_grant_follows_its_record_type(office: Office, keeper: Person) -> None:
    """Renamed, it is on the type still; dropped, it is closed and on no other that takes the name."""
    reader = office.person("reader")
    made = keeper.post(GRANTS, wanted(reader, resource="lung.visit"))
    path = f"{GRANTS}/{made['id']}"

    keeper.edit("lung", {"edit": "rename_record_type", "record_type": "visit", "code": "stay"})
    keeper.publish("lung")

    assert (keeper.get(path)["resource"], keeper.get(path)["state"]) == ("lung.stay", "active")
    assert [each["code"] for each in reader.get(LUNG)["record_types"]] == ["stay"]
    keeper.edit(
        "lung",
        {"edit": "remove_field", "record_type": "stay", "field": "largest"},
        *({"edit": "remove_record_type", "record_type": each} for each in ("lesion", "stay")),
    )
    keeper.publish("lung")
    assert keeper.get(path)["state"] == "closed"
    assert [each["id"] for each in keeper.get(GRANTS, state="closed")["items"]] == [made["id"]]
    label = {"zh": "住院", "en": "Stay"}
    field = {"code": "x", "type": "string", "label": label}
    again = {"code": "stay", "label": label, "parent": "patient", "fields": [field]}
    keeper.edit("lung", {"edit": "add_record_type", "record_type": again})
    keeper.publish("lung")
    assert keeper.get(path)["state"] == "closed"
    assert reader.refused("GET", LUNG).status == 403
    assert keeper.post(f"{path}/revoke", {"reason": "over"})["state"] == "revoked"


def test_a_closed_grant_holds_again_when_its_type_comes_back(office: Office, keeper: Person) -> None:
    reader = office.person("reader")
    made = keeper.post(GRANTS, wanted(reader, resource="lung.lesion"))
    keeper.edit(
        "lung",
        {"edit": "remove_field", "record_type": "visit", "field": "largest"},
        {"edit": "remove_record_type", "record_type": "lesion"},
    )
    keeper.publish("lung")
    assert keeper.get(f"{GRANTS}/{made['id']}")["state"] == "closed"

    keeper.publish_plan(keeper.post(f"{LUNG}/undo"))

    assert keeper.get(f"{GRANTS}/{made['id']}")["state"] == "active"
    assert [each["code"] for each in reader.get(LUNG)["record_types"]] == ["lesion"]


def test_the_matrix_asks_as_much_of_the_database_for_many_users_as_for_few(
    office: Office, keeper: Person
) -> None:
    guard = office.person("security_admin")
    for name in ("one", "two", "three"):
        keeper.post(GRANTS, wanted(office.person("reader", name)))

    def asked() -> int:
        with statements(office) as seen:
            guard.get("/access", database="lung")
        return len(seen)

    asked()  # the first one compiles the catalogue
    few = asked()
    for number in range(12):
        keeper.post(GRANTS, wanted(office.person("reader", f"n{number}")))
    assert asked() == few


def test_the_matrix_names_the_role_and_the_grant(office: Office, keeper: Person) -> None:
    """A standing grant says no more than its role permits, nor does the matrix."""
    reader, guard = office.person("reader"), office.person("security_admin")
    with office.instance.write(SYSTEM, Channel.API) as uow:
        give_standing(uow, ["reader"], ["lung"])

    [row] = [row for row in guard.get("/access", database="lung")["items"] if row["user"]["name"] == "reader"]
    seen = {each["action"]: each for each in row["permitted"]}

    assert seen["view"]["allowed"] and seen["view"]["identifying"] == "mask"
    assert seen["view"]["roles"] == ["reader"] and seen["view"]["because"][0]["kind"] == "standing"
    assert {seen[each]["missing"] for each in ("add", "edit", "delete", "export", "design")} == {"role"}
    [grant] = guard.get(GRANTS, kind="standing", subject_value="reader", state="active")["items"]
    assert (grant["actions"], grant["classes"]["identifying"]) == (["view"], "mask")
    assert reader.get("/access/me")["databases"][0]["permitted"] == row["permitted"]


def test_projects_by_rest(office: Office, keeper: Person) -> None:
    guard, reader = office.person("security_admin"), office.person("reader")
    label = {"zh": "多中心", "en": "Multi-centre"}
    made = guard.post("/projects", {"code": "P-1", "label": label, "class": "trial", "databases": ["lung"]})
    guard.post(
        GRANTS,
        wanted(reader, subject={"kind": "project_class", "value": "trial", "duty": "reader"}, resource=""),
    )
    assert reader.refused("GET", PATIENTS).status == 403

    member = {"user_id": reader.caller.user_id, "duty": "reader"}
    inside = guard.post(f"/projects/{made['id']}/members", member)

    assert reader.keys() == ["P1", "P2"]
    assert keeper.get("/projects", state="open")["items"][0]["members"][0]["duty"] == "reader"
    assert keeper.refused("POST", "/projects", {"code": "x", "label": label, "class": "y"}).status == 403
    guard.post(f"/projects/{made['id']}/members/{inside['members'][0]['id']}/leave")
    assert reader.refused("GET", PATIENTS).status == 403
    closed = guard.post(f"/projects/{made['id']}/close", {"reason": "done"})
    assert (closed["state"], guard.get("/projects", state="open")["items"]) == ("closed", [])


def test_rooms_bring_one_judge_of_grants() -> None:
    from tests.assembly.house import ROOMS

    assert [room.name for room in ROOMS if isinstance(room, Room) and room.grant_check] == ["metamodel"]
