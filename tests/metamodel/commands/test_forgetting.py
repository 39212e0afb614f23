"""`zhenshu patients forget` and `zhenshu keys rotate` from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.metamodel.commands.shell import Shell
from zhenshu.instance import Instance
from zhenshu.patients import find_patients
from zhenshu.security import SYSTEM, Channel


def stored(lung: Shell, tmp_path: Path) -> int:
    """A patient; the id in the index."""
    path = tmp_path / "patients.csv"
    path.write_text("record_id,name,sex\n1,王五,1\n2,李四,1\n", "utf-8")
    lung.does("records", "import", "lung", "patient", path)
    with Instance(lung.settings).read(SYSTEM, Channel.API) as uow:
        return find_patients(uow, "db:lung", ["1"])["1"]


def names(lung: Shell, tmp_path: Path) -> list[str]:
    out = tmp_path / "out.csv"
    lung.does("records", "export", "lung", "patient", "--out", out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        return [row.get("name") or row.get("name（中）") or "" for row in csv.DictReader(file)]


def test_a_patient_is_looked_at_confirmed_and_forgotten(lung: Shell, tmp_path: Path) -> None:
    patient = stored(lung, tmp_path)

    looked = lung.does("patients", "forget", patient)

    assert "would be forgotten" in looked and "lung.patient\t1\t" in looked
    assert f'--confirm "forget {patient}"' in looked
    assert "type forget" in lung.fails("patients", "forget", patient, "--reason", "asked", "--confirm", "yes")
    assert "Say why" in lung.fails("patients", "forget", patient, "--confirm", f"forget {patient}")
    assert "王五" in "".join(names(lung, tmp_path))
    done = lung.gives("patients", "forget", patient, "--reason", "asked", "--confirm", f"forget {patient}")
    assert (done["forgotten"], done["affected"][0]["records"]) == (True, 1)
    assert "王五" not in "".join(names(lung, tmp_path))
    assert lung.gives("patients", "forget", patient)["values"] == 0
    assert "no patient 999" in lung.fails("patients", "forget", 999)


def test_keys_are_rotated_at_once_or_by_a_job(lung: Shell, tmp_path: Path) -> None:
    stored(lung, tmp_path)

    assert lung.does("keys", "rotate").strip() == "keys: 2"
    assert lung.gives("keys", "rotate") == {"keys": 2}
    assert lung.gives("keys", "rotate", "--job")["job"] > 0


def test_the_key_of_blind_indexes_is_replaced(lung: Shell, tmp_path: Path) -> None:
    stored(lung, tmp_path)

    done = lung.gives("keys", "rotate-index")
    assert done["values"] > 0 and done["unread"] == 0
    assert lung.does("keys", "rotate-index").strip() == f"values: {done['values']}, unread: 0"
    assert lung.gives("keys", "rotate-index", "--job")["job"] > 0
