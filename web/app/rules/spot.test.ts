import { describe, expect, it } from "vitest";

import { type Spot, spotAt } from "./spot";
import { catalogue, words } from "./testing";

/** The spot at `|`. */
function at(marked: string, type = "patient"): Spot {
  const cursor = marked.indexOf("|");
  return spotAt(marked.replace("|", ""), cursor, words, catalogue, type);
}

describe("what is being written", () => {
  it("is a field within brackets, which are replaced as a whole", () => {
    expect(at("[ag|] > 3")).toMatchObject({ kind: "field", typed: "ag", from: 0, to: 4 });
    expect(at("true and 【年|")).toMatchObject({ kind: "field", typed: "年", from: 9, to: 11 });
    expect(at("[a|ge] > 3")).toMatchObject({ typed: "a", from: 0, to: 5 });
  });

  it("is no field where the bracket stands in a text", () => {
    expect(at("[note] = 'a[b' and x|")).toMatchObject({ kind: "operand", typed: "x" });
    expect(at("[note] = 'a[b|")).toMatchObject({ kind: "value", typed: "a[b" });
  });

  it("is an operator behind an operand, an operand elsewhere", () => {
    expect(at("[age] |").kind).toBe("operator");
    expect(at("[age] 大|")).toMatchObject({ kind: "operator", typed: "大" });
    expect(at("round(age, 1) an|")).toMatchObject({ kind: "operator", typed: "an" });
    expect(at("|").kind).toBe("operand");
    expect(at("[age] > 3 and ro|")).toMatchObject({ kind: "operand", typed: "ro", from: 14 });
    expect(at("[age]大于3且四舍|")).toMatchObject({ kind: "operand", typed: "四舍" });
  });

  it("is a choice behind an equality, in a list and after `has`", () => {
    for (const rule of ["[sex] = |", "[性别] <> |", "sex in (|", "[sex] not in ('1', |", "[sex] 不属于 ('1'，|", "[sex] has |", "[sex] 等于 '|'"]) {
      expect(at(rule), rule).toMatchObject({ kind: "value", compared: { field: { code: "sex" } } });
    }
    expect(at("[sex] > |").compared).toBeUndefined();
    expect(at("[sex] = '|'")).toMatchObject({ typed: "", from: 8, to: 10 });
  });

  it("knows the related records of a quantifier, innermost first", () => {
    expect(at("any([lesion], |").around.inner.map(({ code }) => code)).toEqual(["lesion"]);
    expect(at("任一([检查.病灶], [大小] > 3 且 |").around.inner.map(({ code }) => code)).toEqual(["lesion"]);
    expect(at("any([exam], any([lesion], |").around.inner.map(({ code }) => code)).toEqual(["lesion", "exam"]);
    expect(at("any([lesion], [size] > 3) and |").around.inner).toEqual([]);
    expect(at("any([lesion], [side] = |").compared?.records.code).toBe("lesion");
  });

  it("tells the first argument of a call, and which argument it is", () => {
    expect(at("any(|")).toMatchObject({ isFirst: true, call: { name: "any", argument: 0 } });
    expect(at("any([le|")).toMatchObject({ isFirst: true });
    expect(at("round([age], |")).toMatchObject({ isFirst: false, call: { name: "round", argument: 1 } });
    expect(at("(|").isFirst).toBe(false);
  });
});
