/** The records directly below one: how many there are, and their pages, as far as the reader went. */

import { computed, type Ref, ref } from "vue";

import type { Page, StoredRecord } from "../../../shared/api/types";
import { type Loaded, useLoaded } from "../../components/useLoaded";

const STEP = 20; // rows of one page

/** Where they come from. */
export interface Source {
  page(after: Page<StoredRecord>["next"], limit: number, signal?: AbortSignal): Promise<Page<StoredRecord>>;
  count(signal: AbortSignal): Promise<number>;
}

export interface Children {
  list: Loaded<Listed>;
  loadingMore: Ref<boolean>;
  /** How many the next step adds; 0 at the end. */
  further: Ref<number>;
  more(): Promise<void>;
}

export interface Listed {
  records: StoredRecord[];
  count: number;
  next: string | number | null;
}

export function useChildren(source: Source, failed: (error: unknown) => void): Children {
  const list = useLoaded<Listed>(async (signal) => {
    const [page, count] = await Promise.all([source.page(null, STEP, signal), source.count(signal)]);
    return { records: page.items, next: page.next, count };
  });
  const loadingMore = ref(false);
  const further = computed(() => {
    const { records = [], count = 0, next = null } = list.data.value ?? {};
    return next === null ? 0 : Math.max(1, Math.min(STEP, count - records.length));
  });

  async function more() {
    const shown = list.data.value;
    if (!shown || shown.next === null || loadingMore.value) return;
    loadingMore.value = true;
    try {
      const page = await source.page(shown.next, STEP);
      list.data.value = { ...shown, records: [...shown.records, ...page.items], next: page.next };
    } catch (error) {
      failed(error);
    } finally {
      loadingMore.value = false;
    }
  }

  return { list, loadingMore, further, more };
}
