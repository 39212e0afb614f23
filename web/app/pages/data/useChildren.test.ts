// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { effectScope } from "vue";

import { aRecord } from "./testing";
import { type Source, useChildren } from "./useChildren";

/** As the server pages them: the cursor is the last id. */
function sourceOf(count: number): Source & { asked: unknown[] } {
  const all = Array.from({ length: count }, (_, n) => aRecord({}, { id: n + 1, parent: 7 }));
  const asked: unknown[] = [];
  return {
    asked,
    page: async (after, limit) => {
      asked.push(after);
      const items = all.slice(Number(after ?? 0), Number(after ?? 0) + limit);
      const last = items.at(-1)?.id ?? 0;
      return { items, next: last < count ? String(last) : null };
    },
    count: async () => count,
  };
}

const fail = (error: unknown) => {
  throw error;
};

describe("the records below one", () => {
  it("come page by page, with the number of all of them", async () => {
    await effectScope().run(async () => {
      const source = sourceOf(45);
      const { list, further, more } = useChildren(source, fail);
      await vi.waitFor(() => expect(list.state.value).toBe("ready"));
      expect([list.data.value?.records.length, list.data.value?.count, further.value]).toEqual([20, 45, 20]);

      await Promise.all([more(), more()]); // a second click while it loads asks for nothing
      expect([list.data.value?.records.length, further.value]).toEqual([40, 5]);
      await more();
      expect([list.data.value?.records.length, further.value]).toEqual([45, 0]);
      await more();
      expect(source.asked).toEqual([null, "20", "40"]);
      expect(list.data.value?.records.map(({ id }) => id)).toEqual(Array.from({ length: 45 }, (_, n) => n + 1));
    });
  });

  it("stay when the next page can't be loaded, and the reader is told", async () => {
    await effectScope().run(async () => {
      const told = vi.fn();
      const source = sourceOf(30);
      const { list, further, more } = useChildren(source, told);
      await vi.waitFor(() => expect(list.state.value).toBe("ready"));
      source.page = () => Promise.reject(new Error("offline"));
      await more();
      expect(told).toHaveBeenCalledOnce();
      expect([list.data.value?.records.length, further.value]).toEqual([20, 10]);
    });
  });

  it("of a record without any are none", async () => {
    await effectScope().run(async () => {
      const { list, further } = useChildren(sourceOf(0), fail);
      await vi.waitFor(() => expect(list.state.value).toBe("ready"));
      expect([list.data.value?.records, further.value]).toEqual([[], 0]);
    });
  });
});
