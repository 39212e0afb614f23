import { describe, expect, it } from "vitest";

import { describeInstant, formatInstant, formatLocal, inLocalTime } from "./dates";
import { formatNumber, formatShare, formatSize } from "./numbers";

describe("numbers", () => {
  it.each([
    [128406, "128,406"],
    [0.05, "0.05"],
    ["12345678901234567890.10", "12,345,678,901,234,567,890.10"],
    ["-1234", "-1,234"],
    ["n/a", "n/a"],
  ])("%j is written %j, with no digit lost", (value, expected) => expect(formatNumber(value)).toBe(expected));

  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KB"],
    [1048575, "1 MB"],
    [734003200, "700 MB"],
  ])("%d bytes are %s", (bytes, expected) => expect(formatSize(bytes)).toBe(expected));

  it("a share is 100 % only when all is done", () => {
    expect([0, 0.996, 1].map(formatShare)).toEqual(["0%", "99%", "100%"]);
  });
});

describe("dates", () => {
  it("an instant is shown in the reader's zone", () => {
    const instant = new Date(2026, 2, 5, 14, 20, 7);
    expect(formatInstant(instant.toISOString())).toBe("2026-03-05 14:20");
    expect(describeInstant(instant.toISOString())).toMatch(/^2026-03-05 14:20:07 \(UTC[+-]\d\d:\d\d\)$/);
  });

  it("a field's own time is never moved to another zone", () => {
    expect(formatLocal("2026-03-05T14:20:00")).toBe("2026-03-05 14:20");
    expect(formatLocal("2026-03-05T14:20:31")).toBe("2026-03-05 14:20:31");
    expect(formatLocal("2026-03")).toBe("2026-03");
  });

  it("an instant within a message is told in the reader's zone, and nothing else is touched", () => {
    const instant = new Date(2026, 2, 5, 14, 20, 7);
    const utc = instant.toISOString().replace("Z", "+00:00");
    expect(inLocalTime(`li 已于 ${utc} 修改`)).toBe("li 已于 2026-03-05 14:20 修改");
    expect(inLocalTime("born 2026-03-05, seen 2026-03-05T14:20:00")).toBe("born 2026-03-05, seen 2026-03-05T14:20:00");
  });

  it("what is no date is never shown as one", () => {
    expect(formatInstant(null)).toBe("");
    expect(formatInstant("yesterday")).toBe("");
  });
});
