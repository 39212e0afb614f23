import { describe, expect, it } from "vitest";

import { gridColumns, listedTypes, sectionsOf } from "./fields";
import { aDatabase, aField, aRecord, aType } from "./testing";

const type = aType(
  "patient",
  [aField("no"), aField("name", { visibility: "mask", identifying: true }), aField("height", { type: "decimal" }), aField("gone", { hidden: true }), aField("secret", { visibility: "hide" })],
  { key: "no" },
);
const form = {
  code: "f", label: { zh: "", en: "" }, record_type: "patient",
  items: [{ section: { zh: "体格", en: "Physique" } }, { field: "height" }, { field: "gone" }, { section: { zh: "空", en: "Empty" } }],
};

describe("a record type's fields", () => {
  it("stand under their form's headings; what no form asks for comes last, empty sections not at all", () => {
    const sections = sectionsOf(aDatabase([type], { forms: [form] }), type);
    expect(sections.map(({ heading, fields }) => [heading?.en, fields.map(({ code }) => code)])).toEqual([
      ["Physique", ["height"]], ["Other", ["no", "name"]],
    ]);
  });

  it("without a form stand in their own order", () => {
    expect(sectionsOf(aDatabase([type]), type)).toMatchObject([{ heading: null, fields: [{ code: "no" }, { code: "name" }, { code: "height" }] }]);
  });

  it("make the grid: the key pinned, hidden ones absent, masked ones not to be sorted by", () => {
    const columns = gridColumns(type, (record) => record);
    const byCode = Object.fromEntries(columns.map((column) => [column.code, column]));
    expect(columns[0]).toMatchObject({ code: "no", pinned: true, sortable: true });
    expect(byCode.name?.sortable).toBe(false);
    expect(byCode).not.toHaveProperty("gone");
    expect(byCode).not.toHaveProperty("secret");
  });

  it("show a record as it was last saved", () => {
    const [, , height] = gridColumns(type, () => aRecord({ height: 171 }, { version: 2 }));
    expect(height?.value(aRecord({ height: 170 }))).toBe(171);
  });

  it("of arrays of numbers are no rows for a grid", () => {
    expect(listedTypes(aDatabase([type, aType("vector", [], { storage: "keyed" })])).map(({ code }) => code)).toEqual(["patient"]);
  });
});
