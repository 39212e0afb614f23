import { describe, expect, it } from "vitest";

import { defineTexts, type Language, lookupIn, MissingText, pickLabel, preferredLanguage, type Text } from ".";

const texts = defineTexts({
  save: { zh: "保存", en: "Save" },
  found: { zh: "找到 {n} 条", en: { one: "{n} record found", other: "{n} records found" } },
});

const inLanguage = (language: Language) => lookupIn(texts, () => language);

describe("texts", () => {
  it("are given in the asked language, with their values", () => {
    expect(inLanguage("zh-CN")("save")).toBe("保存");
    expect(inLanguage("zh-CN")("found", { n: 3 })).toBe("找到 3 条");
    expect(inLanguage("en")("found", { n: 1 })).toBe("1 record found");
    expect(inLanguage("en")("found", { n: 0 })).toBe("0 records found");
  });

  it("follow a change of language", () => {
    let language: Language = "zh-CN";
    const text = lookupIn(texts, () => language);
    language = "en";
    expect(text("save")).toBe("Save");
  });

  it.each(["nonexistent", "toString"])("an unknown key, %s, is an error, never a blank label", (key) => {
    expect(() => inLanguage("zh-CN")(key as "save")).toThrow(MissingText);
  });
});

describe("a label of a definition", () => {
  it("falls back to the other language rather than to nothing", () => {
    expect(pickLabel({ zh: "吸烟", en: "" }, "en")).toBe("吸烟");
    expect(pickLabel({ zh: "吸烟", en: "Smoker" }, "en")).toBe("Smoker");
    expect(pickLabel(null, "zh-CN")).toBe("");
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

describe("every text of the interface", () => {
  const modules = import.meta.glob<Record<string, unknown>>(["../../{app,forms,viewer}/**/texts.ts", "../**/texts.ts"], {
    eager: true,
  });
  const all = Object.entries(modules).flatMap(([file, module]) =>
    Object.values(module).flatMap((group) =>
      Object.entries(group as Record<string, Text>).map(([key, text]) => ({ name: `${file} ${key}`, text })),
    ),
  );
  const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  const englishOf = (text: Text) => (typeof text.en === "string" ? [text.en] : [text.en.one, text.en.other]);

  it("is found by this test", () => expect(all.length).toBeGreaterThan(50));

  it.each(all)("$name says the same in both languages", ({ text }) => {
    expect(text.zh.trim()).not.toBe("");
    for (const english of englishOf(text)) {
      expect(english.trim()).not.toBe("");
      expect(english).not.toMatch(/[\u3400-\u9fff]/);
      expect(placeholders(text.zh)).toEqual(expect.arrayContaining(placeholders(english)));
    }
  });
});
