import { describe, expect, it } from "vitest";

import type { DatabaseDocument, Edit } from "../../../../shared/api/types";
import { apply } from "./apply";
import { inverse } from "./inverse";
import { aDocument, aField, aType } from "./testing";

const BEFORE = aDocument(
  [
    aType("patient", [aField("no"), aField("age", { type: "integer", unit: "a" }), aField("sex", { value_set: "sex" })], { key: "no" }),
    aType("visit", [aField("day"), aField("note", { hidden: true })], { parent: "patient", repeats: true }),
  ],
  {
    value_sets: { sex: { choices: [{ code: "1" }] } },
    forms: [{ code: "f", record_type: "patient", items: [{ field: "no" }, { field: "age" }] }],
  },
);

const codes = (document: DatabaseDocument, type = "patient") => document.record_types.find(({ code }) => code === type)?.fields.map(({ code }) => code);
const field = (document: DatabaseDocument, code: string) => document.record_types.flatMap(({ fields }) => fields).find((each) => each.code === code);
const on = (edit: string, more: object): Edit => ({ edit, record_type: "patient", ...more });

describe("an edit in the browser", () => {
  it("puts a new field on the form of its neighbours, on none where it is told so", () => {
    const added = on("add_field", { field: { code: "new", type: "string" }, after: "no" });
    const items = (edit: Edit) => apply(BEFORE, [edit]).forms?.[0]?.items.map((item) => "field" in item && item.field);
    expect(items(added)).toEqual(["no", "new", "age"]);
    expect(items({ ...added, after: undefined })).toEqual(["no", "age", "new"]);
    expect(items({ ...added, form: null })).toEqual(["no", "age"]);
    expect(() => items({ ...added, form: "gone" })).toThrow("no form gone");
  });

  it("puts a new field where it is told, at the end by default", () => {
    const added = { code: "new", type: "string" };
    expect(codes(apply(BEFORE, [on("add_field", { field: added })]))).toEqual(["no", "age", "sex", "new"]);
    expect(codes(apply(BEFORE, [on("add_field", { field: added, after: "no" })]))).toEqual(["no", "new", "age", "sex"]);
    expect(codes(apply(BEFORE, [on("add_field", { field: added, before: "no" })]))).toEqual(["new", "no", "age", "sex"]);
    expect(codes(apply(BEFORE, [on("add_field", { field: added, index: 2 })]))).toEqual(["no", "age", "new", "sex"]);
  });

  it("takes a property away by null and keeps the others", () => {
    const after = apply(BEFORE, [on("set_field", { field: "age", set: { unit: null, required: true } })]);
    expect(field(after, "age")).toEqual({ id: "f_age", code: "age", type: "integer", label: { zh: "", en: "age" }, required: true });
  });

  it("renames a field with the key and the form items that name it", () => {
    const after = apply(BEFORE, [on("rename_field", { field: "no", code: "number" })]);
    expect(after.record_types[0]?.key).toBe("number");
    expect(after.forms?.[0]?.items[0]).toEqual({ field: "number" });
  });

  it("renames a record type with its children and forms", () => {
    const after = apply(BEFORE, [on("rename_record_type", { code: "person" })]);
    expect(after.record_types.map(({ code, parent }) => [code, parent])).toEqual([["person", undefined], ["visit", "person"]]);
    expect(after.forms?.[0]?.record_type).toBe("person");
  });

  it("removes a field from its forms, too", () => {
    const after = apply(BEFORE, [on("remove_field", { field: "age" })]);
    expect(codes(after)).toEqual(["no", "sex"]);
    expect(after.forms?.[0]?.items).toEqual([{ field: "no" }]);
  });

  it("leaves the document before it as it was and shares what it does not touch", () => {
    const copy = structuredClone(BEFORE);
    const after = apply(BEFORE, [on("set_field", { field: "age", set: { unit: "y" } })]);
    expect(BEFORE).toEqual(copy);
    expect(after.record_types[1]).toBe(BEFORE.record_types[1]);
  });

  it.each([
    [on("rename_field", { field: "age", code: "sex" }), "already there"],
    [on("set_field", { field: "gone", set: {} }), "no field patient.gone"],
    [on("remove_field", { field: "no" }), "is the key"],
    [on("move_field", { field: "age", before: "gone" }), "no field gone"],
    [{ edit: "remove_record_type", record_type: "patient" }, "has record types below"],
    [{ edit: "set_field", record_type: "gone", field: "age", set: {} }, "no record type gone"],
  ])("that can't be made says why", (edit, reason) => {
    expect(() => apply(BEFORE, [edit])).toThrow(reason);
  });

  it("that only the server knows waits for its answer", () => {
    expect(apply(BEFORE, [on("pick_from_library", { library: "demographics", fields: ["name"] })])).toBe(BEFORE);
  });
});

describe("taking an edit back", () => {
  it.each<[string, Edit[]]>([
    ["added", [on("add_field", { field: aField("new"), after: "no" })]],
    ["duplicated", [on("duplicate_field", { field: "age", code: "age_2" })]],
    ["a record type added", [{ edit: "add_record_type", record_type: aType("lab") }]],
    ["choices added", [{ edit: "add_value_set", code: "grade", value_set: { choices: [] } }]],
    ["renamed", [on("rename_field", { field: "age", code: "years" })]],
    ["set", [on("set_field", { field: "age", set: { unit: null, required: true, type: "decimal" } })]],
    ["moved", [on("move_field", { field: "sex", before: "no" })]],
    ["hidden", [on("hide_field", { field: "age" })]],
    ["shown again", [{ edit: "restore_field", record_type: "visit", field: "note" }]],
    ["removed, with its place on a form", [on("remove_field", { field: "age" })]],
    ["removed, on no form", [on("remove_field", { field: "sex" })]],
    ["a record type set", [{ edit: "set_record_type", record_type: "visit", set: { repeats: false, key: "day" } }]],
    ["a record type moved", [{ edit: "move_record_type", record_type: "visit", before: "patient" }]],
    ["choices changed", [{ edit: "set_value_set", code: "sex", value_set: { choices: [] } }]],
    ["several, one upon another", [
      on("rename_field", { field: "age", code: "years" }), on("set_field", { field: "years", set: { unit: "y" } }),
      on("move_field", { field: "years" }), on("move_field", { field: "no" }),
    ]],
  ])("gives the document of before: %s", (_what, edits) => {
    const back = inverse(BEFORE, edits);
    expect(apply(apply(BEFORE, edits), back ?? [])).toEqual(BEFORE);
  });

  it("needs the whole document where no edit puts things back as they were", () => {
    expect(inverse(BEFORE, [{ edit: "remove_record_type", record_type: "visit" }])).toBeNull();
    expect(inverse(BEFORE, [on("pick_from_library", { library: "d", fields: ["name"] })])).toBeNull();
  });
});
