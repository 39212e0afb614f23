import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { instantsOf, withGaps } from "./ranges";

beforeAll(() => void vi.stubEnv("TZ", "Asia/Shanghai"));
afterAll(() => void vi.unstubAllEnvs());

const NOW = new Date("2026-03-05T06:20:00Z"); // 14:20 in Shanghai
const quick = (name: "today" | "7d" | "30d" | "all") => instantsOf({ name, from: "", to: "" }, NOW);

describe("a period", () => {
  it("is of the reader's own days, today included", () => {
    expect(quick("today")).toEqual({ from: "2026-03-04T16:00:00.000Z" });
    expect(quick("7d")).toEqual({ from: "2026-02-26T16:00:00.000Z" });
    expect(quick("30d")).toEqual({ from: "2026-02-03T16:00:00.000Z" });
    expect(quick("all")).toEqual({});
  });

  it("that was chosen has both its days", () => {
    expect(instantsOf({ name: "custom", from: "2026-03-01", to: "2026-03-02" }, NOW)).toEqual({
      from: "2026-02-28T16:00:00.000Z", to: "2026-03-02T16:00:00.000Z",
    });
    expect(instantsOf({ name: "custom", from: "", to: "2026-03-02" }, NOW)).toEqual({ to: "2026-03-02T16:00:00.000Z" });
  });

  it("has no bound where none is typed, or no day", () => {
    expect(instantsOf({ name: "custom", from: "2026-02-30", to: "yesterday" }, NOW)).toEqual({});
  });
});

describe("counts by day", () => {
  it("show the days on which nothing happened", () => {
    expect(withGaps([{ day: "2026-03-02", count: 4 }, { day: "2026-02-28", count: 1 }])).toEqual([
      { day: "2026-02-28", count: 1 }, { day: "2026-03-01", count: 0 }, { day: "2026-03-02", count: 4 },
    ]);
    expect(withGaps([])).toEqual([]);
  });

  it("of years are the latest one", () => {
    const shown = withGaps([{ day: "2020-01-01", count: 1 }, { day: "2026-03-02", count: 4 }]);
    expect(shown).toHaveLength(366);
    expect(shown.at(-1)).toEqual({ day: "2026-03-02", count: 4 });
  });
});
