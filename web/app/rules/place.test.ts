import { describe, expect, it } from "vitest";

import { cursorAfter, indexOf } from "./place";
import { words } from "./testing";

it("finds the index of a place that is counted in characters", () => {
  expect(indexOf("😀 [年龄]", 2)).toBe(3);
  expect(indexOf("abc", 99)).toBe(3);
});

describe("the cursor of a rule that is written anew", () => {
  const moved = (before: string, after: string) => {
    const cursor = before.indexOf("|");
    const to = cursorAfter(before.replace("|", ""), cursor, after, words.lexer);
    return `${after.slice(0, to)}|${after.slice(to)}`;
  };

  it("stays within the same field", () => {
    expect(moved("[age]>=60 and [si|ze] is missing", "[age] >= 60 且 [size] 缺失")).toBe("[age] >= 60 且 [si|ze] 缺失");
  });

  it("stays behind the same number, and at both ends", () => {
    expect(moved("[age]>=60| and true", "[age] >= 60 且 真")).toBe("[age] >= 60| 且 真");
    expect(moved("|[age] > 3", "[age] > 3")).toBe("|[age] > 3");
    expect(moved("[age] is missing|", "[age] 缺失")).toBe("[age] 缺失|");
  });
});
