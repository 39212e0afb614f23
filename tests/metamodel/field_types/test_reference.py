"""The reference page says what the registry says."""

from pathlib import Path

from metamodel.field_types import ALL
from metamodel.field_types.reference import render

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "field-types.md"


def test_the_page_is_what_the_registry_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == render()


def test_every_type_declares_itself_wholly() -> None:
    for item in ALL:
        assert item.label_zh and item.label_en and item.widget and item.operators and item.__doc__
        assert set(item.export_format) == {"spss", "stata", "sas"}
