import { describe, expect, it } from "vitest";

import { holdsName, kindsOf, lengthOf } from "./passwordRules";

describe("a new password", () => {
  it.each([
    ["tencharsxy", 10, 1],
    ["Ten-chars1", 10, 4],
    ["医院影像平台A1", 8, 3],
    ["𠮷𠮷", 2, 1],
    ["", 0, 0],
  ])("%s has %i characters of %i kinds", (password, length, kinds) => {
    expect(lengthOf(password)).toBe(length);
    expect(kindsOf(password)).toBe(kinds);
  });

  it("must not hold the user's name, however it is written", () => {
    expect(holdsName("my WANG.min password", "wang.min")).toBe(true);
    expect(holdsName("another", "wang.min")).toBe(false);
  });
});
