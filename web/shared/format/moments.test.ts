import { describe, expect, it } from "vitest";

import { forNative, readMoment } from "./moments";

describe("the browser's own picker", () => {
  it("starts from what is typed where it can read it", () => {
    expect(forNative("date", " 2026-03-05 ")).toBe("2026-03-05");
    expect(forNative("datetime", "2026-03-05 14:20")).toBe("2026-03-05T14:20");
    expect(forNative("time", "14:20")).toBe("14:20");
  });

  it("starts from nothing otherwise", () => {
    expect(forNative("date", "20260305")).toBe("");
    expect(forNative("datetime", "2026-03-05")).toBe("");
    expect(forNative("time", "2 pm")).toBe("");
  });
});

describe("a typed moment", () => {
  it("is stored to the second", () => {
    expect(readMoment("date", " 2026-03-05")).toBe("2026-03-05");
    expect(readMoment("datetime", "2026-03-05 14:20")).toBe("2026-03-05T14:20:00");
    expect(readMoment("datetime", "2026-03-05T14:20:09")).toBe("2026-03-05T14:20:09");
    expect(readMoment("time", "08:05")).toBe("08:05:00");
  });

  it.each([
    ["date", "2026-02-30"],
    ["date", "2026-13-01"],
    ["date", "2026-03"],
    ["datetime", "2026-03-05"],
    ["datetime", "2026-02-30 10:00"],
    ["datetime", "2026-03-05 24:10"],
    ["time", "8:5"],
    ["time", "23:59:60"],
  ] as const)("is none where the calendar or the clock has none: %s %s", (kind, typed) => {
    expect(readMoment(kind, typed)).toBeNull();
  });
});
