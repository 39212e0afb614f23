"""How a module's room offers record types: merged into the database `core`, which all modules share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhenshu.errors import ZhenshuError

CORE = "core"


class ContributionClash(ZhenshuError):
    """Two rooms offer the {kind} {code}, and they differ. Nothing was changed; rename one of them."""

    zh = "有两个模块提供了不同的{kind_zh} {code}。未作任何修改，请重命名其中之一。"


@dataclass(frozen=True)
class Contribution:
    """A record type offered in code or YAML. `fields` and `value_sets` have the definition format.

    `storage` is {"kind": "managed"}, {"kind": "mapped", "table", "columns": {field code: column}} or
    {"kind": "keyed", "names"}. `writer` is "records" when anyone may write through the record store,
    "owner" when only its room writes. `field_classes` names the fields that are not plain.
    """

    code: str
    label: Mapping[str, str]
    fields: tuple[Mapping[str, Any], ...] = ()
    parent: str | None = None
    repeats: bool = True
    key: str | None = None
    storage: Mapping[str, Any] = field(default_factory=lambda: {"kind": "managed"})
    writer: str = "records"
    patient_path: str = ""
    centre_path: str = ""
    field_classes: Mapping[str, str] = field(default_factory=dict)
    value_sets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Contribution:
        """From a document as YAML gives it.

        Raises:
            TypeError: for a key that a contribution does not have.
        """
        return cls(**(dict(values) | {"fields": tuple(values.get("fields", ()))}))

    def record_type(self) -> dict[str, Any]:
        """The record type as a part of a definition."""
        return {
            "code": self.code,
            "label": dict(self.label),
            "parent": self.parent,
            "repeats": self.repeats,
            "key": self.key,
            "storage": dict(self.storage),
            "writer": self.writer,
            "patient_path": self.patient_path,
            "centre_path": self.centre_path,
            "fields": [self._field(item) for item in self.fields],
        }

    def _field(self, item: Mapping[str, Any]) -> dict[str, Any]:
        identifying = self.field_classes.get(item["code"]) == "identifying"
        return dict(item) | ({"identifying": True} if identifying else {})


def core_document(base: Mapping[str, Any], contributions: Iterable[Contribution]) -> dict[str, Any]:
    """The definition of `core`: `base` with every room's record types and value sets.

    Raises:
        ContributionClash: when two of them have one code and differ.
    """
    types = {item["code"]: dict(item) for item in base.get("record_types", ())}
    value_sets = {code: dict(item) for code, item in base.get("value_sets", {}).items()}
    for item in contributions:
        _put(types, item.code, item.record_type(), "record type", "记录类型")
        for code, value_set in item.value_sets.items():
            _put(value_sets, code, dict(value_set), "value set", "值域")
    return dict(base) | {
        "kind": "database",
        "code": CORE,
        "category": CORE,
        "value_sets": value_sets,
        "record_types": list(types.values()),
    }


def _put(known: dict[str, dict[str, Any]], code: str, item: dict[str, Any], kind: str, kind_zh: str) -> None:
    if known.setdefault(code, item) != item:
        raise ContributionClash(kind=kind, kind_zh=kind_zh, code=code)
