import { describe, expect, it } from "vitest";

import { codeFault, codeOf, freeCode } from "./codes";
import { typeNamed } from "./fieldTypes";
import { find } from "./find";
import { moveBy, moveTo } from "./moves";
import { cellsOf, fieldsFrom } from "./paste";
import { countsBy, placeProblems } from "./problems";
import { all, among, extended, only, toggled } from "./selection";
import { aDocument, aField, aType } from "./testing";
import { branches, possibleParents } from "./tree";
import { apply } from "./apply";

describe("the tree of record types", () => {
  const types = [aType("visit", [], { parent: "patient" }), aType("patient"), aType("lab", [], { parent: "visit" }), aType("ct", [], { parent: "patient" })];

  it("has children under their parents, in the document's order", () => {
    expect(branches(types).map(({ type, depth }) => [type.code, depth])).toEqual([["patient", 0], ["visit", 1], ["lab", 2], ["ct", 1]]);
  });

  it("shows types in a circle or under nothing, too", () => {
    const odd = [aType("a", [], { parent: "b" }), aType("b", [], { parent: "a" }), aType("c", [], { parent: "gone" })];
    expect(branches(odd).map(({ type }) => type.code).sort()).toEqual(["a", "b", "c"]);
  });

  it("offers as a parent what is not the type itself nor below it", () => {
    expect(possibleParents(types, "visit").map(({ code }) => code)).toEqual(["patient", "ct"]);
  });
});

describe("problems", () => {
  const document = aDocument([aType("patient", [aField("a"), aField("b", { value_set: "s/x" })])], { value_sets: { "s/x": { choices: [] } } });
  const at = (path: string, severity: "error" | "warning" = "error") => ({ path, code: "x", zh: "", en: "", suggestion: "", severity });

  it("are led by their paths to record types, fields and properties", () => {
    const placed = placeProblems(document, [
      at("/record_types/0/fields/1/checks/2/expression"), at("/record_types/0/key"), at("/value_sets/s~1x/choices/0/code"), at("/record_types"), at("/record_types/9/key"),
    ]);
    expect(placed.map(({ type, field, property, index }) => [type, field, property, index])).toEqual([
      ["patient", "b", "checks", 2], ["patient", undefined, "key", undefined], ["patient", "b", "value_set", undefined],
      [undefined, undefined, undefined, undefined], [undefined, undefined, undefined, undefined],
    ]);
  });

  it("are counted by severity", () => {
    const placed = placeProblems(document, [at("/record_types/0/fields/1/unit"), at("/record_types/0/fields/1/unit", "warning")]);
    expect(countsBy(placed, ({ field }) => field).get("b")).toEqual({ errors: 1, warnings: 1 });
  });
});

describe("search", () => {
  const document = aDocument([aType("patient", [aField("tumour_size", { label: { zh: "肿瘤大小", en: "Tumour size" } }), aField("size_unit")], { label: { zh: "患者" } })]);
  const found = (sought: string) => find(document, sought).map(({ type, field }) => field?.code ?? type.code);

  it("finds by code and by name in either language, every word, the start first", () => {
    expect(found("size")).toEqual(["size_unit", "tumour_size"]);
    expect(found("大小")).toEqual(["tumour_size"]);
    expect(found("SIZE tumour")).toEqual(["tumour_size"]);
    expect(found("患者")).toEqual(["patient"]);
    expect(found("  ")).toEqual([]);
  });
});

describe("codes", () => {
  it("say what is wrong with them", () => {
    const fault = (code: string) => codeFault(code, new Set(["taken"]));
    expect(["", "1a", "a b", "肿瘤", "<script>", "A", "taken", "a".repeat(100), "ok_1"].map(fault)).toEqual([
      "codeEmpty", "codeShape", "codeShape", "codeShape", "codeShape", "codeShape", "codeTaken", "codeLong", null,
    ]);
  });

  it("are made of names, and made free", () => {
    expect([codeOf("Tumour size (mm)"), codeOf("2nd Crème"), codeOf("肿瘤")]).toEqual(["tumour_size_mm", "nd_creme", ""]);
    expect(freeCode("a", new Set(["a", "a_2"]))).toBe("a_3");
    expect(freeCode("a_2", new Set(["a_2"]))).toBe("a_3");
  });
});

describe("lines from a spreadsheet", () => {
  it("become fields: code, names, type, unit; a heading is no field", () => {
    const { fields } = fieldsFrom(cellsOf("编码\t名称\t英文\t类型\t单位\r\nage\t年龄\tAge\t整数\t岁\r\nsize\t大小\tSize\tdecimal\tmm\r\n"), [], typeNamed);
    expect(fields.map(({ field }) => field)).toEqual([
      { code: "age", type: "integer", label: { zh: "年龄", en: "Age" }, unit: "岁" },
      { code: "size", type: "decimal", label: { zh: "大小", en: "Size" }, unit: "mm" },
    ]);
  });

  it("get a code where theirs is none, and say so", () => {
    const { fields, empty } = fieldsFrom(cellsOf("Tumour Size\n肿瘤\n\nage\nage\t\t\tnonsense"), ["size"], typeNamed);
    expect(fields.map(({ line, field, notes }) => [line, field.code, notes])).toEqual([
      [1, "tumour_size", ["codeChanged"]], [2, "field_2", ["codeChanged"]], [4, "age", []], [5, "age_2", ["codeChanged", "typeUnknown"]],
    ]);
    expect(fields[1]?.field.label).toEqual({ zh: "肿瘤" });
    expect(empty).toEqual([3]);
  });

  it("keep line ends and quotes within a quoted cell", () => {
    expect(cellsOf('a\t"two\nlines ""quoted"""\tc\nd')).toEqual([["a", 'two\nlines "quoted"', "c"], ["d"]]);
    expect(cellsOf("")).toEqual([]);
  });

  it("are read quickly, 300 of them and 20,000", () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `f${i}\t名称\tName\tint`).join("\n");
    expect(fieldsFrom(cellsOf(text), [], typeNamed).fields).toHaveLength(20_000);
  });
});

describe("choosing rows", () => {
  const codes = ["a", "b", "c", "d"];

  it("one, several, a range from the anchor in both directions, all", () => {
    expect([...toggled(only("a"), "c").chosen]).toEqual(["a", "c"]);
    expect([...extended(only("b"), "d", codes).chosen]).toEqual(["b", "c", "d"]);
    const up = extended(extended(only("c"), "d", codes), "a", codes);
    expect([...up.chosen]).toEqual(["a", "b", "c"]);
    expect(all(codes).chosen.size).toBe(4);
  });

  it("forgets what is no longer there", () => {
    expect(among(only("a"), new Set(["b"]))).toEqual({ chosen: new Set(), anchor: null });
  });
});

describe("moving rows", () => {
  const document = aDocument([aType("t", ["a", "b", "c", "d"].map((code) => aField(code)))]);
  const after = (edits: ReturnType<typeof moveTo>) => apply(document, edits).record_types[0]?.fields.map(({ code }) => code).join("");
  const codes = ["a", "b", "c", "d"];

  it("puts the chosen ones together where they are dropped", () => {
    expect(after(moveTo("t", codes, new Set(["a", "c"]), 4))).toBe("bdac");
    expect(after(moveTo("t", codes, new Set(["b", "d"]), 0))).toBe("bdac");
    expect(after(moveTo("t", codes, new Set(["a", "b"]), 3))).toBe("cabd");
  });

  it("by one place up or down, not beyond the ends", () => {
    expect(after(moveBy("t", codes, new Set(["b"]), -1))).toBe("bacd");
    expect(after(moveBy("t", codes, new Set(["b"]), 1))).toBe("acbd");
    expect(moveBy("t", codes, new Set(["a"]), -1)).toEqual([]);
    expect(moveBy("t", codes, new Set(["d"]), 1)).toEqual([]);
    expect(moveTo("t", codes, new Set(["b"]), 2)).toEqual([]);
  });
});
