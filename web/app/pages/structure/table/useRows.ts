/** The rows of the table: which cell is active and which rows are chosen, as fields come, go and change places. */

import { computed, type ComputedRef, type Ref, ref, shallowRef, watch } from "vue";

import type { FieldDocument } from "../../../../shared/api/types";
import { all, among, extended, NONE, only, renamed, type Selection, toggled } from "../model/selection";

export interface Rows {
  fields: ComputedRef<readonly FieldDocument[]>;
  codes: ComputedRef<string[]>;
  /** -1 where there is none. */
  activeIndex: ComputedRef<number>;
  activeField: ComputedRef<FieldDocument | undefined>;
  column: Ref<number>;
  chosen: ComputedRef<ReadonlySet<string>>;
  /** Another number for each field one turns to; a rename is no turning. */
  visit: Ref<number>;
  choose(index: number, how?: "only" | "toggle" | "extend"): void;
  /** Make it the active one; what is chosen stays. */
  activate(index: number): void;
  chooseAll(): void;
  /** Choose these, the last one active. */
  chooseCodes(codes: readonly string[]): void;
  follow(from: string, to: string): void;
}

export function useRows(fields: ComputedRef<readonly FieldDocument[]>): Rows {
  const codes = computed(() => fields.value.map(({ code }) => code));
  const active = ref<string | null>(null);
  const column = ref(0);
  const selection = shallowRef<Selection>(NONE);
  const visit = ref(0);
  let lastIndex = 0;

  const activeIndex = computed(() => (active.value === null ? -1 : codes.value.indexOf(active.value)));
  watch(activeIndex, (index) => index >= 0 && (lastIndex = index));
  /** The active field went away: its neighbour takes its place. */
  watch(codes, (now) => {
    selection.value = among(selection.value, new Set(now));
    if (active.value === null || now.includes(active.value)) return;
    const next = now[Math.min(lastIndex, now.length - 1)] ?? null;
    turnTo(next);
    if (selection.value.chosen.size === 0 && next !== null) selection.value = only(next);
  });

  function turnTo(code: string | null) {
    if (code !== active.value) visit.value += 1;
    active.value = code;
  }

  function choose(index: number, how: "only" | "toggle" | "extend" = "only") {
    const code = codes.value[index];
    if (code === undefined) return;
    turnTo(code);
    if (how === "toggle") selection.value = toggled(selection.value, code);
    else selection.value = how === "extend" ? extended(selection.value, code, codes.value) : only(code);
  }

  return {
    fields,
    codes,
    activeIndex,
    activeField: computed(() => fields.value[activeIndex.value]),
    column,
    chosen: computed(() => selection.value.chosen),
    visit,
    choose,
    activate: (index) => turnTo(codes.value[index] ?? null),
    chooseAll: () => (selection.value = all(codes.value)),
    chooseCodes(wanted) {
      const [first] = wanted;
      selection.value = { chosen: new Set(wanted), anchor: first ?? null };
      turnTo(wanted.at(-1) ?? null);
    },
    follow(from, to) {
      if (active.value === from) active.value = to;
      selection.value = renamed(selection.value, from, to);
    },
  };
}
