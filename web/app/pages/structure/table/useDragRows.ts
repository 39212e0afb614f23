/** Dragging the chosen rows to another place: by the browser's own drag, which scrolls at the edges. */

import { type Ref, ref } from "vue";

import type { Rows } from "./useRows";

export const ROWS_TYPE = "application/x-zhenshu-fields";

export interface DragRows {
  /** Before which row they would be dropped. */
  gap: Ref<number | null>;
  start(event: DragEvent, index: number): void;
  over(event: DragEvent): void;
  leave(): void;
  drop(event: DragEvent): void;
}

export function useDragRows(rows: Rows, height: number, body: () => HTMLElement | null, move: (gap: number) => void): DragRows {
  const gap = ref<number | null>(null);
  const isOurs = (event: DragEvent) => event.dataTransfer?.types.includes(ROWS_TYPE) ?? false;

  function start(event: DragEvent, index: number) {
    const code = rows.codes.value[index];
    if (!event.dataTransfer || code === undefined) return event.preventDefault();
    if (!rows.chosen.value.has(code)) rows.choose(index);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData(ROWS_TYPE, code);
  }

  function over(event: DragEvent) {
    if (!isOurs(event)) return;
    event.preventDefault();
    const top = body()?.getBoundingClientRect().top ?? 0;
    gap.value = Math.max(0, Math.min(rows.codes.value.length, Math.round((event.clientY - top) / height)));
  }

  function drop(event: DragEvent) {
    if (!isOurs(event) || gap.value === null) return;
    event.preventDefault();
    const at = gap.value;
    gap.value = null;
    move(at);
  }

  return { gap, start, over, leave: () => (gap.value = null), drop };
}
