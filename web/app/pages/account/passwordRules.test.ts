import { describe, expect, it } from "vitest";

import { holdsName, isLongEnough } from "./passwordRules";

describe("a new password", () => {
  it.each([
    ["twelve chars", true],
    ["Ten-chars1", true],
    ["ten-chars1", true],
    ["tencharsxy", false],
    ["Short-1", false],
    ["医院影像科研平台很安全的", true],
  ])("%s is accepted: %s", (password, expected) => expect(isLongEnough(password)).toBe(expected));

  it("must not hold the user's name, however it is written", () => {
    expect(holdsName("my WANG.min password", "wang.min")).toBe(true);
    expect(holdsName("another", "wang.min")).toBe(false);
  });
});
