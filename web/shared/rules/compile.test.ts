import { describe, expect, it } from "vitest";

import { compileProgram } from "./compile";
import { explainProgram } from "./explain";
import { isAffected, UnknownProgram, type Node, type Program } from "./program";

const NOW = { now: "2026-03-05T14:20:00" };
const field = (t: string, path: string, s?: [number, number]) => ({ k: "field", t, path, out: 0, s }) as Node;
const constant = (v: number | string) => ({ k: "constant", t: typeof v === "number" ? "integer" : "text", v }) as Node;

function program(body: unknown, reads: string[] = []): Program {
  return { version: 1, type: "boolean", reads, body: body as Node };
}

describe("programs that are not known here", () => {
  it.each([
    ["a version", { ...program(constant(1)), version: 2 }],
    ["a part", program({ k: "quantum", item: constant(1) })],
    ["a part that objects have anyway", program({ k: "constructor", item: constant(1) })],
    ["a function", program({ k: "apply", name: "md5", arguments: [constant("a")], literals: [] })],
    ["a function that objects have anyway", program({ k: "apply", name: "toString", arguments: [], literals: [] })],
    ["a type", program({ k: "field", t: "colour", path: "a", out: 0 })],
    ["an operation", program({ k: "arithmetic", op: "%", left: constant(1), right: constant(2) })],
    ["a comparison", program({ k: "exactly", of: "number", op: "~", left: constant(1), right: constant(2) })],
    ["an aggregate", program({ k: "of_values", kind: "mode", items: [] })],
  ])("%s is refused before anything runs", (_, unknown) => {
    expect(() => compileProgram(unknown)).toThrow(UnknownProgram);
    expect(() => explainProgram(unknown, {}, NOW)).toThrow(UnknownProgram);
  });
});

describe("what a record holds", () => {
  const valueOf = (t: string, stored: unknown) => compileProgram(program(field(t, "a")))({ a: stored }, NOW);

  it.each([
    ["text", 5],
    ["text", ["a"]],
    ["boolean", "true"],
    ["decimal", "8,1"],
    ["date", "5 March"],
    ["date", 20260305],
    ["choices", "1"],
    ["number", { missing: "refused" }],
    ["text", { missing: null }],
    ["text", undefined],
  ])("a %s of %j is missing", (t, stored) => expect(valueOf(t, stored)).toBeNull());

  it("long numbers come out with all their digits", () => {
    expect(valueOf("integer", "9007199254740993")).toBe("9007199254740993");
    expect(valueOf("decimal", "8.10")).toBe(8.1);
  });

  it.each(["constructor", "__proto__", "toString"])("%s is a field like any other, and absent", (path) => {
    const reason = program({ k: "reason", path, out: 0 });

    expect(compileProgram(program({ k: "absent", item: field("text", path) }))({}, NOW)).toBe(true);
    expect(compileProgram(reason)({}, NOW)).toBeNull();
    expect(compileProgram(program({ k: "of_records", kind: "count", path, out: 0, body: null, by: null }))({}, NOW)).toBe(0);
  });

  it("the code of a missing value is its reason", () => {
    const reason = compileProgram(program({ k: "reason", path: "a", out: 0 }));

    expect(reason({ a: { missing: "refused" } }, NOW)).toBe("refused");
    expect([reason({ a: { missing: null } }, NOW), reason({ a: 1 }, NOW), reason({}, NOW)]).toEqual([null, null, null]);
  });
});

it("a program says which changes concern it", () => {
  const rule = program(constant(1), ["age", "exam.lesion", "exam.lesion.size"]);

  expect([["age"], ["exam"], ["exam.lesion"], ["exam.lesion.size"]].map((changed) => isAffected(rule, changed))).toEqual(
    Array(4).fill(true),
  );
  expect([[], ["ag"], ["exam.les"], ["exam.kind"]].map((changed) => isAffected(rule, changed))).toEqual(
    Array(4).fill(false),
  );
});

it("an explanation gives the value of each written part in the order of the text", () => {
  // [age] - 1 >= 60 and any([lesion], [size] > 8)
  const rule = program({
    k: "combined",
    op: "and",
    s: [0, 45],
    items: [
      {
        k: "nearly",
        op: ">=",
        s: [0, 15],
        left: {
          k: "arithmetic",
          op: "-",
          s: [0, 9],
          left: { k: "double", item: field("integer", "age", [0, 5]) },
          right: { k: "constant", t: "number", v: 1 },
        },
        right: { k: "constant", t: "number", v: 60 },
      },
      {
        k: "of_records",
        kind: "any",
        path: "lesion",
        out: 0,
        s: [20, 45],
        body: { k: "exactly", of: "number", op: ">", s: [34, 44], left: field("decimal", "size", [34, 40]), right: constant(8) },
        by: null,
      },
    ],
  });

  expect(explainProgram(rule, { age: 71, lesion: [{ size: 5 }, {}] }, NOW)).toEqual([
    { span: [0, 45], depth: 0, value: null },
    { span: [0, 15], depth: 1, value: true },
    { span: [0, 9], depth: 2, value: 70 },
    { span: [0, 5], depth: 3, value: 71 },
    { span: [20, 45], depth: 1, value: null },
  ]);
});
