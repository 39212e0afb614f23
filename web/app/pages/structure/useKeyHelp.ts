/** The table's keys, for the list that `?` shows. They act in the table itself, not as shortcuts of the page. */

import { type Shortcut, useShortcuts } from "../../shell/shortcuts";
import { texts } from "./texts";

/** Written with a dash, so that no press on the page is taken for one. */
const KEYS: [string, Shortcut["label"]][] = [
  ["Enter / F2", texts.keyEdit],
  ["Tab", texts.keyNext],
  ["Insert / Ctrl-Enter", texts.keyAdd],
  ["Ctrl-D", texts.keyDuplicate],
  ["Alt-↑ / Alt-↓", texts.keyMove],
  ["Delete", texts.keyRemove],
  ["Ctrl-Z", texts.keyUndo],
  ["Ctrl-Shift-Z", texts.keyRedo],
  ["Shift-↑↓ / Ctrl-A", texts.keyChoose],
  ["Ctrl-C / Ctrl-V", texts.keyCopy],
];

export function useKeyHelp(): void {
  useShortcuts(KEYS.map(([keys, label]) => ({ keys: ` ${keys}`, label, run: () => undefined })));
}
