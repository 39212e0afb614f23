/** The filter and the open entry of a list of the trail, both in the address. */

import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

import { type AuditFilter, emptyFilter, readFilter, writeFilter } from "./filter";
import type { RangeName } from "./ranges";

export interface FilterInAddress {
  filter: ComputedRef<AuditFilter>;
  /** The id of the open entry, or 0. */
  opened: ComputedRef<number>;
  change(parts: Partial<AuditFilter>): void;
  clear(): void;
  open(entry: number): void;
}

/** @param usual the period where the address names none. */
export function useFilter(usual: RangeName = "7d"): FilterInAddress {
  const route = useRoute();
  const router = useRouter();
  const here = route.name;
  /** As a text, which stays the same while only the open entry changes: the list is not asked for anew then. */
  const written = computed((before?: string) => (route.name === here ? JSON.stringify(readFilter(route.query, usual)) : (before ?? "{}")));
  const filter = computed(() => JSON.parse(written.value) as AuditFilter);
  const opened = computed(() => (/^[1-9]\d*$/.test(String(route.query.open)) ? Number(route.query.open) : 0));
  return {
    filter,
    opened,
    change: (parts) => void router.push({ query: writeFilter({ ...filter.value, ...parts }, usual) }),
    clear: () => void router.push({ query: writeFilter(emptyFilter("all"), usual) }),
    open: (entry) => void router.replace({ query: { ...writeFilter(filter.value, usual), ...(entry && { open: String(entry) }) } }),
  };
}
