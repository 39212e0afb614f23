/** A form that is tried out: its rules answer to what is typed, and nothing is kept. */

import { computed, type ComputedRef, shallowReactive, shallowRef, watch } from "vue";

import type { FormRules } from "../../shared/api/types";
import { type FieldState, REASONS } from "../../shared/forms/frame";
import type { Typed } from "../../shared/forms/rules/engine";
import { type Shown, statesOf } from "./outlook";
import { useFormRules } from "./useFormRules";

export interface Trial {
  /** undefined for a form without rules. */
  state: ComputedRef<{ fields: Record<string, FieldState>; values: Record<string, unknown> } | undefined>;
  take(field: string, values: Readonly<Record<string, unknown>>): void;
}

export function useTrial(rules: () => FormRules | null): Trial {
  const typed = shallowRef<Typed>({ values: {}, missing: {} });
  const touched = shallowReactive(new Set<string>());
  const running = useFormRules(rules, () => null, () => typed.value);
  watch(rules, () => {
    touched.clear();
    typed.value = { values: {}, missing: {} };
    running.run(typed.value);
  });

  const state = computed(() => {
    const found = rules();
    const look = running.look.value;
    if (!found || !look) return undefined;
    return { fields: statesOf(fieldsOf(found), null, { outlook: look, refused: [], touched: new Set(touched) }), values: look.computed };
  });

  function take(field: string, values: Readonly<Record<string, unknown>>): void {
    touched.add(field);
    running.run((typed.value = typedIn(values)));
  }

  return { state, take };
}

/** What the frame tells, as it would be sent for a new record. */
export function typedIn({ [REASONS]: missing, ...values }: Readonly<Record<string, unknown>>): Typed {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return { values: Object.fromEntries(given), missing: (missing ?? {}) as Record<string, string> };
}

function fieldsOf({ fields, calculations, required }: FormRules): Shown[] {
  const entered = Object.keys(fields).map((code) => ({ code, type: "", calculation: "", required: required.includes(code) }));
  return [...entered, ...calculations.map(({ field }) => ({ code: field, type: "calculated", calculation: "", required: false }))];
}
