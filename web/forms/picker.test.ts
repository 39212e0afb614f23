import { describe, expect, it } from "vitest";

import { forNative } from "./picker";

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
