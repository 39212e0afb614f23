/** Keyboard shortcuts: declared where they act, listed in one help dialog, never while someone is typing. */

import { onScopeDispose, reactive, readonly } from "vue";

import type { Label } from "../../shared/texts";

export interface Shortcut {
  /** "Ctrl+K", "?", "J". On a Mac, Ctrl is also the command key. */
  keys: string;
  label: Label;
  run: () => void;
  /** Works on every page; others are listed as the page's own. */
  everywhere?: boolean;
}

const declared = reactive<Shortcut[]>([]);
export const shortcuts = readonly(declared);

/** Offer these shortcuts as long as the component lives. */
export function useShortcuts(offered: readonly Shortcut[]): void {
  declared.push(...offered);
  onScopeDispose(() => {
    for (const each of offered) {
      const at = declared.findIndex(({ keys, label }) => keys === each.keys && label === each.label);
      if (at >= 0) declared.splice(at, 1);
    }
  });
}

/** Listen for all declared shortcuts; the latest declared of the same keys wins. */
export function listenForShortcuts(target: Document): void {
  target.addEventListener("keydown", (event) => {
    const found = [...declared].reverse().find(({ keys }) => matches(keys, event));
    if (!found || event.defaultPrevented) return;
    if (!event.ctrlKey && !event.metaKey && isTyping(event.target)) return;
    event.preventDefault();
    found.run();
  });
}

export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing">;

export function matches(keys: string, event: Pressed): boolean {
  if (event.isComposing) return false; // an input method is choosing characters
  const parts = keys.split("+");
  const key = parts.pop() ?? "";
  const control = event.ctrlKey || event.metaKey;
  if (control !== parts.includes("Ctrl") || event.altKey !== parts.includes("Alt")) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** Whether one types into it, or into what is inside its shadow tree, as in the editor of rules. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName) || isTyping(target.shadowRoot?.activeElement ?? null);
}
