/** The keyboard in the table: moving about, commands, and the keys that end the writing in a cell. */

import { moved } from "../../../grid/gridKeys";
import type { DraftEditor } from "../useDraft";
import { kindOf } from "./cells";
import { type Command, commandOf, nextCell } from "./keys";
import type { Acts } from "./useActs";
import type { Pen } from "./usePen";
import type { Rows } from "./useRows";

interface Setting {
  rows: Rows;
  acts: Acts;
  pen: Pen;
  editor: DraftEditor;
  columns: () => readonly unknown[];
  /** The active column's code. */
  column: () => string;
  readonly: () => boolean;
  /** Rows that a page key moves by. */
  page: () => number;
  goTo: (row: number, column: number, extend?: boolean) => void;
  reveal: () => void;
  add: () => void;
  remove: () => void;
}

export function useKeys({ rows, acts, pen, editor, columns, column, readonly, page, goTo, reveal, add, remove }: Setting) {
  const size = () => ({ rows: rows.codes.value.length, columns: columns().length });
  const here = () => ({ row: rows.activeIndex.value, column: rows.column.value });

  function press(event: KeyboardEvent) {
    if (event.isComposing) return;
    if (pen.editing.value) return pressWriting(event);
    const command = commandOf(event);
    const isText = command?.do === "toggle" && kindOf(column()) !== "flag"; // a blank is a character elsewhere
    if (isText) return;
    if (command) return run(command, event);
    const target = moved(here(), event.key, event.ctrlKey || event.metaKey, { ...size(), page: page() });
    if (!target) return;
    event.preventDefault();
    goTo(target.row, target.column, event.shiftKey);
  }

  function run(command: Command, event: KeyboardEvent) {
    if (command.do === "next") return tab(command.step, event);
    event.preventDefault();
    if (isReading(command) || !readonly()) COMMANDS[command.do](command);
    reveal();
  }

  const isReading = (command: Command) => ["edit", "toggle", "all", "narrow"].includes(command.do);
  const COMMANDS: Readonly<Record<Command["do"], (command: Command) => void>> = {
    edit: () => pen.begin(),
    toggle: () => pen.begin(),
    all: () => rows.chooseAll(),
    narrow: () => rows.choose(rows.activeIndex.value),
    undo: () => editor.undo(),
    redo: () => editor.redo(),
    add,
    duplicate: () => acts.duplicate(),
    move: (command) => "step" in command && acts.move(command.step),
    next: () => undefined,
    remove,
    clear: () => kindOf(column()) === "text" && pen.begin(""),
  };

  /** To the next cell; at the table's end the key leads out of it. */
  function tab(step: -1 | 1, event: KeyboardEvent) {
    const next = nextCell(here().row, here().column, step, size().rows, size().columns);
    if (!next) return;
    event.preventDefault();
    goTo(next.row, next.column);
  }

  function pressWriting(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (pen.editing.value === "type" && step !== 0) {
      event.preventDefault();
      pen.pointed.value = Math.max(0, Math.min(pen.types.value.length - 1, pen.pointed.value + step));
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      pen.cancel();
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      if (pen.commit()) moveOn(event);
    }
  }

  function moveOn(event: KeyboardEvent) {
    pen.focus();
    const { row, column: at } = here();
    const back = event.shiftKey ? -1 : 1;
    if (event.key === "Tab") return tab(back, event);
    if (event.ctrlKey || event.metaKey) return add();
    goTo(Math.max(0, Math.min(size().rows - 1, row + back)), at);
  }

  return { press };
}
