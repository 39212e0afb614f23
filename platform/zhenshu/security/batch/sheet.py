"""The workbook of a batch: the one to fill in, the one with results, and reading what was filled in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import openpyxl
import xlsxwriter

from zhenshu.errors import Invalid
from zhenshu.security.account_templates import AccountTemplate
from zhenshu.security.roles import RoleSpec
from zhenshu.workbooks import WorkbookRefused, check_workbook

MOST_ROWS = 1000
MOST_BYTES = 64 << 20  # of the workbook's parts, unpacked

# Property -> its heading in the two languages.
HEADINGS: dict[str, tuple[str, str]] = {
    "name": ("用户名", "User name"),
    "display_name": ("姓名", "Name"),
    "template": ("账号模板", "Account template"),
    "role": ("角色", "Role"),
    "phone": ("手机号", "Phone"),
    "until": ("有效期至", "Valid until"),
    "language": ("界面语言", "Language"),
}
_LANGUAGES = ("中文", "English")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it was filled in: texts by property; `number` as the workbook counts."""

    number: int
    cells: dict[str, str]


class SheetWrong(Invalid):
    """The workbook can't be used: {reason}. No user was made."""

    zh = "工作簿无法使用：{reason_zh}。未新建任何用户。"


def blank_sheet(language: str, templates: Sequence[AccountTemplate], roles: Sequence[RoleSpec]) -> bytes:
    """A workbook to fill in, with the names of templates and roles to choose from."""
    at = 0 if language == "zh" else 1
    stream = io.BytesIO()
    with _workbook(stream) as book:
        bold = book.add_format({"bold": True})
        page = book.add_worksheet(("用户", "Users")[at])
        text = book.add_format({"num_format": "@"})  # else a phone number becomes 1.38E+10
        page.set_column(0, len(HEADINGS) - 1, 18, text)
        page.write_row(0, 0, [heading[at] for heading in HEADINGS.values()], bold)
        page.freeze_panes(1, 0)
        choices = {
            "template": [template.name for template in templates],
            "role": [(role.zh, role.en)[at] for role in roles],
            "language": list(_LANGUAGES),
        }
        lists = book.add_worksheet(("可选值", "Choices")[at])
        for column, (name, values) in enumerate(choices.items()):
            lists.write_string(0, column, HEADINGS[name][at], bold)
            for row, value in enumerate(values, 1):
                lists.write_string(row, column, value)
            if values:
                letter, sheet = "ABC"[column], lists.get_name()
                source = f"='{sheet}'!${letter}$2:${letter}${len(values) + 1}"
                where = list(HEADINGS).index(name)
                page.data_validation(1, where, MOST_ROWS, where, {"validate": "list", "source": source})
    return stream.getvalue()


def result_sheet(language: str, rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of (user name, name, one-time password)."""
    heads = (
        ("用户名", "姓名", "一次性密码") if language == "zh" else ("User name", "Name", "One-time password")
    )
    stream = io.BytesIO()
    with _workbook(stream) as book:
        page = book.add_worksheet()
        page.set_column(0, 2, 24)
        for number, cells in enumerate([heads, *rows]):
            for column, cell in enumerate(cells):
                page.write_string(number, column, cell)  # never a formula, whatever a name begins with
    return stream.getvalue()


def _workbook(stream: BinaryIO) -> Any:
    return xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )


def read_sheet(stream: BinaryIO) -> list[SheetRow]:
    """The rows that are filled in.

    Raises:
        SheetWrong: when it is no workbook, too large, or lacks a heading.
    """
    try:
        check_workbook(stream, MOST_BYTES)
    except WorkbookRefused as error:
        raise SheetWrong(reason=error.reason, reason_zh=error.reason_zh) from error
    try:
        page = openpyxl.load_workbook(stream, read_only=True, data_only=True).worksheets[0]
        table = [list(row) for row in page.iter_rows(max_row=MOST_ROWS + 2, max_col=50, values_only=True)]
    except Exception as error:  # a broken workbook fails in many ways, all of them the sender's
        raise SheetWrong(
            reason="it is no Excel file (.xlsx)", reason_zh="不是 Excel 文件（.xlsx）"
        ) from error
    columns = _columns(table[0] if table else [])
    rows = [
        SheetRow(number, {name: _text(row[at]) for name, at in columns.items() if at < len(row)})
        for number, row in enumerate(table[1:], 2)
    ]
    filled = [row for row in rows if any(row.cells.values())]
    if not filled:
        raise SheetWrong(reason="no row is filled in", reason_zh="没有填写任何一行")
    if len(filled) > MOST_ROWS:
        reason, reason_zh = f"it has more than {MOST_ROWS} rows", f"超过 {MOST_ROWS} 行"
        raise SheetWrong(reason=reason, reason_zh=reason_zh)
    return filled


def _columns(heads: Sequence[Any]) -> dict[str, int]:
    known = {head.lower(): name for name, pair in HEADINGS.items() for head in (*pair, name)}
    found = {known[text]: at for at, head in enumerate(heads) if (text := _text(head).lower()) in known}
    if "name" not in found or not found.keys() & {"role", "template"}:
        raise SheetWrong(
            reason="its first row needs the headings `User name`, and `Role` or `Account template`",
            reason_zh="第一行须有表头“用户名”，以及“角色”或“账号模板”",
        )
    return found


def _text(cell: Any) -> str:
    """A cell as a person reads it: a phone number that Excel took for a number has no `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()[:256]
