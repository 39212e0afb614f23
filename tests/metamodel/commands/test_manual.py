"""The manual: what it tells to type works, what it links to is there, its tables are those of the code."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.metamodel.commands.manual import blocks
from tests.metamodel.commands.shell import Shell
from tests.metamodel.exchange.redcap_files import dictionary, project, variable

DOCS = ROOT / "docs"
HOW_TO = DOCS / "how-to"
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_the_reference_of_commands_is_up_to_date() -> None:
    page = runpy.run_path(str(DOCS / "reference" / "commands.py"))["page"]()

    kept = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    assert kept == page, "run: python docs/reference/commands.py > docs/reference/commands.md"


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def redcap_files(shell: Shell) -> None:
    """What REDCap gave: a dictionary, a project and its data, in the current folder."""
    forms = {"demo": ["record_id", "sex"], "lab": ["crea"]}
    Path("project.xml").write_bytes(project(forms, repeating=[("", "lab")]).content)
    rows = [variable("sex", form="demo"), variable("crea", form="lab")]
    Path("dictionary.csv").write_bytes(dictionary(*rows).content)
    Path("data.csv").write_text(
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,crea\n1,,,f,\n1,lab,1,,88\n", "utf-8"
    )


def a_trial(shell: Shell) -> None:
    """A live database `trial` with a patient in it."""
    rows = [variable("weight", validation="integer"), variable("sex")]
    Path("d.csv").write_bytes(dictionary(*rows).content)
    Path("p.csv").write_text("record_id,weight,sex\n1,70,f\n", "utf-8")
    for words in ("define import d.csv --code trial", "define publish trial", "records import trial p.csv"):
        shell.does(*words.split())


def nothing(shell: Shell) -> None:
    """An instance as it is."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "prepare"),
    [
        ("import-a-redcap-project", redcap_files),
        ("change-a-live-database", a_trial),
        ("back-up-and-restore", nothing),
    ],
)
def test_a_how_to_works_as_it_is_written(
    name: str, prepare: Callable[[Shell], None], fresh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(fresh)

    lines = [line for block in blocks(HOW_TO / f"{name}.md") for line in block.splitlines()]
    assert lines
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "zhenshu"
        fresh.does(*words)


# How-tos for the pages: nothing to type into a shell; the words of the pages that they name must be there.
ON_SCREEN = {
    "check-data-quality",
    "find-records",
    "forget-a-patient",
    "grant-access",
    "mask-fields",
    "manage-users",
    "review-the-audit-trail",
    "select-a-cohort",
    "sign-in-by-directory",
    "write-rules",
}


@pytest.mark.parametrize(
    "page", ["tutorial/first-crf.md", *(f"how-to/{name}.md" for name in sorted(ON_SCREEN))]
)
def test_a_manual_of_the_pages_names_what_stands_on_them(page: str) -> None:
    named = re.findall(r"\*\*(.+?)\*\*", (DOCS / page).read_text(encoding="utf-8"))
    shown = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "web" / "app").rglob("*texts.ts"))

    assert named
    assert [word for word in named if f'"{re.sub("[0-9]+", "{n}", word)}"' not in shown] == []


def test_every_how_to_is_tried() -> None:
    typed = {"import-a-redcap-project", "change-a-live-database", "back-up-and-restore"}
    assert {page.stem for page in HOW_TO.glob("*.md")} == typed | ON_SCREEN
