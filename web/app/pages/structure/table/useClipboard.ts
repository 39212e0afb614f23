/** Copying fields as lines for a spreadsheet, and pasting such lines. */

import type { Acts } from "./useActs";
import type { Pen } from "./usePen";
import type { Rows } from "./useRows";

export function useClipboard(rows: Rows, acts: Acts, pen: Pen, readonly: () => boolean, pasted: (text: string) => void) {
  function copy(event: ClipboardEvent) {
    if (pen.editing.value || rows.chosen.value.size === 0) return;
    event.preventDefault();
    event.clipboardData?.setData("text/plain", acts.copied());
  }

  /** Lines are fields; one cell is a text like any other. */
  function paste(event: ClipboardEvent) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (readonly() || !/[\t\r\n]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    pasted(text);
  }

  return { copy, paste };
}
