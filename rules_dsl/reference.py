"""The tables of the manual page on expressions, made from the registry of functions."""

from __future__ import annotations

from typing import Final

from rules_dsl.functions import FUNCTIONS, Function

BEGIN: Final = "<!-- functions: begin -->"
END: Final = "<!-- functions: end -->"


def function_table() -> str:
    """One row per function: signature, Chinese name, meaning in both languages, example and its value."""
    head = "| function | 中文 | meaning | 说明 | example | gives |\n| --- | --- | --- | --- | --- | --- |"
    return "\n".join([head, *map(_row, FUNCTIONS)])


def _row(function: Function) -> str:
    cells = (
        f"`{function.signature()}`",
        function.zh,
        function.doc,
        function.doc_zh,
        f"`{function.example}`",
        f"`{function.gives}`",
    )
    return f"| {' | '.join(cells)} |"


def with_tables(page: str) -> str:
    """`page` with the function table between its marks made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{function_table()}\n{END}{after}"
