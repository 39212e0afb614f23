/** Ctrl-Z and Ctrl-Shift-Z anywhere on the page but in an input, which undoes its own typing. */

import { onScopeDispose } from "vue";

import type { DraftEditor } from "./useDraft";

export function useUndoKeys(editor: DraftEditor): void {
  function press(event: KeyboardEvent) {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
    if (!isUndo || event.defaultPrevented || isInput(event.target) || isDeciding()) return;
    event.preventDefault();
    if (event.shiftKey) editor.redo();
    else editor.undo();
  }

  document.addEventListener("keydown", press);
  onScopeDispose(() => document.removeEventListener("keydown", press));
}

const isInput = (target: EventTarget | null) => target instanceof HTMLElement && /^(input|textarea|select)$/i.test(target.tagName);

/** A dialog is open over the page; closed ones stay in the document, unseen. */
const isDeciding = () => [...document.querySelectorAll<HTMLElement>(".el-overlay")].some((overlay) => overlay.style.display !== "none");
