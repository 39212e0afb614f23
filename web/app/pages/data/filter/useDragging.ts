/** Dragging a part of the filter to another place. */

import { inject, type InjectionKey, provide, ref } from "vue";

import type { Group } from "./model";
import { moveTo } from "./moves";
import type { Builder } from "./useBuilder";

export interface Dragging {
  start(event: DragEvent, id: number): void;
  /** The pointer is over the item at `index` of a group; its upper half stands for the place before it. */
  over(event: DragEvent, target: Group, index: number): void;
  drop(): void;
  end(): void;
  isAt(target: Group, index: number): boolean;
  isDragged(id: number): boolean;
}

const KEY: InjectionKey<Dragging> = Symbol("dragging");
export function useDraggingHere(): Dragging {
  const dragging = inject(KEY);
  if (!dragging) throw new Error("nothing to drag here");
  return dragging;
}

export function provideDragging({ root }: Builder): void {
  const dragged = ref<number | null>(null);
  const place = ref<{ target: Group; index: number } | null>(null);
  const end = () => {
    dragged.value = null;
    place.value = null;
  };
  provide(KEY, {
    start(event, id) {
      dragged.value = id;
      event.dataTransfer?.setData("text/plain", ""); // without data Firefox drags nothing
    },
    over(event, target, index) {
      if (dragged.value === null) return;
      event.preventDefault();
      event.stopPropagation();
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const after = index < target.items.length && event.clientY > box.top + box.height / 2 ? 1 : 0;
      place.value = { target, index: index + after };
    },
    drop() {
      if (dragged.value !== null && place.value) moveTo(root.value, dragged.value, place.value.target, place.value.index);
      end();
    },
    end,
    isAt: (target, index) => place.value?.target.id === target.id && place.value.index === index,
    isDragged: (id) => dragged.value === id,
  });
}
