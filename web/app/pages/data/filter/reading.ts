/** From the tree of a rule to what the builder draws. What it can't draw becomes a text; nothing is lost. */

import type { RuleNode } from "../../../../shared/api/types";
import { type Comparison, condition, type Group, group, type Op, type Part, related, type Related, textPart } from "./model";
import { isDrawable, isNegativeNumber } from "./operands";

const COMPARISONS = new Set<string>(["=", "<>", "<", "<=", ">", ">="]);
const BINARY = new Set<string>([...COMPARISONS, "contains", "starts with", "matches", "has"]);

/** The whole filter, as one group. */
export function readRoot(root: RuleNode): Group {
  return asGroup(readPart(root));
}

export function asGroup(part: Part): Group {
  return part.kind === "group" ? part : group("all", [part]);
}

export function readPart(node: RuleNode): Part {
  switch (node.n) {
    case "logic":
      return group(node.op === "and" ? "all" : "any", node.items.map(readPart));
    case "unary":
      return node.op === "not" ? negation(node.item) : textPart(node);
    case "call":
      return readRelated(node) ?? textPart(node);
    case "binary":
      return readCount(node) ?? readCondition(node) ?? textPart(node);
    default:
      return readCondition(node) ?? textPart(node);
  }
}

function negation(item: RuleNode): Part {
  if (item.n === "logic") return group(item.op === "or" ? "none" : "notAll", item.items.map(readPart));
  const part = readPart(item);
  if ((part.kind === "condition" || part.kind === "related") && !part.negated) return { ...part, negated: true };
  return group("none", [part]);
}

/** `text`, as it is printed, with those dates that `source` has without their sign as they stand there, not as 1970 - 1 - 1. */
export function withBareDates(text: string, source: string): string {
  return text.replace(/(\d{4}) ([-/]) (\d{1,2}) \2 (\d{1,2})/g, (printed, year: string, sign: string, month: string, day: string) => {
    const written = new RegExp(`${year}${sign}0?${month}${sign}0?${day}(?!\\d)`).exec(source);
    return written ? written[0] : printed;
  });
}

/** The field, the operator and the values of a comparison with constants. */
function readCondition(node: RuleNode): Part | null {
  const found = split(node);
  if (found?.item.n !== "field" || !found.values.every(isDrawable)) return null;
  return condition({ path: found.item.path, op: found.op, operands: found.values });
}

function split(node: RuleNode): { item: RuleNode; op: Op; values: RuleNode[] } | null {
  switch (node.n) {
    case "binary":
      return BINARY.has(node.op) ? { item: node.left, op: node.op as Op, values: [node.right] } : null;
    case "in":
      return { item: node.item, op: "in", values: node.options };
    case "between":
      return { item: node.item, op: "between", values: [node.low, node.high] };
    case "is missing":
      return { item: node.item, op: "is missing", values: [] };
    default:
      return null;
  }
}

/** `any([lesion], ...)` and `all([lesion], ...)`. */
function readRelated(node: RuleNode): Related | null {
  if (node.n !== "call" || (node.name !== "any" && node.name !== "all") || node.args.length !== 2) return null;
  const [records, body] = node.args;
  if (records?.n !== "field" || !body) return null;
  return related(records.path, { how: node.name, body: asGroup(readPart(body)) });
}

/** `count([lesion]) >= 2`, with conditions or without. */
function readCount(node: RuleNode): Related | null {
  if (node.n !== "binary" || !COMPARISONS.has(node.op) || node.left.n !== "call" || node.left.name !== "count") return null;
  const [records, body] = node.left.args;
  const isNumber = node.right.n === "number" || isNegativeNumber(node.right);
  if (records?.n !== "field" || node.left.args.length > 2 || !isNumber) return null;
  return related(records.path, {
    how: "count", op: node.op as Comparison, number: node.right, body: body ? asGroup(readPart(body)) : group(),
  });
}
