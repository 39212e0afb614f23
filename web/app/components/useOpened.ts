/** Which row of a list is open at its right, kept in the address as `?open=`, so that it can be sent to others. */

import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

export interface Opened {
  /** The id of the open row, "new" for the form of a new one, or 0. */
  readonly opened: ComputedRef<number | "new">;
  /** Open a row, the form of a new one, or nothing (0). */
  show(row: number | "new"): void;
}

export function useOpened(): Opened {
  const route = useRoute();
  const router = useRouter();
  const opened = computed(() => {
    const { open } = route.query;
    if (open === "new") return "new";
    return Number.isInteger(Number(open)) && Number(open) > 0 ? Number(open) : 0;
  });
  return {
    opened,
    show: (row) => void router.replace({ query: row ? { ...route.query, open: String(row) } : {} }),
  };
}
