"""The whole application under attack: all rooms, a database full of canaries, and somebody of every role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from werkzeug.test import TestResponse

from metamodel.definitions import publish_plain, save_draft
from metamodel.masking import KIND as MASKING
from metamodel.records import RecordStore
from tests.assembly.house import APIS
from tests.attack import ward
from tests.metamodel.api.office import Person
from tests.metamodel.live import LUNG, make_live
from tests.site import Caller, Site
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants import GrantFilter, NewGrant, add_grant, list_grants, revoke_grant
from zhenshu.security.grants.model import ACTIONS
from zhenshu.web.api import Endpoint

MASKS = Path(__file__).parents[2] / "seed_configs" / "masking_types"

# What the parts of a path are called in the castle.
PLACES = {
    "code": ward.CODE, "record_type": "patient", "id": "1", "number": "1", "kind": "database",
}  # fmt: skip


def endpoints() -> Iterator[Endpoint]:
    """Every endpoint of every room."""
    for api in APIS:
        yield from api.endpoints()


def route_name(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def address(endpoint: Endpoint, **places: Any) -> str:
    """The path of `endpoint` with things that are there, or those of `places`."""
    known = PLACES | {name: str(value) for name, value in places.items()}
    return re.sub(
        r"<(int:)?([a-z_]+)>", lambda part: known.get(part[2], "1" if part[1] else "any"), endpoint.path
    )


class Castle:
    """A site with two databases; patient 1 of the ward holds the canaries."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.instance = site.instance
        self._people: dict[str, Person] = {}

    def person(self, role: str, name: str = "") -> Person:
        """Somebody of that role, with a token; the same one for the same name."""
        name = name or role
        if name not in self._people:
            self._people[name] = Person(self.site.script(role, name), self.instance)
        return self._people[name]

    def browser(self, role: str) -> Caller:
        """Somebody of that role who signed in by cookie."""
        name = f"browser.{role}"
        self.site.user(role, name)
        return self.site.browser(name)


def narrow(castle: Castle, role: str, database: str, identifying: str = "show") -> Person:
    """Somebody who may do what the role permits with one database, while nobody else may do anything."""
    person = castle.person(role, f"narrow.{role}")
    classes = {"plain": "show", "identifying": identifying}
    given = NewGrant("user", str(person.caller.user_id), database, list(ACTIONS), classes=classes, grade=2)
    with castle.instance.write(SYSTEM, Channel.API) as uow:
        for grant in list_grants(uow, GrantFilter(state="active")):
            revoke_grant(uow, grant.id, "test")
        add_grant(uow, given)
    return person


def fill(instance: Instance) -> None:
    """Publish the databases and store the canaries."""
    with instance.write(SYSTEM, Channel.API) as uow:
        for file in sorted(MASKS.glob("*.yaml")):
            document = yaml.safe_load(file.read_text())
            save_draft(uow, MASKING, document)
            publish_plain(uow, MASKING, document["code"])
    make_live(instance, LUNG)
    database = make_live(instance, ward.DOCUMENT)
    patient, exam = database.record_type("patient"), database.record_type("exam")
    with instance.write(SYSTEM, Channel.API) as uow:
        store = RecordStore(uow)
        root = store.add(patient, {**ward.PATIENT, "sex": "2", "weight": "55.5"}).id
        store.add(exam, {**ward.EXAM, "on": "2026-03-05", "dose": "3.5"}, parent=root)
        for number in range(12):  # so that counts are of many
            store.add(patient, {"no": f"N{number}", "sex": "1", "weight": str(50 + number)})
    with instance.write(SYSTEM, Channel.API) as uow:
        RecordStore(uow).change(patient, root, {"name": "何某", "weight": "56"}, 1)
    with instance.write(SYSTEM, Channel.API) as uow:
        RecordStore(uow).change(patient, root, {"name": ward.PATIENT["name"]}, 2)


def code_of(response: TestResponse) -> str:
    """The error's name in a refusal, "" in any other answer."""
    found = response.get_json(silent=True)
    return str(found.get("code", "")) if isinstance(found, dict) else ""
