import { describe, expect, it } from "vitest";

import { moved } from "./gridKeys";

const EXTENT = { rows: 100, columns: 5, page: 20 };

describe("the active cell", () => {
  it.each([
    ["ArrowDown", false, { row: 11, column: 2 }],
    ["PageUp", false, { row: 0, column: 2 }],
    ["Home", false, { row: 10, column: 0 }],
    ["End", true, { row: 99, column: 4 }],
    ["PageDown", false, { row: 30, column: 2 }],
  ])("%s (Ctrl: %s) leads to %j", (key, withControl, expected) => {
    expect(moved({ row: 10, column: 2 }, key, withControl, EXTENT)).toEqual(expected);
  });

  it("never leaves the grid", () => {
    expect(moved({ row: 99, column: 4 }, "ArrowDown", false, EXTENT)).toEqual({ row: 99, column: 4 });
    expect(moved({ row: 0, column: 0 }, "ArrowLeft", false, EXTENT)).toEqual({ row: 0, column: 0 });
  });

  it("stays for other keys, which belong to others", () => {
    expect(moved({ row: 1, column: 1 }, "a", false, EXTENT)).toBeNull();
  });
});
