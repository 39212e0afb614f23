/** The funnel of a cohort, counted anew while its criteria change. The last one stays in sight meanwhile. */

import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from "vue";

import { ApiError, isAborted } from "../../../shared/api/errors";
import type { CriterionInput, Funnel, FunnelStep } from "../../../shared/api/types";
import { asInput, countable, type Criterion } from "./criteria";

const PAUSE = 350; // ms without a change before they are counted

export interface CountedFunnel {
  funnel: Ref<Funnel | null>;
  /** The step of each criterion, by its id, as it was last counted. */
  steps: ComputedRef<ReadonlyMap<number, FunnelStep>>;
  /** What is shown is not, or not yet, of the criteria as they are now. */
  stale: Ref<boolean>;
  error: Ref<unknown>;
  /** The criterion that the error is about; 0: none in particular. */
  wrong: ComputedRef<number>;
  recount(): void;
}

type Ask = (criteria: readonly CriterionInput[], signal: AbortSignal) => Promise<Funnel>;

export function useFunnel(criteria: () => readonly Criterion[], ask: Ask): CountedFunnel {
  const funnel = shallowRef<Funnel | null>(null);
  const counted = shallowRef<number[]>([]);
  const asked = shallowRef<number[]>([]);
  const stale = ref(false);
  const error = shallowRef<unknown>(null);
  const rules = computed(() => countable(criteria()).map((each) => ({ ...asInput(each), label: { zh: "", en: "" } })));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = new AbortController();
  onScopeDispose(() => {
    clearTimeout(timer);
    running.abort();
  });

  async function count() {
    running.abort();
    const { signal } = (running = new AbortController());
    const ids = countable(criteria()).map(({ id }) => id);
    asked.value = ids;
    try {
      const answer = ids.length > 0 ? await ask(rules.value, signal) : null;
      if (signal.aborted) return;
      funnel.value = answer;
      counted.value = ids;
      error.value = null;
      stale.value = false;
    } catch (failure) {
      if (!signal.aborted && !isAborted(failure)) error.value = failure;
    }
  }

  function countSoon() {
    stale.value = true;
    clearTimeout(timer);
    running.abort();
    timer = setTimeout(() => void count(), PAUSE);
  }

  watch(() => JSON.stringify(rules.value), countSoon, { immediate: true });

  return {
    funnel, stale, error,
    steps: computed(() => new Map(counted.value.flatMap((id, i) => (funnel.value?.steps[i] ? [[id, funnel.value.steps[i]] as const] : [])))),
    wrong: computed(() => (error.value instanceof ApiError ? (asked.value[Number(error.value.details.number) - 1] ?? 0) : 0)),
    recount: countSoon,
  };
}
