"""Imported, real dictionaries are sound definitions; the largest takes little work to check and compile."""

from __future__ import annotations

from pathlib import Path

import pytest

from metamodel.definitions import errors_of, validate_document, with_ids
from metamodel.exchange import read_definition, source_files
from tests.metamodel.catalogue.published import compiled
from tests.work import calls_of

CHECKING = 3_000  # function calls a field; it takes half of them
COMPILING = 300

pytestmark = pytest.mark.realdata

PROJECTS = {
    "arc": ["isaric-arc"],
    "thailand": ["genomics-thailand"],
    "longitudinal": ["redcapr/longitudinal"],
    "validation": ["redcapr/validation-types-1"],
}


def read(real_data: Path, name: str) -> dict[str, object]:
    folder = real_data / "16-registry-forms"
    files = source_files([folder / part for part in PROJECTS[name]])
    return read_definition(files).document


@pytest.mark.parametrize("name", PROJECTS)
def test_an_imported_dictionary_is_sound(real_data: Path, name: str) -> None:
    assert errors_of(validate_document(read(real_data, name))) == []


def test_arc_is_checked_and_compiled_with_few_steps_a_field(real_data: Path) -> None:
    document = with_ids(read(real_data, "arc"))
    fields = sum(len(record_type["fields"]) for record_type in document["record_types"])

    assert calls_of(lambda: validate_document(document)) < CHECKING * fields
    assert calls_of(lambda: compiled(document)) < COMPILING * fields
