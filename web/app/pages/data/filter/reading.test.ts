import { describe, expect, it } from "vitest";

import type { RuleNode } from "../../../../shared/api/types";
import { copyOf, partsOf } from "./model";
import { readRoot, withBareDates } from "./reading";
import { and, anyTree, binary, call, dice, field, missing, negative, not, num, or, txt } from "./testing";
import { levelsOf, unfinished, writePart } from "./writing";

const kinds = (tree: RuleNode) => readRoot(tree).items.map(({ kind }) => kind);

describe("from a tree to the builder and back", () => {
  const male = binary("=", field("sex"), txt("1"));
  const cases: Record<string, RuleNode> = {
    "one condition": male,
    "and within or within and": and(male, or(missing("a"), and(male, not(missing("b"))))),
    "an and within an and": and(and(male, male), male),
    "none of": not(or(male, missing("a"))),
    "not all of": not(and(male, missing("a"))),
    "a denied condition": not(male),
    "a twice denied condition": not(not(male)),
    "a denied group of one text": not(binary(">", binary("+", field("a"), num("1")), num("2"))),
    "several values": { n: "in", item: field("a"), options: [num("1"), negative("2")] },
    "bounds": not({ n: "between", item: field("a"), low: { n: "date", value: "2026-03-05" }, high: call("today") }),
    "related records": and(call("any", field("lesion"), and(male, missing("size"))), not(call("all", field("lesion"), male))),
    "so many related records": binary("<", call("count", field("lesion")), num("3")),
    "so many that meet conditions": binary(">=", call("count", field("lesion"), or(male, male)), negative("1")),
    "a bare field": and(field("pregnant"), male),
    "a value before its field": binary("<", num("8"), field("a")),
    "a comparison with missing": binary("=", field("a"), { n: "missing" }),
    "a field with a field": binary("=", field("a"), field("b")),
    "what is no condition": binary("+", num("1"), num("2")),
    "an unknown function": call("frobnicate", male),
  };

  it.each(Object.entries(cases))("%s stays the same tree", (_, tree) => {
    expect(writePart(readRoot(tree))).toEqual(tree);
  });

  it("any tree stays the same", () => {
    const roll = dice(20260305);
    const seen = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      const tree = anyTree(roll, 5);
      const root = readRoot(tree);
      for (const { kind } of partsOf(root)) seen.add(kind);
      expect(writePart(root)).toEqual(tree);
      expect(writePart(copyOf(root))).toEqual(tree);
    }
    expect(seen).toEqual(new Set(["group", "condition", "related", "text"]));
  });

  it("draws what it can and keeps the rest as text", () => {
    const round = binary(">", call("round", field("a")), num("1"));
    expect(kinds(and(male, round, or(male, male), call("any", field("lesion"), male)))).toEqual(["condition", "text", "group", "related"]);
  });

  it("reads a filter 80 levels deep", () => {
    let tree: RuleNode = male;
    for (let i = 0; i < 40; i++) tree = or(and(tree, male), male);
    expect(writePart(readRoot(tree))).toEqual(tree);
    expect(levelsOf(tree)).toBeGreaterThan(160);
  });
});

describe("what is not filled in", () => {
  it("is left out of the tree and named", () => {
    const root = readRoot(and(binary("=", field("sex"), txt("1")), binary(">", field("age"), num("60"))));
    const [, second] = root.items;
    if (second?.kind !== "condition") throw new Error("a condition was expected");
    second.operands = [null];

    expect(unfinished(root)).toEqual([second]);
    expect(writePart(root)).toEqual(binary("=", field("sex"), txt("1")));
  });

  it("an empty text to compare with is a value, an empty group is nothing", () => {
    const root = readRoot(binary("=", field("name"), txt("")));
    expect(unfinished(root)).toEqual([]);
    root.items = [];
    expect(writePart(root)).toBeNull();
    expect(unfinished(root)).toEqual([]);
  });

  it("related records need conditions unless they are counted", () => {
    const root = readRoot(call("any", field("lesion"), missing("size")));
    const [part] = root.items;
    if (part?.kind !== "related") throw new Error("related records were expected");
    const [inner] = part.body.items;
    if (inner?.kind !== "condition") throw new Error("a condition was expected");
    inner.path = "";
    expect(unfinished(root)).toEqual([inner]);
    part.body.items = [];
    expect(unfinished(root)).toEqual([part]);
    part.how = "count";
    expect(writePart(root)).toEqual(binary(">=", call("count", field("lesion")), num("1")));
  });
});

describe("a date without its sign", () => {
  it("is shown as it was written, not as the subtraction that it is", () => {
    expect(withBareDates("[birth] > 1970 - 1 - 1", "[birth]>1970-01-01")).toBe("[birth] > 1970-01-01");
    expect(withBareDates("[a] in (2026 / 3 / 5, 2026 / 3 / 6)", "[a] in (2026/3/5, 2026/03/06)")).toBe("[a] in (2026/3/5, 2026/03/06)");
    expect(withBareDates("[a] > 1970 - 1 - 1", "[a] > 1970 - 1 - 1")).toBe("[a] > 1970 - 1 - 1");
  });
});
