import { describe, expect, it } from "vitest";

import { aField } from "../testing";
import { condition } from "./model";
import { onField, operandsFor, operatorOf, operatorsOf } from "./operators";
import { num, txt } from "./testing";

const TEXTS = ["equals", "not_equals", "contains", "starts_with", "matches", "in", "is_missing"];
const ORDERED = ["equals", "not_equals", "less", "greater", "between", "is_missing"];
const keys = (...args: Parameters<typeof operatorsOf>) => operatorsOf(...args).map(({ key }) => key);

describe("operators of a field", () => {
  it("are those the server lists, each with its denial", () => {
    expect(keys(aField("sex", { type: "choice", operators: ["equals", "not_equals", "in", "is_missing"] }))).toEqual(
      ["equals", "notEquals", "in", "notIn", "isMissing", "isNotMissing"],
    );
  });

  it("offer the last days on dates alone", () => {
    expect(keys(aField("seen", { type: "date", operators: ORDERED }))).toContain("recent");
    expect(keys(aField("age", { type: "integer", operators: ORDERED }))).not.toContain("recent");
  });

  it("offer no order on a computed truth, nor anything the server has no name for", () => {
    const flag = aField("flag", { type: "calculated", options: { result: "boolean" }, operators: [...ORDERED, "sounds_like"] });
    expect(keys(flag)).toEqual(["equals", "notEquals", "isMissing", "isNotMissing"]);
  });

  it("name every form that a text may bring", () => {
    for (const op of ["=", "<>", "<", "<=", ">", ">=", "contains", "starts with", "matches", "has", "in", "between", "is missing"] as const) {
      for (const negated of [true, false]) expect(operatorOf(condition({ op, negated }))).toMatchObject({ op, negated });
    }
  });
});

describe("a change", () => {
  const name = aField("name", { operators: TEXTS });
  const age = aField("age", { type: "integer", operators: ORDERED });

  it("of operator keeps the values it can", () => {
    const between = { key: "between", op: "between", negated: false } as const;
    expect(operandsFor(between, [num("3")], "number")).toEqual([num("3"), null]);
    expect(operandsFor({ key: "in", op: "in", negated: false }, [txt("a")], "text")).toEqual([txt("a")]);
    expect(operandsFor({ key: "isMissing", op: "is missing", negated: false }, [txt("a")], "text")).toEqual([]);
  });

  it("of field keeps operator and value only where they mean the same", () => {
    const before = condition({ path: "name", op: "contains", operands: [txt("a")] });
    expect(onField(before, "nick", aField("nick", { operators: TEXTS }), name)).toMatchObject({ path: "nick", op: "contains", operands: [txt("a")] });
    expect(onField(before, "age", age, name)).toMatchObject({ path: "age", op: "=", operands: [null] });
    expect(onField(condition({ op: "is missing", operands: [] }), "age", age, name)).toMatchObject({ op: "is missing", operands: [] });
  });
});
