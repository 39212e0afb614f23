"""The reference of settings says what the code says."""

from tests.architecture.tree import ROOT
from zhenshu.settings_reference import page


def test_the_page_of_settings_is_up_to_date() -> None:
    kept = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert kept == page(), "run: python -m zhenshu.settings_reference > docs/reference/settings.md"
