import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";
import { computed, effectScope, ref } from "vue";

import type { FetchPage } from "../../grid/keysetPages";
import { useNeighbours } from "./useNeighbours";

/** A list of `count` records in pages of three. */
function aList(count: number): FetchPage<{ id: number }> {
  return vi.fn(async (after) => {
    const from = Number(after ?? 0);
    const items = Array.from({ length: Math.min(3, count - from) }, (_, n) => ({ id: from + n + 1 }));
    return { items, next: from + 3 < count ? String(from + 3) : null };
  });
}

function beside(start: number, source: FetchPage<{ id: number }>) {
  const id = ref(start);
  const scope = effectScope();
  const found = scope.run(() => useNeighbours(id, computed(() => source)));
  if (!found) throw new Error("no scope");
  return { id, scope, ...found };
}

describe("the records beside one", () => {
  it("are found page by page, as far as is needed", async () => {
    const source = aList(9);
    const { id, previous, next, place } = beside(2, source);
    await flushPromises();
    expect([previous.value, next.value, place.value]).toEqual([1, 3, 2]);
    expect(source).toHaveBeenCalledTimes(1);

    id.value = 3; // the last of its page
    await flushPromises();
    expect([previous.value, next.value]).toEqual([2, 4]);
    expect(source).toHaveBeenCalledTimes(2);
  });

  it("end at both ends of the list", async () => {
    const first = beside(1, aList(4));
    const last = beside(4, aList(4));
    await flushPromises();
    expect([first.previous.value, last.next.value]).toEqual([null, null]);
  });

  it("are unknown for a record that is not in the list, or when the list can't be read", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const stranger = beside(99, aList(4));
    const broken = beside(1, async () => Promise.reject(new Error("500")));
    await flushPromises();
    expect([stranger.place.value, stranger.next.value, broken.place.value]).toEqual([0, null, 0]);
  });
});
