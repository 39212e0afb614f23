/** A filter from one cell: only this value, all but it, only where it is missing. */

import { type Field, MASKED, type RuleNode, type Value } from "../../../../shared/api/types";
import { numberNode } from "./operands";
import { kindOf } from "./operators";
import { isFilterable } from "./reach";

export interface Quick {
  key: "onlyThis" | "notThis" | "onlyMissing" | "onlyPresent";
  root: RuleNode;
}

/** What one may filter by, given a field's value; nothing where the field is masked. */
export function quickFilters(field: Field, value: Value | undefined): Quick[] {
  if (!isFilterable(field) || value === MASKED) return [];
  const item: RuleNode = { n: "field", path: field.code };
  const missing: RuleNode = { n: "is missing", item };
  const present: RuleNode = { n: "unary", op: "not", item: missing };
  const equal = equalTo(field, item, value);
  if (!equal) return [{ key: "onlyMissing", root: missing }, { key: "onlyPresent", root: present }];
  return [
    { key: "onlyThis", root: equal },
    { key: "notThis", root: { n: "logic", op: "or", items: [unequal(equal), missing] } }, // what is unknown is not excluded
    { key: "onlyPresent", root: present },
  ];
}

function equalTo(field: Field, item: RuleNode, value: Value | undefined): RuleNode | null {
  if (value === null || value === undefined || value === "") return null;
  if (Array.isArray(value)) {
    const held: RuleNode[] = value.map((code) => ({ n: "binary", op: "has", left: item, right: { n: "text", value: code } }));
    const [first] = held;
    return held.length > 1 ? { n: "logic", op: "and", items: held } : (first ?? null);
  }
  const right = constant(field, value);
  return right && (field.operators.includes("equals") ? { n: "binary", op: "=", left: item, right } : null);
}

function unequal(equal: RuleNode): RuleNode {
  return equal.n === "binary" && equal.op === "=" ? { ...equal, op: "<>" } : { n: "unary", op: "not", item: equal };
}

function constant(field: Field, value: string | number | boolean): RuleNode | null {
  const kind = kindOf(field);
  if (typeof value === "boolean") return { n: "boolean", value };
  if (kind === "number") return numberNode(String(value));
  if (kind === "date" || kind === "datetime" || kind === "time") return { n: kind, value: String(value) };
  return { n: "text", value: String(value) };
}

/** The condition added to the filter in force. */
export function added(root: RuleNode | null, more: RuleNode): RuleNode {
  if (!root) return more;
  if (JSON.stringify(root) === JSON.stringify(more)) return root;
  const before = root.n === "logic" && root.op === "and" ? root.items : [root];
  const known = before.some((each) => JSON.stringify(each) === JSON.stringify(more));
  return known ? root : { n: "logic", op: "and", items: [...before, more] };
}
