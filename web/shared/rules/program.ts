/** A rule as the server hands it out: checked, typed and ready to run. The server's rules_dsl/program.py describes it. */

export const VERSION = 1;

export type ValueType =
  | "integer"
  | "decimal"
  | "number"
  | "text"
  | "boolean"
  | "date"
  | "datetime"
  | "time"
  | "choice"
  | "choices"
  | "records"
  | "missing";

export interface Program {
  version: number;
  type: ValueType;
  /** Paths that the value depends on, from the rule's own record: `age`, `lesion`, `lesion.size`. */
  reads: string[];
  body: Node;
}

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type Literal = number | string | boolean | null;

/** Characters by code point, both ends included; where the text starts and ends; and what is made of them. */
export type Pattern =
  | { p: "set"; ranges: [number, number][] }
  | { p: "start" | "end" }
  | { p: "sequence" | "either"; items: Pattern[] }
  | { p: "repeat"; item: Pattern; least: number; most: number | null };

interface Kinds {
  constant: { t: ValueType; v: Literal };
  field: { t: ValueType; path: string; out: number };
  reason: { path: string; out: number };
  moment: { name: "today" | "now" };
  double: { item: Node };
  midnight: { item: Node };
  shifted: { item: Node; months: number; seconds: number };
  written: { item: Node };
  negative: { item: Node };
  arithmetic: { op: "+" | "-" | "*" | "/" | "^"; left: Node; right: Node };
  exactly: { of: "number" | "text" | "value"; op: Comparison; left: Node; right: Node };
  nearly: { op: Comparison; left: Node; right: Node };
  one_of: { item: Node; values: Literal[] };
  text_test: { op: "contains" | "starts with"; item: Node; part: Node };
  matches: { item: Node; pattern: Pattern };
  holds: { item: Node; code: string };
  combined: { op: "and" | "or"; items: Node[] };
  not: { item: Node };
  absent: { item: Node };
  conditional: { condition: Node; then: Node; otherwise: Node };
  first_present: { items: Node[] };
  apply: { name: string; arguments: Node[]; literals: (string | number)[] };
  of_values: { kind: string; items: Node[] };
  of_records: { kind: string; path: string; out: number; body: Node | null; by: Node | null };
}

export type Kind = keyof Kinds;

/** A part of a rule; `s` are its start and end in the rule's text, absent for a step that is not written there. */
export type NodeOf<K extends Kind> = K extends Kind ? { k: K; s?: [number, number] } & Kinds[K] : never;
export type Node = NodeOf<Kind>;

/** The program is of a kind that this interpreter does not know; nothing of it was run. */
export class UnknownProgram extends Error {}

/** The nodes right below `node`. */
export function nodesBelow(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(part: unknown): part is Node {
  return typeof part === "object" && part !== null && "k" in part;
}

/** Whether a change of any of the `changed` paths may change what the program gives. */
export function isAffected(program: Program, changed: Iterable<string>): boolean {
  for (const path of changed) {
    if (program.reads.some((read) => read === path || read.startsWith(`${path}.`))) return true;
  }
  return false;
}
