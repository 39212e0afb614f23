import { describe, expect, it } from "vitest";

import type { MaskingMethod } from "../../../shared/api/types";
import { changedParameters, documentOf, emptyForm, formOf, isComplete } from "./form";

const label = { zh: "", en: "" };
const phone: MaskingMethod = {
  name: "phone", label, does: label, leaves: label, kinds: ["text"], promises: [],
  parameters: [
    { name: "first", label, schema: { type: "integer", minimum: 0, maximum: 3 }, default: 3, choices: [], when: { name: "style", is: "cover" } },
    { name: "style", label, schema: {}, default: "cover", choices: [{ code: "cover", label }, { code: "replace", label }], when: null },
  ],
};

describe("a masking type that is edited", () => {
  it("has the parameters that differ from the method's own, and no others", () => {
    expect(changedParameters({ first: 3, style: "replace", width: 5 }, phone)).toEqual({ style: "replace" });
    expect(changedParameters({ first: 0 }, phone)).toEqual({ first: 0 });
    expect(changedParameters({ first: 0 }, undefined)).toEqual({});
  });

  it("becomes a document and comes back the same", () => {
    const document = {
      kind: "masking_type" as const, code: "short_phone", label: { zh: "短号", en: "Short" }, description: { zh: "说明", en: "" },
      method: "phone", parameters: { first: 0 }, example: "13812345678",
    };
    expect(documentOf(formOf(document), phone)).toEqual(document);
    expect(documentOf(formOf({ kind: "masking_type", code: "a", method: "phone" }), phone)).toEqual({
      kind: "masking_type", code: "a", method: "phone", label: { zh: "", en: "" },
    });
  });

  it("can be saved with a free code of the right form and a name in one language", () => {
    const form = { ...emptyForm(), code: "mine", zh: "我的" };
    expect(isComplete(form, new Set(["yours"]))).toBe(true);
    expect(isComplete(form, new Set(["mine"]))).toBe(false);
    expect(isComplete({ ...form, zh: " " }, new Set())).toBe(false);
    for (const code of ["", "Mine", "1st", "a-b"]) expect(isComplete({ ...form, code }, new Set()), code).toBe(false);
  });
});
