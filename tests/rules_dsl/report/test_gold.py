"""Real labelled reports, where they are given: overall and per family at least as right as promised."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.report_gold import main

LABELLED = Path(os.environ.get("ZHENSHU_TEST_DATA", "")) / "report_gold" / "dev.jsonl"


@pytest.mark.realdata
@pytest.mark.skipif(not LABELLED.is_file(), reason="the labelled reports are not here")
def test_labelled_reports_come_out_as_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(LABELLED) == 0, capsys.readouterr().out
