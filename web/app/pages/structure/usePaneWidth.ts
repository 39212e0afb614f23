/** The pane of properties at the right: open or not, and how wide; kept in the browser. */

import { type Ref, ref, watchEffect } from "vue";

const STORED_AS = "zhenshu.structure.pane";
const [NARROWEST, WIDEST, USUAL] = [320, 720, 400]; // px
const ROOMY = 1600; // px of window from which the pane is open until one closes it

export function usePaneWidth(): { open: Ref<boolean>; width: Ref<number>; resize(width: number): void } {
  const kept = read();
  const open = ref(kept.open ?? window.innerWidth >= ROOMY);
  const width = ref(within(kept.width ?? USUAL));
  watchEffect(() => localStorage.setItem(STORED_AS, JSON.stringify({ open: open.value, width: width.value })));
  return { open, width, resize: (to) => (width.value = within(to)) };
}

const within = (width: number) => Math.max(NARROWEST, Math.min(WIDEST, Math.round(width)));

function read(): { open?: boolean; width?: number } {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {}; // what a hand wrote there is worth no error
  }
}
