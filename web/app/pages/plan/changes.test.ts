import { describe, expect, it } from "vitest";

import type { Change, PlannedChange } from "../../../shared/api/types";
import { bySafety, grouped } from "./changes";

const words = (text: string) => ({ zh: text, en: text });

function change(thing: Change["thing"], code: string, more: Partial<PlannedChange> = {}): PlannedChange {
  return {
    act: "change", thing, code, label: words(code), within: null, type_id: "", field_id: "", property: "", property_label: words(""),
    before: null, after: null, text: words(code), safety: "safe", operations: [], ...more,
  };
}

const within = (code: string) => ({ code, label: words(code) });

describe("changes by part of the database", () => {
  it("are together with their record type or form, even when it was renamed", () => {
    const groups = grouped([
      change("choice", "9", { within: within("sex") }),
      change("record_type", "person", { type_id: "r1", act: "rename" }),
      change("field", "age", { type_id: "r1", within: within("person"), act: "add" }),
      change("field", "age", { type_id: "r2", within: within("exam"), act: "remove" }),
      change("item", "age", { within: within("base") }),
      change("form", "base"),
      change("database", "lung"),
    ]);

    expect(groups.map(({ section, name, changes }) => [section, name?.code ?? null, changes.length])).toEqual([
      ["database", null, 1],
      ["record_types", "person", 2],
      ["record_types", "exam", 1],
      ["forms", "base", 2],
      ["value_sets", null, 1],
    ]);
  });

  it("are counted as new, gone and changed; renamed and moved is changed", () => {
    const acts = ["add", "add", "remove", "rename", "move", "change"] as const;
    const [group] = grouped(acts.map((act, i) => change("field", `f${i}`, { act, type_id: "r1", within: within("patient") })));

    expect(group?.counts).toEqual({ added: 2, removed: 1, changed: 3 });
  });

  it("leave none out", () => {
    const things = ["database", "event", "value_set", "choice", "record_type", "field", "form", "item"] as const;
    const groups = grouped(things.map((thing) => change(thing, thing)));

    expect(groups.flatMap(({ changes }) => changes)).toHaveLength(things.length);
  });
});

it("changes by safety keep their order", () => {
  const found = bySafety([change("field", "a"), change("field", "b", { safety: "lossy" }), change("field", "c")]);

  expect(found.safe.map(({ code }) => code)).toEqual(["a", "c"]);
  expect(found.lossy.map(({ code }) => code)).toEqual(["b"]);
  expect(found.destructive).toEqual([]);
});
