/** The mouse in the table: which cell it is on, and what a press chooses. */

import { kindOf } from "./cells";
import type { Pen } from "./usePen";
import type { Rows } from "./useRows";

export function usePointer(rows: Rows, pen: Pen, columns: () => readonly { code: string }[]) {
  /** "#" is the column of row numbers. */
  function cellAt(event: Event): { index: number; column: string } | null {
    const cell = (event.target as HTMLElement).closest<HTMLElement>("[data-column]");
    const row = cell?.closest<HTMLElement>("[data-index]");
    return cell && row ? { index: Number(row.dataset.index), column: cell.dataset.column ?? "" } : null;
  }

  function point(event: MouseEvent) {
    const at = cellAt(event);
    if (!at || event.button !== 0) return;
    if (pen.editing.value) pen.leave();
    const column = columns().findIndex(({ code }) => code === at.column);
    if (column >= 0) rows.column.value = column;
    choose(event, at);
    if (at.column === "#") return; // it may be the start of a drag
    event.preventDefault();
    pen.focus();
    if ((event.target as HTMLElement).closest(".box")) pen.toggle(at.column);
  }

  /** A drag and a tick are for all that are chosen already. */
  function choose(event: MouseEvent, at: { index: number; column: string }) {
    const isChosen = rows.chosen.value.has(rows.codes.value[at.index] ?? "");
    if (event.shiftKey) rows.choose(at.index, "extend");
    else if (event.ctrlKey || event.metaKey) rows.choose(at.index, "toggle");
    else if (isChosen && (at.column === "#" || kindOf(at.column) === "flag")) rows.activate(at.index);
    else rows.choose(at.index);
  }

  return { cellAt, point };
}
