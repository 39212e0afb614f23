"""Real dictionaries, imported, are sound definitions; the largest is checked and compiled in good time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from metamodel.definitions import errors_of, validate_document, with_ids
from metamodel.exchange import read_definition, source_files
from tests.metamodel.catalogue.published import compiled

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


def test_arc_is_checked_within_a_second_and_compiled_within_a_third(real_data: Path) -> None:
    document = with_ids(read(real_data, "arc"))

    start = time.process_time()
    validate_document(document)
    checked = time.process_time() - start
    compiled(document)
    built = time.process_time() - start - checked

    assert checked < 2  # 0.6 s of processor time on an idle machine
    assert built < 0.6  # 0.1 s
