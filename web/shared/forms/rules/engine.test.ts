import { describe, expect, it } from "vitest";

import type { FormRules } from "../../api/types";
import { FormEngine, type Stored, type Typed } from "./engine";
import { above, program, rulesWith, times } from "./testing";

const NOW = { now: "2026-03-05T14:20:00" };
const DECIMAL = { as: "decimal", places: 1 } as const;
const typed = (values: Typed["values"], missing: Typed["missing"] = {}): Typed => ({ values, missing });

function run(rules: Partial<FormRules>, what: Typed, stored: Stored | null = null) {
  return new FormEngine(rulesWith(rules), stored).look(what, NOW);
}

describe("the rules of a form", () => {
  const fields = { a: DECIMAL, b: DECIMAL, note: { as: "text", most: 9 } } as const;
  const doubled = { field: "double", program: times("a", 2), cast: { to: "decimal", places: 1 } } as const;
  const more = { field: "more", program: times("double", 10), cast: { to: "integer" } } as const;

  it("feed what is calculated to later ones, as it is stored", () => {
    const { computed } = run({ fields, calculations: [doubled, more] }, typed({ a: "1.2" }));
    expect(computed).toEqual({ double: 2.4, more: 24 });
  });

  it("round half away from zero", () => {
    const half = { ...doubled, program: times("a", 0.5), cast: { to: "decimal", places: 0 } as const };
    expect(run({ fields, calculations: [half] }, typed({ a: "5" })).computed).toEqual({ double: 3 });
    expect(run({ fields, calculations: [half] }, typed({ a: "-5" })).computed).toEqual({ double: -3 });
  });

  it("give no value where it is more than can be stored", () => {
    const huge = [
      { ...doubled, program: times("a", 1e20) },
      { ...more, program: times("a", 1e19) },
    ];
    expect(run({ fields, calculations: huge }, typed({ a: "1" })).computed).toEqual({ double: null, more: null });
    expect(run({ fields, calculations: huge }, typed({ a: "-1" })).computed).toEqual({ double: null, more: null });
  });

  it("show a field while its skip rule is true, and not while that is unknown", () => {
    const engine = new FormEngine(rulesWith({ fields, skips: [{ key: "note", program: above("a", 1) }] }), null);
    expect(engine.look(typed({}), NOW).hidden).toEqual(["note"]);
    expect(engine.look(typed({ a: "2" }), NOW).hidden).toEqual([]);
    expect(engine.look(typed({ a: "0" }), NOW).hidden).toEqual(["note"]);
  });

  it("keep what has a value in sight, and say that it is not asked", () => {
    const skips = [{ key: "note", program: above("a", 1) }];
    const look = run({ fields, skips }, typed({ note: "x" }));
    expect(look.hidden).toEqual([]);
    expect(look.problems).toEqual([{ field: "note", code: "not_shown", zh: "不应填写。", en: "Not asked.", severity: "warning" }]);
  });

  it("need what is not skipped and has no reason to be missing", () => {
    const rules = { fields, required: ["a", "note"], required_if: [{ field: "b", program: above("a", 1) }], skips: [{ key: "note", program: above("a", 5) }] };
    const asked = (what: Typed) => run(rules, what).problems.map(({ field }) => field);
    expect(asked(typed({}))).toEqual(["a"]);
    expect(asked(typed({ a: "2" }))).toEqual(["b"]);
    expect(asked(typed({ a: "2" }, { b: "refused" }))).toEqual([]);
    expect(run(rules, typed({ a: "6" })).required).toEqual(["a", "note", "b"]);
  });

  it("complain of a value beyond its range and of a check that is false, not of an unknown one", () => {
    const words = { zh: "界", en: "edge" };
    const ranges = [{ field: "a", type: "decimal", low: 1, high: "12345678901234567.8", below: words, above: words }];
    const checks = [{ field: "b", severity: "warning", message: words, program: above("b", 3) }];
    const codes = (what: Typed) => run({ fields, ranges, checks }, what).problems.map(({ field, code }) => `${field} ${code}`);
    expect(codes(typed({}))).toEqual([]);
    expect(codes(typed({ a: "0.9", b: "3" }))).toEqual(["a minimum", "b check"]);
    expect(codes(typed({ a: "12345678901234567.9", b: "4" }))).toEqual(["a maximum"]);
  });

  it("take today from the clock they are given", () => {
    const words = { zh: "", en: "" };
    const ranges = [{ field: "day", type: "date", low: null, high: "today", below: words, above: words }];
    const engine = new FormEngine(rulesWith({ fields: { day: { as: "date" } }, ranges }), null);
    expect(engine.look(typed({ day: "2026-03-06" }), NOW).problems).toHaveLength(1);
    expect(engine.look(typed({ day: "2026-03-06" }), { now: "2026-03-06T00:00:01" }).problems).toHaveLength(0);
  });

  it("go on with the stored value where what is typed can't be read", () => {
    const look = run({ fields, calculations: [doubled], required: ["a"] }, typed({ a: "x" }), { values: { a: 4 }, missing: {} });
    expect(look.computed).toEqual({ double: 8 });
    expect(look.problems.map(({ code }) => code)).toEqual(["not_a_number"]);
  });

  it("take back what was typed", () => {
    const engine = new FormEngine(rulesWith({ fields, calculations: [doubled] }), { values: { a: 4 }, missing: {} });
    expect(engine.look(typed({ a: null }), NOW).computed).toEqual({ double: null });
    expect(engine.look(typed({}), NOW).computed).toEqual({ double: 8 });
  });

  it("know a field by its other names, and its ancestors' values", () => {
    const skips = [{ key: "note", program: above("体重", 1) }, { key: "b", program: above("patient.height", 1) }];
    const look = run({ fields, skips, aliases: { 体重: "a" }, around: { "patient.height": 170 } }, typed({ a: "2" }));
    expect(look.hidden).toEqual([]);
  });

  it("have no value where the server could not read it, until that changes", () => {
    const here = { key: "b", program: program({ k: "not", item: { k: "absent", item: { k: "field", t: "text", path: "note", out: 0 } } }, "note") };
    const engine = new FormEngine(rulesWith({ fields, skips: [here] }), null);
    expect(engine.look(typed({ note: "bad" }), NOW).hidden).toEqual([]);
    engine.refuse(["note"], typed({ note: "bad" }));
    expect(engine.look(typed({ note: "bad" }), NOW).hidden).toEqual(["b"]);
    expect(engine.look(typed({ note: "good" }), NOW).hidden).toEqual([]);
  });

  it("run again only when something they read has changed", () => {
    const reads: string[] = [];
    const engine = new FormEngine(rulesWith({ fields, calculations: [doubled, more] }), null);
    const seen = new Proxy((engine as unknown as { seen: Record<string, unknown> }).seen, {
      get: (record, path) => (reads.push(String(path)), Reflect.get(record, path)),
    });
    (engine as unknown as { seen: object }).seen = seen;
    engine.look(typed({ a: "1" }), NOW);
    expect(reads).toContain("double");
    reads.length = 0;
    engine.look(typed({ a: "1", note: "x" }), NOW);
    expect(reads.filter((path) => path === "a" || path === "double")).toEqual([]);
  });
});
