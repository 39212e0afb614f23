import { describe, expect, it } from "vitest";

import { MASKED } from "../../../../shared/api/types";
import { aField } from "../testing";
import { added, quickFilters } from "./quick";
import { and, binary, field, missing, negative, not, or, txt } from "./testing";

const sex = aField("sex", { type: "choice", operators: ["equals"] });
const first = (...args: Parameters<typeof quickFilters>) => quickFilters(...args)[0]?.root;

describe("filters from a cell", () => {
  it("are by its value as its field is", () => {
    expect(first(sex, "1")).toEqual(binary("=", field("sex"), txt("1")));
    expect(first(aField("delta", { type: "decimal", operators: ["equals"] }), -5)).toEqual(binary("=", field("delta"), negative("5")));
    expect(first(aField("seen", { type: "date", operators: ["equals"] }), "2026-03-05")).toEqual(binary("=", field("seen"), { n: "date", value: "2026-03-05" }));
    const signs = aField("signs", { type: "multi_choice", operators: ["has"] });
    expect(first(signs, ["a", "b"])).toEqual(and(binary("has", field("signs"), txt("a")), binary("has", field("signs"), txt("b"))));
  });

  it("exclude a value and keep what has none", () => {
    const [, exclude] = quickFilters(sex, "1");
    expect(exclude?.root).toEqual(or(binary("<>", field("sex"), txt("1")), missing("sex")));
  });

  it("are by whether it is missing where there is no value or no equality", () => {
    expect(first(sex, null)).toEqual(missing("sex"));
    expect(first(aField("note", { type: "long_text", operators: ["contains", "is_missing"] }), "long")).toEqual(missing("note"));
  });

  it("are none where the value is masked", () => {
    expect(quickFilters(aField("name", { visibility: "mask", operators: ["equals"] }), MASKED)).toEqual([]);
  });
});

it("a condition is added to those in force, once", () => {
  const [a, b] = [missing("a"), missing("b")];
  expect(added(null, a)).toEqual(a);
  expect(added(a, a)).toEqual(a);
  expect(added(and(a, b), not(a))).toEqual(and(a, b, not(a)));
  expect(added(and(a, b), b)).toEqual(and(a, b));
  expect(added(or(a, b), a)).toEqual(and(or(a, b), a));
});
