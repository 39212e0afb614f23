import { describe, expect, it } from "vitest";

import { compareText, left, length, lower, position, replace, right, substring, trim, upper } from "./strings";

describe("texts by code point", () => {
  it("a character beyond the first plane is one character", () => {
    expect(length("𠮷田")).toBe(2);
    expect(substring("𠮷田𝒜b", 2, 2)).toBe("田𝒜");
    expect([left("𠮷田", 1), right("田𠮷", 1)]).toEqual(["𠮷", "𠮷"]);
    expect(position("𠮷b", "b")).toBe(2);
  });

  it("orders by code point, where UTF-16 does not", () => {
    const ordered = ["", "A", "a", "ab", "é", "中", "\ue000", "ｱ", "𝒜", "𠮷"];

    expect([...ordered].reverse().sort(compareText)).toEqual(ordered);
    expect("𝒜" < "ｱ").toBe(true);
  });

  it("folds letters in ASCII only", () => {
    expect(lower("GGO-É-Ω")).toBe("ggo-É-Ω");
    expect(upper("ggo-é-ß-ﬁ")).toBe("GGO-é-ß-ﬁ");
  });

  it("replaces without reading the new text as a template", () => expect(replace("a-b", "-", "$&$1")).toBe("a$&$1b"));

  it("trims long runs of blanks in no time", () => {
    const begun = performance.now();

    expect(trim(`x${" ".repeat(200_000)}y\u3000 `)).toHaveLength(200_002);
    expect(performance.now() - begun).toBeLessThan(200);
  });
});
