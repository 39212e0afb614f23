"""The real registries, from their files into live databases and back, by the command line alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from metamodel.catalogue import catalogue_of
from tests.metamodel.commands.shell import Shell
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel

pytestmark = [pytest.mark.realdata, pytest.mark.slow, pytest.mark.timeout(300)]

PLACE = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
Row = dict[str, str]


@pytest.fixture
def forms(real_data: Path) -> Path:
    return real_data / "16-registry-forms"


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_eight_projects_live_side_by_side_and_give_their_data_back(
    fresh: Shell, forms: Path, tmp_path: Path
) -> None:
    for code, source in (
        ("arc", forms / "isaric-arc"),
        ("genomics", forms / "genomics-thailand" / "genomics_thailand_general.csv"),
    ):
        fresh.does("define", "import", source, "--code", code)
        fresh.does("define", "publish", code)
    projects = sorted((forms / "redcapr").iterdir())

    assert len(projects) == 6
    for folder in projects:
        code = folder.name.replace("-", "_")
        fresh.does("define", "import", *folder.glob("dictiona*.csv"), folder / "project.xml", "--code", code)
        fresh.does("define", "publish", code)
        done = fresh.gives("records", "import", code, folder / "data.csv")
        kept = Kept(fresh, code, tmp_path)
        sent = rows(folder / "data.csv")

        assert (done["rows"], done["rejected_rows"]) == (len(sent), 0)
        skipped = {item["column"] for item in done["ignored_columns"]}
        assert list(kept.lacks(sent[0] | {kept.key: "nobody"}, skipped))  # it would notice a loss
        assert [lost for row in sent for lost in kept.lacks(row, skipped)] == [], code
    assert fresh.gives("check")["ok"]


class Kept:
    """What `zhenshu records export` gives of a database, by record type and place."""

    def __init__(self, shell: Shell, code: str, folder: Path) -> None:
        self._types = _structure(shell, code)
        self._rows: dict[str, dict[tuple[str, str, str], Row]] = {}
        self._root = next(item for item in self._types if item["parent"] is None)
        for item in self._types:
            out = folder / f"{code}-{item['code']}.csv"
            shell.does("records", "export", code, item["code"], "--codes", "--out", out)
            self._rows[item["code"]] = {self._place(item, row): row for row in rows(out)}

    @property
    def key(self) -> str:
        return str(self._root["key"])

    def _place(self, item: dict[str, Any], row: Row) -> tuple[str, str, str]:
        record = row[self.key] if item is self._root else row[f"{self._root['code']}.{self.key}"]
        return record, row.get("event", ""), row.get("repeat_key", "")

    def lacks(self, sent: Row, skipped: set[str]) -> Iterator[tuple[str, ...]]:
        """The cells of a REDCap data row that no exported record holds."""
        for column, cell in sent.items():
            if cell == "" or column in PLACE or column in skipped:
                continue
            code, _, box = column.partition("___")
            found = self._find(sent, code)
            ticked = box in found.split(";") if box else False
            if not (ticked == (cell == "1") if box else same(cell, found)):
                yield column, cell, found

    def _find(self, sent: Row, code: str) -> str:
        item = next(each for each in self._types if code in each["fields"])
        event = sent.get(PLACE[0], "") if item["events"] else ""
        repeat = sent.get(PLACE[2], "") if item["repeats"] else ""
        row = self._rows[item["code"]].get((sent[self.key], event, repeat), {})
        return row.get(code, "")


def _structure(shell: Shell, code: str) -> list[dict[str, Any]]:
    instance = Instance(shell.settings)
    with instance.read(SYSTEM, Channel.API) as uow:
        found = [
            {"code": item.code, "parent": item.parent, "key": item.key, "events": item.events,
             "repeats": item.repeats, "fields": set(item.by_code)}
            for item in catalogue_of(uow).database(code).record_types
        ]  # fmt: skip
    instance.close()
    return found


def same(sent: str, kept: str) -> bool:
    """The same text, or the same number in another spelling ("1,54" and "1.54", ".34" and "0.34")."""
    if sent in (kept, kept.removeprefix("'")):
        return True
    try:
        return Decimal(sent.replace(",", ".")) == Decimal(kept)
    except InvalidOperation:
        return False
