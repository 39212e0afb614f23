import { describe, expect, it } from "vitest";

import { apply } from "../model/apply";
import { aDocument, aField, aType } from "../model/testing";
import { boundOf } from "./bounds";
import { bulkEdits, common } from "./bulk";
import { optionsOf, withOption } from "./options";
import { sectionOf } from "./sections";
import { nextCode, ownValueSet, usersOf, withPasted } from "./valueSets";

describe("a bound as it is typed", () => {
  it("is a number for numbers and a day or a word for dates", () => {
    expect([boundOf("1.5", "decimal"), boundOf("-2e3", "float"), boundOf(" ", "integer")]).toEqual([1.5, -2000, null]);
    expect([boundOf("今天", "date"), boundOf("NOW", "datetime"), boundOf("2026-03-05", "date")]).toEqual(["today", "now", "2026-03-05"]);
  });

  it("that is no number is not taken for one", () => {
    expect([boundOf("abc", "integer"), boundOf("1,5", "decimal"), boundOf("today", "integer")]).toEqual([undefined, undefined, undefined]);
  });
});

describe("one change to many fields", () => {
  const fields = [aField("a", { type: "integer", unit: "mm" }), aField("b"), aField("c", { type: "decimal" })];

  it("leaves alone what can't take it and what has it already", () => {
    expect(bulkEdits("t", fields, "unit", "mm").map(({ field }) => field)).toEqual(["c"]);
    expect(bulkEdits("t", fields, "required", true)).toHaveLength(3);
  });

  it("starts from what all have in common", () => {
    expect(common(fields, "unit")).toBeUndefined();
    expect(common(fields, "required")).toBeNull();
    expect(common([fields[0] as never], "unit")).toBe("mm");
  });
});

describe("a value set", () => {
  const field = aField("smoking", { type: "choice", value_set: "yes_no" });
  const document = aDocument([aType("t", [field, aField("b", { value_set: "yes_no" })])], { value_sets: { yes_no: { label: { en: "Yes" }, choices: [{ code: "1" }] } } });

  it("knows how many fields use it", () => {
    expect([usersOf(document, "yes_no"), usersOf(document, "other")]).toEqual([2, 0]);
  });

  it("of one's own is a copy that the other field does not share", () => {
    const after = apply(document, ownValueSet(document, "t", field));
    expect(after.record_types[0]?.fields.map(({ value_set }) => value_set)).toEqual(["smoking", "yes_no"]);
    expect(after.value_sets?.smoking).toEqual(document.value_sets?.yes_no);
  });

  it("counts on where its codes are numbers, else finds a free one", () => {
    expect([nextCode([]), nextCode([{ code: "1" }, { code: "9" }]), nextCode([{ code: "a" }, { code: "choice_2" }])]).toEqual(["1", "10", "choice_3"]);
    expect(nextCode([{ code: "a" }, { code: "choice_3" }])).toBe("choice_2");
  });

  it("takes pasted lines: known codes are named, new ones added at their place, none twice", () => {
    const choices = [{ code: "1" }, { code: "2", label: { en: "Two" } }];
    expect(withPasted(choices, [["2", "二"], ["3", "三", "Three"], ["3", "again"]], 1)).toEqual([
      { code: "1" }, { code: "3", label: { zh: "三", en: "Three" } }, { code: "2", label: { zh: "二", en: "Two" } },
    ]);
  });
});

describe("the options of a type", () => {
  it("are set one by one and gone when none is left", () => {
    expect(withOption({ scale: 2 }, "thousands", "")).toEqual({ scale: 2, thousands: "" });
    expect(withOption({ scale: 2 }, "scale", null)).toBeNull();
  });

  it("are none for what has none", () => {
    expect([optionsOf("boolean"), optionsOf("decimal").map(({ name }) => name)]).toEqual([[], ["scale", "decimal_mark", "thousands"]]);
  });
});

it("a column of the table leads to its topic", () => {
  expect(["choices", "range", "logic", "identifying", "unit"].map(sectionOf)).toEqual(["values", "limits", "logic", "privacy", "basics"]);
});
