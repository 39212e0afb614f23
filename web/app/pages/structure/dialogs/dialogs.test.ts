import { describe, expect, it } from "vitest";

import { apply } from "../model/apply";
import { aDocument, aField, aType } from "../model/testing";
import { pastNeighbour } from "../tree/useTypeOrder";
import { readPlace } from "../usePlace";
import { matching } from "./elements";
import { removalEdits, ruleUsers } from "./removal";
import { newType, typeEdits, typeForm } from "./typeForm";

const DOCUMENT = aDocument([
  aType("patient", [
    aField("no"), aField("weight"), aField("bmi", { calculation: "[weight] / [height] ^ 2" }),
    aField("note", { checks: [{ expression: "[no] is not missing" }] }),
  ], { key: "no" }),
  aType("visit", [aField("weight", { shown_if: "[patient.weight] > 10" }), aField("loss", { calculation: "[weight] - 1" })], { parent: "patient" }),
  aType("lab", [], { parent: "patient" }),
]);

describe("taking a field away", () => {
  it("names the fields whose rules use it, in its own type and by its path elsewhere", () => {
    expect(ruleUsers(DOCUMENT, "patient", new Set(["weight"]))).toEqual(["patient.bmi", "visit.weight"]);
    expect(ruleUsers(DOCUMENT, "patient", new Set(["weight", "bmi"]))).toEqual(["visit.weight"]);
  });

  it("leaves the key", () => {
    expect(removalEdits("patient", ["no", "bmi"], "no").map(({ field }) => field)).toEqual(["bmi"]);
  });
});

describe("the settings of a record type", () => {
  const [type] = DOCUMENT.record_types;

  it("make edits of what changed alone, the code last", () => {
    if (!type) throw new Error();
    expect(typeEdits(type, typeForm(type))).toEqual([]);
    const edits = typeEdits(type, { ...typeForm(type), zh: "病人", key: "", code: "person" });
    expect(edits.map(({ edit }) => edit)).toEqual(["set_record_type", "rename_record_type"]);
    expect(apply(DOCUMENT, edits).record_types.map(({ code, parent }) => [code, parent])).toEqual([["person", undefined], ["visit", "person"], ["lab", "person"]]);
  });

  it("of a new one are one edit, without what is empty", () => {
    expect(typeEdits(undefined, { ...newType("patient"), code: "ct", zh: "CT" })).toEqual([
      { edit: "add_record_type", record_type: { code: "ct", label: { zh: "CT" }, parent: "patient", repeats: true, fields: [] } },
    ]);
  });

  it("a type moves past its neighbour under the same parent", () => {
    expect(pastNeighbour(DOCUMENT, "lab", -1)).toEqual([{ edit: "move_record_type", record_type: "lab", before: "visit" }]);
    expect([pastNeighbour(DOCUMENT, "lab", 1), pastNeighbour(DOCUMENT, "patient", 1)]).toEqual([[], []]);
  });
});

it("a library is searched by names, codes and its standard's identifiers", () => {
  const library = { code: "demographics", fields: [aField("name", { label: { zh: "姓名" }, element: { identifier: "DE02.01.039.00" } }), aField("sex")] };
  const found = (sought: string) => matching(library, sought).map(({ code }) => code);
  expect([found("姓"), found("de02.01.039"), found(""), found("x y")]).toEqual([["name"], ["name"], ["name", "sex"], []]);
});

it("an address names a record type, or a field within one", () => {
  expect(readPlace({ field: "visit.visit_date" })).toEqual({ type: "visit", field: "visit_date" });
  expect([readPlace({ type: "visit" }), readPlace({}), readPlace({ field: "odd" })]).toEqual([{ type: "visit", field: "" }, { type: "", field: "" }, { type: "", field: "" }]);
});
