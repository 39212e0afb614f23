/** Short ways to write the trees of rules in the tests of the builder. */

import type { RuleNode } from "../../../../shared/api/types";

export const field = (path: string): RuleNode => ({ n: "field", path });
export const num = (value: string): RuleNode => ({ n: "number", value });
export const txt = (value: string): RuleNode => ({ n: "text", value });
export const not = (item: RuleNode): RuleNode => ({ n: "unary", op: "not", item });
export const and = (...items: RuleNode[]): RuleNode => ({ n: "logic", op: "and", items });
export const or = (...items: RuleNode[]): RuleNode => ({ n: "logic", op: "or", items });
export const call = (name: string, ...args: RuleNode[]): RuleNode => ({ n: "call", name, args });
export const binary = (op: string, left: RuleNode, right: RuleNode): RuleNode => ({ n: "binary", op, left, right });
export const negative = (value: string): RuleNode => ({ n: "unary", op: "-", item: num(value) });
export const missing = (path: string): RuleNode => ({ n: "is missing", item: field(path) });

/** Numbers that look random and are the same in every run (mulberry32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

/** A tree of any parts of the language, drawable and not. */
export function anyTree(roll: (sides: number) => number, depth: number): RuleNode {
  const below = () => anyTree(roll, depth - 1);
  const some = (least: number) => Array.from({ length: least + roll(3) }, below);
  const leaves: (() => RuleNode)[] = [
    () => field("ab.c"[roll(4)] ?? "x"), () => num("1.50"), () => negative("3"), () => txt("<script>'"),
    () => ({ n: "boolean", value: roll(2) === 0 }), () => ({ n: "missing" }), () => ({ n: "date", value: "2026-03-05" }),
    () => call("add_days", call("today"), negative("30")), () => call("now"),
  ];
  const parts: (() => RuleNode)[] = [
    () => and(below(), ...some(1)), () => or(below(), ...some(1)), () => not(below()), () => not(or(below(), below())),
    () => ({ n: "in", item: below(), options: some(1) }), () => ({ n: "between", item: field("a"), low: below(), high: below() }),
    () => ({ n: "is missing", item: below() }), () => call(["any", "all", "count", "round"][roll(4)] ?? "any", ...some(1)),
    () => call("any", field("lesion"), below()), () => binary(">=", call("count", field("lesion"), below()), num("2")),
    () => binary(["=", "<>", "<", "contains", "has", "matches", "+", "^"][roll(8)] ?? "=", roll(2) ? field("a") : below(), below()),
  ];
  const list = depth <= 0 || roll(4) === 0 ? leaves : parts;
  return (list[roll(list.length)] ?? leaves[0])?.() ?? field("a");
}
