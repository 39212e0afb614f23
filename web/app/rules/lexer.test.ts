import { describe, expect, it } from "vitest";

import { words } from "./testing";

const { lexer } = words;
const kinds = (text: string) => lexer.tokens(text).map(({ kind }) => kind).join(" ");
const texts = (text: string) => lexer.tokens(text).map((token) => token.text);

describe("the tokens of a rule", () => {
  it("are told apart in English", () => {
    expect(kinds("[age] >= 60.5 and round(size, 1) <> 'x' or true")).toBe("field operator number keyword function open name comma number close operator text keyword constant");
  });

  it("are told apart in Chinese, without blanks", () => {
    expect(texts("[年龄]大于等于60且最大值（[大小]）不缺失")).toEqual(["[年龄]", "大于等于", "60", "且", "最大值", "（", "[大小]", "）", "不缺失"]);
    expect(kinds("四舍五入(1)且【年龄】=@2026-03-05")).toBe("function open number close keyword field operator moment");
  });

  it("take a word only whole: an androgen is no `and`", () => {
    expect(kinds("androgen is missing")).toBe("name keyword keyword");
  });

  it("keep marks within texts", () => {
    expect(texts("'it''s [age]' = “引号 'x'”")).toEqual(["'it''s [age]'", "=", "“引号 'x'”"]);
  });

  it("are one error where characters fit nothing, and up to the end where a text is not closed", () => {
    expect(lexer.tokens("性别等于 #&").map(({ kind, text }) => `${kind}:${text}`)).toEqual(["error:性别", "operator:等于", "error:#&"]);
    expect(texts("[age] = 'a and b")).toEqual(["[age]", "=", "'a and b"]);
    expect(texts("& 'a")).toEqual(["&", "'a"]);
    expect(texts("&'a")).toEqual(["&", "'a"]);
  });

  it("know characters beyond 16 bits", () => {
    expect(texts("😀 = 1")).toEqual(["😀", "=", "1"]);
  });
});
