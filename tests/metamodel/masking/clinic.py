"""A database whose identifying fields name masking types, and people who see them masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metamodel.definitions import publish_plain, save_draft
from metamodel.masking import KIND
from tests.metamodel.live import MASK, SHOW, Desk, ScopePolicy, a_document, a_field, a_type, make_live
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM, Subject

CLERK = Subject(id=1, name="clerk")
TYPES: Mapping[str, Mapping[str, Any]] = {
    "name": {"method": "name"},
    "shift": {"method": "date_shift"},
    "code": {"method": "pseudonym"},
    "band": {"method": "age_band"},
    "ends": {"method": "pattern", "parameters": {"first": 3}},
}


def clinic_document(code: str) -> dict[str, Any]:
    patient = a_type(
        "patient",
        a_field("no", identifying=True, masking="code"),
        a_field("name", identifying=True, masking="name"),
        a_field("born", "date", identifying=True, masking="shift"),
        a_field("age", "integer", identifying=True, masking="band"),
        a_field("remark", identifying=True, masking="ends"),
        a_field("city", identifying=True, masking="nobody_made_this"),
        a_field("secret", identifying=True),
        a_field("weight", "integer"),
        key="no",
    )
    exam = a_type(
        "exam", a_field("on", "date", identifying=True, masking="shift"), a_field("dose", "integer"),
        parent="patient", repeats=True,
    )  # fmt: skip
    return a_document(code, patient, exam)


def publish_type(instance: Instance, code: str, **document: Any) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        save_draft(uow, KIND, {"kind": KIND, "code": code, **document})
        publish_plain(uow, KIND, code)


@dataclass
class Clinic:
    """Who sees all, and who sees identities masked."""

    keeper: Desk
    clerk: Desk


def a_clinic(instance: Instance, code: str = "clinic") -> Clinic:
    for name, document in TYPES.items():
        publish_type(instance, name, **document)
    keeper = Desk(instance, make_live(instance, clinic_document(code)))
    instance.policy = ScopePolicy(
        actions={"clerk": {"view", "add", "edit", "export"}},
        classes={"clerk": {"plain": SHOW, "identifying": MASK}},
    )
    return Clinic(keeper, keeper.as_(CLERK))
