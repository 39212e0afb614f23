import { describe, expect, it } from "vitest";

import { type FetchPage, KeysetPages } from "./keysetPages";

const SIZES = { page: 10, kept: 3, ahead: 10, rest: 1 };

/** A table of `count` rows 0, 1, 2... that notes after which row it was asked. */
function tableOf(count: number) {
  const asked: unknown[] = [];
  const fetchPage: FetchPage<number> = async (after, limit, _signal, skip) => {
    asked.push(skip === undefined ? after : `skip ${skip}`);
    const from = (after === null ? 0 : Number(after) + 1) + (skip ?? 0);
    const items = Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, i) => from + i);
    return { items, next: from + items.length < count ? (items.at(-1) ?? null) : null };
  };
  return { fetchPage, asked };
}

const pagesOf = (fetchPage: FetchPage<number>) => new KeysetPages(fetchPage, () => undefined, SIZES);

describe("a long list", () => {
  it("loads what is in sight and a little ahead, not all", async () => {
    const { fetchPage, asked } = tableOf(100);
    const pages = pagesOf(fetchPage);
    await pages.want(0, 5);
    expect(pages.length).toBe(20);
    expect(pages.row(15)).toBe(15);
    expect(pages.complete).toBe(false);
    expect(asked).toEqual([null, 9]);
  });

  it("read to its end has every row once, in order", async () => {
    const { fetchPage } = tableOf(95);
    const pages = pagesOf(fetchPage);
    const seen: (number | undefined)[] = [];
    for (let first = 0; first < 95; first += 5) {
      await pages.want(first, first + 4);
      for (let i = first; i < first + 5; i += 1) seen.push(pages.row(i));
    }
    expect(seen).toEqual(Array.from({ length: 95 }, (_, i) => i));
    expect(pages.complete).toBe(true);
    expect(pages.length).toBe(95);
  });

  it("drops what is far away and fetches it again on return", async () => {
    const { fetchPage, asked } = tableOf(100);
    const pages = pagesOf(fetchPage);
    await pages.want(80, 89);
    expect(pages.row(0)).toBeUndefined();
    expect(pages.row(85)).toBe(85);
    asked.length = 0;
    await pages.want(0, 4);
    expect(pages.row(0)).toBe(0);
    expect(asked).toEqual([null, 9]); // that page and the one ahead, by their own cursors
  });

  it("asks for a page once, however often it is wanted", async () => {
    const { fetchPage, asked } = tableOf(100);
    const pages = pagesOf(fetchPage);
    await Promise.all([pages.want(0, 5), pages.want(0, 6), pages.want(0, 7)]);
    expect(asked).toEqual([null, 9]);
  });

  it("that fails says so, and loads when it is wanted again", async () => {
    let broken = true;
    const { fetchPage } = tableOf(5);
    const pages = pagesOf((...call) => (broken ? Promise.reject(new Error("500")) : fetchPage(...call)));
    await expect(pages.want(0, 4)).rejects.toThrow("500");
    broken = false;
    await pages.want(0, 4);
    expect(pages.length).toBe(5);
  });

  it("of no rows is complete", async () => {
    const pages = pagesOf(tableOf(0).fetchPage);
    await pages.want(0, 10);
    expect([pages.length, pages.complete]).toEqual([0, true]);
  });

  describe("whose length is known", () => {
    function known(count: number, told = count) {
      const table = tableOf(count);
      const pages = pagesOf(table.fetchPage);
      pages.tell(told);
      return { ...table, pages };
    }

    it("spans all its rows from the start", () => {
      const { pages } = known(1000);
      expect([pages.length, pages.row(0)]).toEqual([1000, undefined]);
    });

    it("is jumped into without what lies between", async () => {
      const { pages, asked } = known(1000);
      await pages.want(500, 505);
      expect([pages.row(500), pages.row(505), pages.row(515), pages.row(0)]).toEqual([500, 505, 515, undefined]);
      expect(asked).toEqual(["skip 500", "skip 490", "skip 510"]);
      await pages.want(520, 525);
      expect(asked.slice(3)).toEqual([519, "skip 530"]); // goes on by the cursor where there is one
    });

    it("asks for nothing where the reader only passes by", async () => {
      const { pages, asked } = known(1000);
      const passing = [pages.want(200, 205), pages.want(400, 405)];
      const there = pages.want(800, 805);
      await Promise.all([...passing, there]);
      expect(asked).toEqual(["skip 800", "skip 790", "skip 810"]);
      expect(pages.row(805)).toBe(805);
    });

    it("ends where the rows end, if some went meanwhile", async () => {
      const { pages } = known(75, 100);
      await pages.want(90, 99);
      await pages.want(pages.length - 5, pages.length - 1);
      expect([pages.complete, pages.length, pages.row(74)]).toEqual([true, 75, 74]);
    });

    it("ends at its last row, if it is much shorter than told", async () => {
      const { pages } = known(3, 100);
      await pages.want(0, 9);
      expect([pages.complete, pages.length]).toEqual([true, 3]);
    });

    it("grows, if some came", async () => {
      const { pages } = known(130, 100);
      await pages.want(95, 99);
      pages.tell(130);
      await pages.want(125, 129);
      expect([pages.length, pages.row(129)]).toEqual([130, 129]);
    });
  });
});
