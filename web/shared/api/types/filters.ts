/** Saved filters, the tree of a rule, and the counts of its parts. */

import type { Label } from "../../texts";

export interface SavedFilter {
  id: number;
  version: number;
  name: string;
  description: string;
  record_type: string;
  /** With the names of today; null where it can't be used, see `problem`. */
  where: string | null;
  /** As it was written; "" where it names a field that the reader does not see in clear. */
  written: string;
  problem: Label | null;
  shared: boolean;
  owner: string;
  mine: boolean;
  may_change: boolean;
  updated_at: string;
  updated_by: string;
}

/** A part of a rule, as the server's tree of version 1 has it. Numbers are texts, so that no digit is lost. */
export type RuleNode =
  | { n: "number" | "text" | "date" | "datetime" | "time"; value: string }
  | { n: "boolean"; value: boolean }
  | { n: "missing" }
  | { n: "field"; path: string }
  | { n: "unary"; op: "-" | "not"; item: RuleNode }
  | { n: "binary"; op: string; left: RuleNode; right: RuleNode }
  | { n: "logic"; op: "and" | "or"; items: RuleNode[] }
  | { n: "in"; item: RuleNode; options: RuleNode[] }
  | { n: "between"; item: RuleNode; low: RuleNode; high: RuleNode }
  | { n: "is missing"; item: RuleNode }
  | { n: "call"; name: string; args: RuleNode[] };

export interface RuleTree {
  v: 1;
  root: RuleNode;
}

/** For how many records a condition is true, and for how many it can't be told; or why it can't be counted. */
export interface ConditionCount {
  count: number | null;
  unknown: number | null;
  problem: Label | null;
}
