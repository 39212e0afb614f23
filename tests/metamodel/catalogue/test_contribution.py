"""What rooms contribute becomes the definition of `core`."""

import pytest

from metamodel.catalogue import Contribution, ContributionClash, core_document
from metamodel.definitions import errors_of, validate_document

BASE = {
    "kind": "database",
    "code": "core",
    "label": {"zh": "公共", "en": "Core"},
    "record_types": [{"code": "report", "parent": None, "fields": [{"code": "text", "type": "long_text"}]}],
}

STUDY = Contribution(
    "study",
    {"zh": "检查", "en": "Study"},
    fields=({"code": "uid", "type": "string"}, {"code": "name", "type": "string"}),
    storage={"kind": "mapped", "table": "dicom_study", "columns": {"uid": "uid", "name": "patient_name"}},
    writer="owner",
    patient_path="patient",
    field_classes={"name": "identifying"},
)


def test_contributions_join_the_base() -> None:
    document = core_document(BASE, [STUDY])

    assert errors_of(validate_document(document)) == []
    assert [item["code"] for item in document["record_types"]] == ["report", "study"]
    study = document["record_types"][1]
    assert [field.get("identifying", False) for field in study["fields"]] == [False, True]


def test_the_same_type_offered_twice_is_one_but_differing_ones_clash() -> None:
    same = Contribution.from_mapping(vars(STUDY))

    assert core_document(BASE, [STUDY, same]) == core_document(BASE, [STUDY])
    with pytest.raises(ContributionClash, match="record type report"):
        core_document(BASE, [Contribution("report", {"en": "Report"})])
