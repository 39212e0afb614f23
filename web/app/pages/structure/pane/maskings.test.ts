// @vitest-environment happy-dom

import { describe, expect, it } from "vitest";

import type { DatabaseDocument, FieldDocument, MaskingType } from "../../../../shared/api/types";
import { choicesOf, kindOf } from "./maskings";

function aType(code: string, kinds: string[], more: Partial<MaskingType> = {}): MaskingType {
  return {
    code, label: { zh: code, en: code }, description: { zh: "", en: "" }, method: code, parameters: {}, kinds,
    example: { before: "王小明", after: "王＊＊" }, published: true, has_draft: false, draft_version: 1, uses: 0, ...more,
  };
}

function aField(code: string, type: FieldDocument["type"], masking?: string): FieldDocument {
  return { code, type, label: { zh: code, en: code }, ...(masking && { masking }) };
}

const TYPES = [aType("band", ["number"], { example: null }), aType("name", ["text"]), aType("draft", ["text"], { published: false })];
const of = (...fields: FieldDocument[]) => ({ record_types: [{ code: "patient", fields }] }) as unknown as DatabaseDocument;

describe("the masking types of a field", () => {
  it("are the published ones with their examples, those that fit first", () => {
    const field = aField("name", "string");
    expect(choicesOf(TYPES, of(field), [field])).toEqual([
      { code: "name", label: "name", example: "王小明 → 王＊＊", fits: true },
      { code: "band", label: "band", example: "", fits: false },
    ]);
  });

  it("hold codes that the database names and nobody published, so that they can be seen", () => {
    const field = aField("name", "string", "nmae");
    expect(choicesOf(TYPES, of(field), [field]).map(({ code }) => code)).toEqual(["name", "nmae", "band"]);
  });

  it("fit several fields if they fit each", () => {
    const fields = [aField("name", "string"), aField("age", "integer")];
    expect(choicesOf(TYPES, of(...fields), fields).some(({ fits }) => fits)).toBe(false);
  });

  it("go by what a calculation gives", () => {
    expect(kindOf({ type: "calculated", options: { result: "text" } })).toBe("text");
    expect(kindOf({ type: "calculated" })).toBe("number");
    expect(kindOf({ type: "multi_choice" })).toBe("other");
  });
});
