import { describe, expect, it } from "vitest";

import { compilePattern } from "./pattern";
import type { Pattern } from "./program";

const range = (low: string, high = low): Pattern => ({
  p: "set",
  ranges: [[low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0]],
});
const sequence = (...items: Pattern[]): Pattern => ({ p: "sequence", items });
const either = (...items: Pattern[]): Pattern => ({ p: "either", items });
const repeat = (item: Pattern, least: number, most: number | null = null): Pattern => ({ p: "repeat", item, least, most });
const START: Pattern = { p: "start" };
const END: Pattern = { p: "end" };

describe("what a pattern finds", () => {
  it.each<[string, Pattern, string[], string[]]>([
    ["a", range("a"), ["a", "xay"], ["", "b"]],
    ["^a", sequence(START, range("a")), ["ab"], ["ba"]],
    ["a$", sequence(range("a"), END), ["ba"], ["ab"]],
    ["^$", sequence(START, END), [""], ["a"]],
    ["$^", sequence(END, START), [""], ["a"]],
    ["a|bc", either(range("a"), sequence(range("b"), range("c"))), ["xbcx", "a"], ["b", "cb"]],
    ["^a*$", sequence(START, repeat(range("a"), 0), END), ["", "aaa"], ["ab"]],
    ["^a{2,3}$", sequence(START, repeat(range("a"), 2, 3), END), ["aa", "aaa"], ["a", "aaaa"]],
    ["^a?b", sequence(START, repeat(range("a"), 0, 1), range("b")), ["b", "ab"], ["aab"]],
    ["^(^a)+$", sequence(START, repeat(sequence(START, range("a")), 1), END), ["a"], ["aa"]],
    ["^(a*)*$", sequence(START, repeat(repeat(range("a"), 0), 0), END), ["", "aa"], ["b"]],
    ["^[𠀀-𪛟]$", sequence(START, range("𠀀", "𪛟"), END), ["𠮷"], ["吉", "𠮷𠮷"]],
    ["^.$", sequence(START, { p: "set", ranges: [[0, 9], [11, 0x10ffff]] }, END), ["𠮷", "a"], ["\n", "ab"]],
  ])("%s", (_, pattern, found, absent) => {
    const isFoundIn = compilePattern(pattern);

    expect(found.filter(isFoundIn)).toEqual(found);
    expect(absent.filter(isFoundIn)).toEqual([]);
  });
});

describe("patterns that a backtracking search would not survive", () => {
  const long = "a".repeat(10_000);

  it.each<[string, Pattern]>([
    ["(a+)+$", sequence(repeat(repeat(range("a"), 1), 1), END)],
    ["(a|a)+$", sequence(repeat(either(range("a"), range("a")), 1), END)],
    ["a*a*a*a*a*b", sequence(...Array.from({ length: 5 }, () => repeat(range("a"), 0)), range("b"))],
  ])("%s reads 10,000 characters at once", (_, pattern) => {
    const isFoundIn = compilePattern(pattern);
    const begun = performance.now();

    expect(isFoundIn(`${long}!`)).toBe(false);
    expect(performance.now() - begun).toBeLessThan(200);
  });

  it("many places at once stay within memory", () => {
    const oneOf = repeat({ p: "set", ranges: [[97, 98]] }, 60, 60);
    const isFoundIn = compilePattern(sequence(range("a"), oneOf, range("c")));
    const text = Array.from({ length: 30_000 }, (_, at) => ((at * 7919) % 11 > 5 ? "a" : "b")).join("");

    expect(isFoundIn(text)).toBe(false);
    expect(isFoundIn(`${text}c`)).toBe(text[text.length - 61] === "a");
  });
});
