"""Folders and ZIP archives, within limits."""

import io
import zipfile

import pytest

from metamodel.exchange import SourceFile, source_files
from metamodel.exchange.archive import FILE_LIMIT, unpacked
from metamodel.exchange.errors import UnsafeArchive


def archive(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return SourceFile("a.zip", out.getvalue())


def test_a_folder_gives_its_files_by_their_paths(tmp_path):
    (tmp_path / "Lists" / "drugs").mkdir(parents=True)
    (tmp_path / "ARC.csv").write_text("x")
    (tmp_path / "Lists" / "drugs" / "Type.csv").write_text("y")
    (tmp_path / "link.csv").symlink_to("/etc/passwd")

    assert [file.name for file in source_files([tmp_path])] == ["ARC.csv", "Lists/drugs/Type.csv"]


def test_an_archive_of_one_folder_is_that_folder():
    files = unpacked([archive({"arc-main/ARC.csv": "x", "arc-main/Lists/a/B.csv": "y"})])

    assert [file.name for file in files] == ["ARC.csv", "Lists/a/B.csv"]
    assert files[0].data() == b"x"


@pytest.mark.parametrize(
    "name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "..\\evil.csv", "C:evil"]
)
def test_a_name_that_leads_outside_is_refused(name):
    with pytest.raises(UnsafeArchive, match="leads outside"):
        unpacked([archive({name: "x"})])


def test_a_zip_bomb_is_refused():
    with pytest.raises(UnsafeArchive, match="unpacks to far more"):
        unpacked([archive({"ARC.csv": b"\0" * 20_000_000})])


def test_too_many_files_are_refused():
    with pytest.raises(UnsafeArchive, match="files"):
        unpacked([archive({f"{n}.csv": "" for n in range(FILE_LIMIT + 1)})])


def test_what_is_no_archive_is_refused():
    with pytest.raises(UnsafeArchive, match="can't be read"):
        unpacked([SourceFile("a.zip", b"PK but no archive")])
