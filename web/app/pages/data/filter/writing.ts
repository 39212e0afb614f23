/** From what the builder draws to the tree of a rule, and what is still to be filled in. */

import type { RuleNode } from "../../../../shared/api/types";
import { type Condition, type Group, type Part, partsOf, type Related } from "./model";

/** The tree of a part; null where it is empty or not filled in yet. */
export function writePart(part: Part): RuleNode | null {
  switch (part.kind) {
    case "group":
      return writeGroup(part);
    case "condition":
      return negated(part.negated, writeCondition(part));
    case "related":
      return negated(part.negated, writeRelated(part));
    case "text":
      return part.tree;
  }
}

function negated(isNegated: boolean, item: RuleNode | null): RuleNode | null {
  return item && isNegated ? { n: "unary", op: "not", item } : item;
}

function writeGroup({ mode, items }: Group): RuleNode | null {
  const written = items.map(writePart).filter((node) => node !== null);
  const [first] = written;
  if (!first) return null;
  const op = mode === "all" || mode === "notAll" ? "and" : "or";
  const inner: RuleNode = written.length === 1 ? first : { n: "logic", op, items: written };
  return negated(mode === "none" || mode === "notAll", inner);
}

function writeCondition({ path, op, operands }: Condition): RuleNode | null {
  const values = operands.filter((node) => node !== null);
  if (!path || values.length < operands.length) return null;
  const item: RuleNode = { n: "field", path };
  const [first, second] = values;
  if (op === "is missing") return { n: "is missing", item };
  if (!first) return null;
  if (op === "in") return { n: "in", item, options: values };
  if (op === "between") return second ? { n: "between", item, low: first, high: second } : null;
  return { n: "binary", op, left: item, right: first };
}

function writeRelated({ records, how, op, number, body }: Related): RuleNode | null {
  const inner = writeGroup(body);
  const field: RuleNode = { n: "field", path: records };
  if (!records || (how !== "count" && !inner)) return null;
  const call: RuleNode = { n: "call", name: how, args: inner ? [field, inner] : [field] };
  if (how !== "count") return call;
  return number && { n: "binary", op, left: call, right: number };
}

/** The innermost parts that still lack something, in the order they are drawn; groups that hold nothing don't matter. */
export function unfinished(root: Group): Part[] {
  const lacking = [...partsOf(root)].filter((part) => part.kind !== "group" && writePart(part) === null);
  return lacking.filter((part) => part.kind !== "related" || unfinished(part.body).length === 0);
}

/** How many levels of objects and lists a tree has, which the server limits. */
export function levelsOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}
