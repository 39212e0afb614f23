"""Workbooks that would harm, or are broken, are refused in words; large honest ones are read."""

import io
import random
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from metamodel.exchange.errors import ExchangeError, MalformedSheet, UnsafeWorkbook
from metamodel.exchange.records.rows import open_rows
from zhenshu import workbooks

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
UNEVEN = random.Random(1).randbytes(1 << 14).ljust(1 << 20, b"x")  # packs to a sixtieth


def workbook(rows: int = 3) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["record_id", "note"])
        for number in range(1, rows + 1):
            page.write_row(number, 0, [f"P{number}", "无异常"])
    return out.getvalue()


def changed(part: str, change, content: bytes = b"") -> bytes:
    """A workbook with one part changed: `change` maps its bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or workbook())) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, change(data) if name == part else data)
    return out.getvalue()


def rows_of(content: bytes) -> list:
    return list(open_rows(io.BytesIO(content), "data.xlsx", "xlsx").rows)


def bomb(part: str, megabytes: int, block: bytes) -> bytes:
    """`part` of a workbook inflates to this many megabytes of `block`, written piece by piece."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name != part:
                after.writestr(name, before.read(name))
        with after.open(part, "w", force_zip64=True) as target:
            for _ in range(megabytes):
                target.write(block)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "megabytes", "block", "says", "says_zh"),
    [
        (STRINGS, 129, UNEVEN, "128 MiB", "128 MiB"),
        (STRINGS, 100, b"<si/>" * 209_715, "200 times", "200 倍"),
        (SHEET, 200, b"<c/>" * (1 << 18), "200 times", "200 倍"),
        ("xl/styles.xml", 129, UNEVEN, "128 MiB", "128 MiB"),
    ],
    ids=["texts by size", "texts by ratio", "sheet by ratio", "styles by size"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    part: str, megabytes: int, block: bytes, says: str, says_zh: str
) -> None:
    content = bomb(part, megabytes, block)
    tracemalloc.start()
    with pytest.raises(UnsafeWorkbook) as refused:
        rows_of(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert part in refused.value.message("en") and says in refused.value.message("en")
    assert part in refused.value.message("zh") and says_zh in refused.value.message("zh")
    assert peak < 4_000_000


def test_shared_texts_that_pass_for_a_sheet_are_held_to_their_own_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = workbook(60_000)
    monkeypatch.setattr(workbooks, "PART_LIMIT", 1 << 20)
    types, chart = b"worksheet+xml", b"relationships/chartsheet"
    honest = changed(STRINGS, lambda data: data[:100], content)
    lying = changed("[Content_Types].xml", lambda data: data.replace(types, b"sharedStrings+xml"), honest)
    whole = changed(
        "xl/_rels/workbook.xml.rels", lambda data: data.replace(b"relationships/worksheet", chart), honest
    )

    workbooks.check_workbook(io.BytesIO(honest))
    for harmful in (content, lying, whole):
        with pytest.raises(workbooks.WorkbookRefused, match="1 MiB"):
            workbooks.check_workbook(io.BytesIO(harmful))


def test_all_parts_together_have_a_limit() -> None:
    with pytest.raises(workbooks.WorkbookRefused, match="1 MiB"):
        workbooks.check_workbook(io.BytesIO(workbook(60_000)), total=1 << 20)


def test_a_large_even_workbook_is_read() -> None:
    content = workbook(60_000)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.getinfo(STRINGS).file_size > 1 << 20

    assert len(rows_of(content)) == 60_000


def test_a_sheet_that_breaks_off_says_after_which_row() -> None:
    taken = []
    with pytest.raises(MalformedSheet) as broken:
        for row in open_rows(
            io.BytesIO(changed(SHEET, lambda data: data.replace(b'<row r="4"', b'</oops><row r="4"'))),
            "data.xlsx",
            "xlsx",
        ).rows:
            taken.append(row.cells["record_id"])

    assert taken == ["P1", "P2"]
    assert "after row 3" in broken.value.message("en") and "第 3 行之后" in broken.value.message("zh")


def test_a_text_that_is_not_there_is_damage_too() -> None:
    with pytest.raises(MalformedSheet):
        rows_of(changed(SHEET, lambda data: data.replace(b"<v>1</v>", b"<v>99999</v>")))


def test_a_workbook_without_sheets_is_refused() -> None:
    def without_sheets(data: bytes) -> bytes:
        return data.partition(b"<sheets>")[0] + b"<sheets/>" + data.partition(b"</sheets>")[2]

    with pytest.raises(ExchangeError, match="no sheet"):
        rows_of(changed("xl/workbook.xml", without_sheets))


@pytest.mark.parametrize("part", [SHEET, STRINGS, "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "declared", [b"<!DOCTYPE x>", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>']
)
def test_a_document_type_in_any_part_is_refused(part: str, declared: bytes) -> None:
    def with_doctype(data: bytes) -> bytes:
        head, end, rest = data.partition(b"?>")
        return head + end + declared + rest

    with pytest.raises(UnsafeWorkbook, match="DOCTYPE"):
        rows_of(changed(part, with_doctype))


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", workbook()[:900]], ids=["empty", "csv", "cut off"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(ExchangeError, match="no Excel workbook"):
        rows_of(content)


def test_a_number_of_thousands_of_digits_rejects_its_line_alone() -> None:
    lines = b'{"a": 1}\n{"a": ' + b"9" * 5_000 + b'}\n{"a": 2}\n'
    found = list(open_rows(io.BytesIO(lines), "data.jsonl", "jsonl").rows)

    assert [(row.number, row.problem and row.problem.code) for row in found] == [
        (1, None), (2, "json"), (3, None),
    ]  # fmt: skip
