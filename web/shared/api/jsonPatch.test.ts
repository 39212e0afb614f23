import { describe, expect, it } from "vitest";

import { patched, type PatchStep } from "./jsonPatch";

const DOCUMENT = {
  label: { zh: "肺" },
  record_types: [
    { code: "patient", fields: [{ code: "a" }, { code: "b" }, { code: "c" }] },
    { code: "visit", fields: [{ code: "d" }] },
  ],
  value_sets: { "a/b": { choices: [1] } },
};

describe("what an edit changed", () => {
  it("is added, replaced, moved and removed, step by step", () => {
    const steps: PatchStep[] = [
      { op: "add", path: "/record_types/0/fields/1", value: { code: "new" } },
      { op: "move", from: "/record_types/0/fields/3", path: "/record_types/0/fields/0" },
      { op: "remove", path: "/record_types/0/fields/1" },
      { op: "replace", path: "/label/zh", value: "肺结节" },
      { op: "add", path: "/value_sets/a~1b/version", value: "2" },
      { op: "replace", path: "/record_types/1/fields/0", value: { code: "e" } },
    ];
    expect(patched(DOCUMENT, steps)).toEqual({
      label: { zh: "肺结节" },
      record_types: [
        { code: "patient", fields: [{ code: "c" }, { code: "new" }, { code: "b" }] },
        { code: "visit", fields: [{ code: "e" }] },
      ],
      value_sets: { "a/b": { choices: [1], version: "2" } },
    });
  });

  it("leaves the document as it was and shares what it does not touch", () => {
    const before = structuredClone(DOCUMENT);
    const after = patched(DOCUMENT, [{ op: "add", path: "/record_types/0/fields/0/unit", value: "mm" }]);
    expect(DOCUMENT).toEqual(before);
    expect(after.record_types[1]).toBe(DOCUMENT.record_types[1]);
    expect(after.record_types[0]?.fields[1]).toBe(DOCUMENT.record_types[0]?.fields[1]);
    expect(after.record_types[0]?.fields[0]).toEqual({ code: "a", unit: "mm" });
  });

  it("that fits no part of the document is an error, not a guess", () => {
    expect(() => patched(DOCUMENT, [{ op: "replace", path: "/record_types/7/code", value: "x" }])).toThrow(RangeError);
    expect(() => patched(DOCUMENT, [{ op: "add", path: "/label/zh/x", value: 1 }])).toThrow(RangeError);
  });
});
