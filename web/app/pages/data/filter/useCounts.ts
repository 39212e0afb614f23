/** How many records meet each part of the filter alone, asked for while it is being built. */

import { computed, inject, type InjectionKey, onScopeDispose, provide, ref, shallowReactive, watch } from "vue";

import type { ConditionCount, RuleNode } from "../../../../shared/api/types";
import { isAborted } from "../../../../shared/api/errors";
import { countConditions, MOST_COUNTED } from "./interface";
import type { Group, Part } from "./model";
import type { Builder } from "./useBuilder";
import { writePart } from "./writing";

const PAUSE = 350; // ms without a change before they are counted

export interface Counts {
  /** Undefined while it is being counted, null where there is nothing to count. */
  of(part: Part): ConditionCount | null | undefined;
  failed: { value: boolean };
}

/** The conditions that mean something alone: those within related records do not. */
export function countable(root: Group): Part[] {
  const found: Part[] = [root];
  for (const item of root.items) {
    if (item.kind === "group") found.push(...countable(item));
    else found.push(item);
  }
  return found;
}

const KEY: InjectionKey<Counts> = Symbol("counts");
export const provideCounts = (counts: Counts) => provide(KEY, counts);
export function useCountsHere(): Counts {
  const counts = inject(KEY);
  if (!counts) throw new Error("no counts around");
  return counts;
}

export function useCounts({ root, database, type }: Builder, trashed: () => boolean): Counts {
  const known = shallowReactive(new Map<string, ConditionCount>());
  const failed = ref(false);
  const wanted = computed(() => {
    const nodes = countable(root.value).map(writePart).filter((node) => node !== null);
    return new Map<string, RuleNode>(nodes.map((node) => [JSON.stringify(node), node]));
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = new AbortController();
  onScopeDispose(() => {
    clearTimeout(timer);
    running.abort();
  });

  async function count() {
    running.abort();
    const { signal } = (running = new AbortController());
    const missing = [...wanted.value].filter(([key]) => !known.has(key));
    try {
      for (let from = 0; from < missing.length; from += MOST_COUNTED) {
        const some = missing.slice(from, from + MOST_COUNTED);
        const counts = await countConditions(database.code, type.code, some.map(([, node]) => node), trashed(), signal);
        if (signal.aborted) return;
        for (const [i, [key]] of some.entries()) if (counts[i]) known.set(key, counts[i]);
      }
      failed.value = false;
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) failed.value = true;
    }
  }

  function countSoon() {
    clearTimeout(timer);
    running.abort();
    timer = setTimeout(() => void count(), PAUSE);
  }

  function reset() {
    known.clear();
    countSoon();
  }

  watch(() => [...wanted.value.keys()].join("\n"), countSoon, { immediate: true });
  watch(trashed, reset);

  return {
    of(part) {
      const node = writePart(part);
      return node && known.get(JSON.stringify(node));
    },
    failed,
  };
}
