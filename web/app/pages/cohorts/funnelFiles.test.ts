// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import { funnelCsv, funnelSvg, wrapped } from "./funnelFiles";

const COLOURS = { ink: "#1", muted: "#2", line: "#3", paper: "#4", accent: "#5" };
const STEP = { name: "1. 不符合：[a] < 3 & 'x'", out: "81", unknown: "", stay: "留下 1,919", share: "96%" };

describe("the figure as a file", () => {
  it("has all numbers as text, and nothing typed becomes markup", () => {
    const svg = funnelSvg("全部患者 2,000", [STEP, { ...STEP, name: "2. <script>", unknown: "另有 3" }], COLOURS);
    const read = new DOMParser().parseFromString(svg, "image/svg+xml");
    const texts = [...read.querySelectorAll("text")].map((each) => each.textContent);

    expect(svg).not.toContain("<script");
    expect(texts).toEqual(["全部患者 2,000", "1. 不符合：[a] < 3 & 'x'", "81", "留下 1,919", "96%", "2. <script>", "81", "另有 3", "留下 1,919", "96%"]);
  });

  it("grows with long names", () => {
    const heightOf = (name: string) => Number(/ height="(\d+)" viewBox/.exec(funnelSvg("", [{ ...STEP, name }], COLOURS))?.[1]);

    expect(heightOf("很".repeat(200))).toBeGreaterThan(heightOf("很") + 100);
  });

  it("breaks lines between words and Chinese signs, and words that are too long", () => {
    expect(wrapped("入组 前四周", 44)).toEqual(["入组", "前四周"]);
    expect(wrapped("no treatment before", 105)).toEqual(["no treatment", "before"]);
    expect(wrapped("x".repeat(30), 78)).toEqual(["x".repeat(10), "x".repeat(10), "x".repeat(10)]);
    expect(wrapped("", 80)).toEqual([]);
  });
});

it("a table as a file is no formula, and keeps commas, quotes and lines", () => {
  expect(funnelCsv([["步骤", "留下"], ["=1+1", 3], ['say "a",\nb', -2]])).toBe('\ufeff步骤,留下\r\n\'=1+1,3\r\n"say ""a"",\nb",-2\r\n');
});
