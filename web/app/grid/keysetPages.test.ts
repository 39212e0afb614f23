import { describe, expect, it } from "vitest";

import { type FetchPage, KeysetPages } from "./keysetPages";

const SIZES = { page: 10, kept: 3, ahead: 10 };

/** A table of `count` rows 0, 1, 2... that notes after which row it was asked. */
function tableOf(count: number) {
  const asked: unknown[] = [];
  const fetchPage: FetchPage<number> = async (after, limit) => {
    asked.push(after);
    const from = after === null ? 0 : Number(after) + 1;
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

  it("moves up when rows of a dropped page were deleted meanwhile", async () => {
    let gone = false;
    const { fetchPage } = tableOf(100);
    const pages = pagesOf(async (after, limit, signal) => {
      const page = await fetchPage(after, limit, signal);
      return gone ? { ...page, items: page.items.filter((row) => row !== 3) } : page;
    });
    await pages.want(90, 99);
    gone = true;
    await pages.want(0, 2);
    expect([pages.row(2), pages.row(3), pages.row(9)]).toEqual([2, 4, 10]);
    expect(pages.length).toBe(99);
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
});
