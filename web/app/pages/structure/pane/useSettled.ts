/** The field that the pane shows: the active one, once it has been that for a moment. Holding an arrow key draws no panes. */

import { computed, type ComputedRef, onScopeDispose, type ShallowRef, shallowRef, watch } from "vue";

import type { FieldDocument, RecordTypeDocument } from "../../../../shared/api/types";
import type { Rows } from "../table/useRows";

const MOMENT = 90; // ms

interface Shown {
  type: string;
  code: string | undefined;
  visit: number;
}

export function useSettled(type: () => RecordTypeDocument, rows: Rows): { shown: ShallowRef<Shown>; field: ComputedRef<FieldDocument | undefined> } {
  const now = (): Shown => ({ type: type().code, code: rows.activeField.value?.code, visit: rows.visit.value });
  const shown = shallowRef(now());
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch([rows.visit, () => type().code, () => rows.activeField.value?.code], () => {
    clearTimeout(timer);
    if (rows.visit.value === shown.value.visit && type().code === shown.value.type) shown.value = now();
    else timer = setTimeout(() => (shown.value = now()), MOMENT);
  });
  onScopeDispose(() => clearTimeout(timer));

  const field = computed(() => {
    const { type: of, code, visit } = shown.value;
    if (type().code !== of) return undefined;
    return visit === rows.visit.value ? rows.activeField.value : type().fields.find((each) => each.code === code);
  });
  return { shown, field };
}
