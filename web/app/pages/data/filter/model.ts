/** A filter as the builder draws it: groups of conditions, related records and texts. */

import type { RuleNode } from "../../../../shared/api/types";

export type Mode = "all" | "any" | "none" | "notAll";

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type Op = Comparison | "contains" | "starts with" | "matches" | "has" | "in" | "between" | "is missing";

/** A value of a condition; null is not filled in yet. */
export type Operand = RuleNode | null;

export interface Group {
  kind: "group";
  id: number;
  mode: Mode;
  items: Part[];
  collapsed: boolean;
}

export interface Condition {
  kind: "condition";
  id: number;
  /** The field, as a rule writes it; "" is not chosen yet. */
  path: string;
  op: Op;
  negated: boolean;
  operands: Operand[];
}

/** Some, all or so many of the related records meet the conditions of `body`. */
export interface Related {
  kind: "related";
  id: number;
  /** The record type, as a rule writes it. */
  records: string;
  how: "any" | "all" | "count";
  negated: boolean;
  /** For a count. */
  op: Comparison;
  number: Operand;
  body: Group;
}

/** What can't be drawn, as text; `tree` is null while the text is no condition. */
export interface TextPart {
  kind: "text";
  id: number;
  text: string;
  tree: RuleNode | null;
}

export type Part = Group | Condition | Related | TextPart;

let last = 0;
/** Ids tell parts apart on the page; they are not part of the filter. */
const nextId = () => ++last;

export function group(mode: Mode = "all", items: Part[] = []): Group {
  return { kind: "group", id: nextId(), mode, items, collapsed: false };
}

export function condition(more: Partial<Omit<Condition, "kind" | "id">> = {}): Condition {
  return { path: "", op: "=", negated: false, operands: [null], ...more, kind: "condition", id: nextId() };
}

export function related(records: string, more: Partial<Omit<Related, "kind" | "id" | "records">> = {}): Related {
  return {
    how: "any", negated: false, op: ">=", number: { n: "number", value: "1" }, body: group(), ...more,
    kind: "related", id: nextId(), records,
  };
}

export function textPart(tree: RuleNode | null = null, text = ""): TextPart {
  return { kind: "text", id: nextId(), text, tree };
}

/** A copy with ids of its own. */
export function copyOf<P extends Part>(part: P): P {
  const copy = JSON.parse(JSON.stringify(part)) as P;
  for (const each of partsOf(copy)) each.id = nextId();
  return copy;
}

/** The part and all parts within it, in the order they are drawn. */
export function* partsOf(part: Part): Generator<Part> {
  yield part;
  if (part.kind === "group") for (const item of part.items) yield* partsOf(item);
  if (part.kind === "related") yield* partsOf(part.body);
}
