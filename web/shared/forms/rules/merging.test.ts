import { describe, expect, it } from "vitest";

import type { ValueProblem } from "../../api/types";
import type { Look } from "./look";
import { ownershipOf, unreadIn } from "./merging";
import { above, rulesWith } from "./testing";

const problem = (field: string, code: string, zh = code): ValueProblem => ({ field, code, zh, en: zh, severity: "error" });
const look = (more: Partial<Look>): Look => ({ hidden: [], required: [], computed: {}, problems: [], ...more });

describe("the page's word and the server's", () => {
  const rules = rulesWith({
    fields: { a: { as: "integer" } },
    checks: [{ field: "a", severity: "error", message: { zh: "错", en: "错" }, program: above("a", 1) }],
    left: [{ rule: "skip", key: "there" }, { rule: "required", key: "there" }, { rule: "calculation", key: "far" }, { rule: "range", key: "far" }],
  });
  const { owns, merged } = ownershipOf(rules);

  it("each says what is its own", () => {
    const mine = look({ hidden: ["here"], required: ["a"], computed: { near: 1 } });
    const theirs = look({ hidden: ["old", "there"], required: ["old", "there"], computed: { near: 0, far: 2 } });
    expect(merged(mine, theirs)).toMatchObject({ hidden: ["here", "there"], required: ["a", "there"], computed: { near: 1, far: 2 } });
  });

  it("takes no problem from the server that the page has looked at since", () => {
    const gone = [problem("a", "check", "错"), problem("a", "required"), problem("a", "not_a_number"), problem("a", "minimum")];
    const kept = [problem("a", "check", "另"), problem("far", "minimum"), problem("there", "required"), problem("a", "duplicate_key"), problem("", "parent_missing")];
    expect(gone.filter(owns)).toEqual(gone);
    expect(merged(look({}), look({ problems: [...gone, ...kept] })).problems).toEqual(kept);
  });

  it("is the page's alone while the server has said nothing", () => {
    expect(merged(look({ hidden: ["here"] }), null).hidden).toEqual(["here"]);
  });

  it("knows what only the server can't read", () => {
    expect(unreadIn({ problems: [problem("a", "pattern"), problem("b", "required")] })).toEqual(["a"]);
  });
});
