/** Records picked in a grid, by their ids. */

import { shallowReactive } from "vue";

import type { StoredRecord } from "../../../../shared/api/types";
import type { GridColumn } from "../../../grid/columns";
import { texts } from "./texts";

/** The column of the ticks. */
export const PICK: GridColumn<StoredRecord> = { code: "$pick", label: texts.select, value: ({ id }) => id, pinned: true, width: 56 };

export interface Picked {
  readonly ids: ReadonlySet<number>;
  toggle(id: number): void;
  add(ids: readonly number[]): void;
  clear(): void;
}

export function usePicked(): Picked {
  const ids = shallowReactive(new Set<number>());
  return {
    ids,
    toggle(id) {
      if (!ids.delete(id)) ids.add(id);
    },
    add(more) {
      for (const id of more) ids.add(id);
    },
    clear: () => ids.clear(),
  };
}
