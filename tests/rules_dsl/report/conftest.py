"""The delivered packages, compiled once for all tests of the report language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules_dsl.report import Compiled, Findings, as_gold, check_package, load_package

PACKAGES = Path(__file__).parents[3] / "seed_configs" / "report_packages"

Read = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def imaging() -> Compiled:
    return Compiled(load_package(PACKAGES / "imaging", read_yaml=yaml.safe_load))


@pytest.fixture
def find(imaging: Compiled) -> Callable[[str], Findings]:
    return imaging.run


@pytest.fixture
def read(imaging: Compiled) -> Read:
    """A report's text -> everything found, by family and concept."""
    return lambda text: as_gold(imaging.run(text))


@pytest.fixture
def package() -> Callable[[str], Compiled]:
    """The text of a package that stands alone -> what runs it."""
    return lambda text: Compiled(check_package(text))
