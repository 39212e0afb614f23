/** The records before and after one in a list, by the list's filter and order, which the address carries. */

import { computed, type ComputedRef, onScopeDispose, type Ref, shallowRef, watch } from "vue";

import { isAborted } from "../../../shared/api/errors";
import type { FetchPage } from "../../grid/keysetPages";

const AT_ONCE = 500;
const MOST = 5000; // beyond them a record's place is not looked for

export interface Neighbours {
  previous: ComputedRef<number | null>;
  next: ComputedRef<number | null>;
  /** Its place from 1; 0 where that is not known. */
  place: ComputedRef<number>;
}

/** @param source pages of the list; ids read once are kept as long as it stays the same. */
export function useNeighbours(id: Ref<number>, source: ComputedRef<FetchPage<{ id: number }>>): Neighbours {
  const ids = shallowRef<number[]>([]);
  let after: string | number | null = null;
  let ended = false;
  let running = new AbortController();
  onScopeDispose(() => running.abort());

  /** Read on until the record and the one after it are there. */
  async function reach(): Promise<void> {
    const { signal } = running;
    while (!ended && ids.value.length < MOST && !isReached()) {
      const page = await source.value(after, AT_ONCE, signal);
      if (signal.aborted) return;
      ids.value = [...ids.value, ...page.items.map((record) => record.id)];
      after = page.next;
      ended = after === null;
    }
  }

  const isReached = () => {
    const at = ids.value.indexOf(id.value);
    return at >= 0 && at < ids.value.length - 1;
  };

  function start(): void {
    running.abort();
    running = new AbortController();
    // without its place the record is there all the same
    reach().catch((error: unknown) => !isAborted(error) && console.warn("The record's place in its list is not known.", error));
  }

  watch(source, () => {
    [ids.value, after, ended] = [[], null, false];
    start();
  });
  watch(id, start, { immediate: true });

  const at = computed(() => ids.value.indexOf(id.value));
  return {
    previous: computed(() => (at.value > 0 ? (ids.value[at.value - 1] ?? null) : null)),
    next: computed(() => (at.value >= 0 ? (ids.value[at.value + 1] ?? null) : null)),
    place: computed(() => at.value + 1),
  };
}
