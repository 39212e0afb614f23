import { describe, expect, it } from "vitest";

import { MissingText, preferredLanguage, textsIn, type TextKey } from ".";
import { en } from "./en";
import { zh } from "./zh";

describe("texts", () => {
  it("are given in the asked language", () => {
    expect(textsIn("zh-CN")("app.purpose")).toBe("医院影像科研平台");
    expect(textsIn("en")("app.purpose")).toBe("A platform for hospital imaging research");
  });

  it.each(["app.nonexistent", "toString"])("an unknown key, %s, is an error, never a blank label", (key) => {
    expect(() => textsIn("zh-CN")(key as TextKey)).toThrow(MissingText);
  });

  it("exist in both languages and are never empty", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    expect([...Object.values(zh), ...Object.values(en)]).not.toContain("");
  });
});

describe("the language", () => {
  it.each([
    [["zh-TW", "en"], "zh-CN"],
    [["fr", "en-GB", "zh"], "en"],
    [["fr"], "zh-CN"],
    [[], "zh-CN"],
  ])("for a browser that asks for %j is %s", (tags, expected) => {
    expect(preferredLanguage(tags)).toBe(expected);
  });
});
