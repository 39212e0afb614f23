/** The order of record types: dragged, or moved by key past the neighbour with the same parent. */

import { type Ref, ref } from "vue";

import type { DatabaseDocument, Edit } from "../../../../shared/api/types";

const TYPE = "application/x-zhenshu-record-type";

export interface TypeOrder {
  /** Before which one it would be dropped. */
  target: Ref<string | null>;
  start(event: DragEvent, code: string): void;
  over(event: DragEvent, code: string): void;
  leave(): void;
  drop(event: DragEvent, code: string): void;
  moveBy(code: string, step: -1 | 1): void;
}

/** The edit that moves a record type past its neighbour among those with the same parent; none at the end. */
export function pastNeighbour({ record_types }: DatabaseDocument, code: string, step: -1 | 1): Edit[] {
  const type = record_types.find((each) => each.code === code);
  const siblings = record_types.filter(({ parent }) => (parent ?? null) === (type?.parent ?? null)).map((each) => each.code);
  const neighbour = siblings[siblings.indexOf(code) + step];
  if (neighbour === undefined) return [];
  return [{ edit: "move_record_type", record_type: code, [step === -1 ? "before" : "after"]: neighbour }];
}

export function useTypeOrder(document: () => DatabaseDocument, act: (edits: Edit[]) => void): TypeOrder {
  const target = ref<string | null>(null);
  let dragged: string | null = null;

  function start(event: DragEvent, code: string) {
    dragged = code;
    event.dataTransfer?.setData(TYPE, code);
  }

  function over(event: DragEvent, code: string) {
    if (!event.dataTransfer?.types.includes(TYPE) || dragged === code) return;
    event.preventDefault();
    target.value = code;
  }

  function drop(event: DragEvent, code: string) {
    event.preventDefault();
    target.value = null;
    const known = document().record_types.some((type) => type.code === dragged);
    if (known && dragged !== code) act([{ edit: "move_record_type", record_type: dragged, before: code }]);
    dragged = null;
  }

  return { target, start, over, leave: () => (target.value = null), drop, moveBy: (code, step) => act(pastNeighbour(document(), code, step)) };
}
