/** The columns of a grid: which are shown, in which width, which stay at the left. The user's choice is kept. */

import { computed, type ComputedRef, type MaybeRefOrGetter, reactive, toValue, watch } from "vue";

import type { Value } from "../../shared/api/types";
import type { Label } from "../../shared/texts";
import type { Sayable } from "../components/valueWords";

export interface GridColumn<Row> {
  code: string;
  label: Label | string;
  /** How to say the value and on which side it stands; without it, text. */
  field?: Sayable;
  value: (row: Row) => Value | undefined;
  /** The missing-data code of a value that is not there. */
  missing?: (row: Row) => string | undefined;
  width?: number;
  sortable?: boolean;
  pinned?: boolean;
  /** Not shown until the user chooses it. */
  hidden?: boolean;
}

interface Choice {
  width?: number;
  pinned?: boolean;
  hidden?: boolean;
}

export interface ShownColumn<Row> extends GridColumn<Row> {
  width: number;
  pinned: boolean;
  hidden: boolean;
}

export const DEFAULT_WIDTH = 140;
export const NARROWEST = 56;
export const WIDEST = 800;

const PREFIX = "zhenshu.grid.";

export interface ColumnChoices<Row> {
  /** Every column with the user's choices, for the chooser. */
  all: ComputedRef<ShownColumn<Row>[]>;
  pinned: ComputedRef<ShownColumn<Row>[]>;
  scrolled: ComputedRef<ShownColumn<Row>[]>;
  choose(code: string, choice: Choice): void;
  reset(): void;
}

/** @param name where the choices are kept in the browser; one per list, e.g. "records.lung_nodule.patient". */
export function useColumns<Row>(name: string, columns: MaybeRefOrGetter<readonly GridColumn<Row>[]>): ColumnChoices<Row> {
  const choices = reactive<Record<string, Choice>>(read(name));
  watch(choices, () => localStorage.setItem(PREFIX + name, JSON.stringify(choices)));

  const all = computed(() =>
    toValue(columns).map((column) => ({
      ...column,
      width: column.width ?? DEFAULT_WIDTH,
      pinned: column.pinned ?? false,
      hidden: column.hidden ?? false,
      ...choices[column.code],
    })),
  );
  const shown = computed(() => all.value.filter((column) => !column.hidden));

  function choose(code: string, choice: Choice) {
    const width = choice.width === undefined ? {} : { width: Math.min(WIDEST, Math.max(NARROWEST, choice.width)) };
    choices[code] = { ...choices[code], ...choice, ...width };
  }

  function reset() {
    for (const code of Object.keys(choices)) Reflect.deleteProperty(choices, code);
  }

  return {
    all,
    pinned: computed(() => shown.value.filter((column) => column.pinned)),
    scrolled: computed(() => shown.value.filter((column) => !column.pinned)),
    choose,
    reset,
  };
}

function read(name: string): Record<string, Choice> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? "{}");
    return typeof stored === "object" && stored !== null ? (stored as Record<string, Choice>) : {};
  } catch {
    return {}; // what an older version or a hand wrote there is worth no error
  }
}
