import { describe, expect, it } from "vitest";

import { cellsOf } from "../model/paste";
import { aField } from "../model/testing";
import { asLines, faultOf, rangeText, textEdits, typeSettings, withName } from "./cells";

describe("a cell of the fields' table", () => {
  const field = aField("age", { label: { zh: "年龄", en: "Age" }, unit: "a" });

  it("makes the edit of its column, and none where nothing changed", () => {
    expect(textEdits("t", field, "code", "years")).toEqual([{ edit: "rename_field", record_type: "t", field: "age", code: "years" }]);
    expect(textEdits("t", field, "zh", "岁数")).toEqual([{ edit: "set_field", record_type: "t", field: "age", set: { label: { zh: "岁数", en: "Age" } } }]);
    expect(textEdits("t", field, "unit", "")).toEqual([{ edit: "set_field", record_type: "t", field: "age", set: { unit: null } }]);
    expect(textEdits("t", field, "en", "Age")).toEqual([]);
  });

  it("takes the label away with its last name", () => {
    expect(withName({ zh: "年龄", en: "" }, "zh", "")).toBeNull();
    expect(withName(undefined, "en", "Age")).toEqual({ en: "Age" });
  });

  it("holds 5,000 characters of a name and no more", () => {
    expect([faultOf("zh", "名".repeat(5000), new Set()), faultOf("zh", "名".repeat(5001), new Set())]).toEqual([null, "nameLong"]);
    expect([faultOf("en", "<script>alert(1)</script>", new Set()), faultOf("code", "age", new Set(["age"]))]).toEqual([null, "codeTaken"]);
  });

  it("says a range in short", () => {
    const say = (bounds: object) => rangeText(aField("x", bounds), String);
    expect([say({ minimum: 0, maximum: 9 }), say({ minimum: 0 }), say({ maximum: "today" }), say({})]).toEqual(["0 ~ 9", "≥ 0", "≤ today", ""]);
  });
});

describe("another type", () => {
  it("takes away what it can't have", () => {
    const choice = aField("sex", { type: "choice", value_set: "sex", options: { a: 1 } });
    expect(typeSettings(choice, "string")).toEqual({ type: "string", value_set: null, options: null });
    expect(typeSettings(choice, "multi_choice")).toEqual({ type: "multi_choice", options: null });
  });

  it("keeps a range of numbers for numbers, of dates for dates", () => {
    const number = aField("n", { type: "integer", minimum: 0 });
    expect(typeSettings(number, "decimal")).toEqual({ type: "decimal" });
    expect(typeSettings(number, "date")).toEqual({ type: "date", minimum: null });
  });
});

it("copied lines are read back as they were, whatever is in a name", () => {
  const odd = aField("odd", { label: { zh: 'a\t"b"\nc', en: "<script>" }, unit: "mm" });
  expect(cellsOf(asLines([odd, aField("b")]))).toEqual([["odd", 'a\t"b"\nc', "<script>", "string", "mm"], ["b", "", "b", "string", ""]]);
});
