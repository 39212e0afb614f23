/** A rule evaluated on one record, step by step. */

import type { Value } from "./records";
import type { CheckedRule } from "./rules";

export interface ExplainedPart {
  /** Of the part in the rule's text, in characters from 0. */
  start: number;
  end: number;
  /** 0 is the whole rule. */
  depth: number;
  type: string;
  /** A condition's truth, or whether there is a value; `hidden` for what the reader may not see. */
  state: "true" | "false" | "unknown" | "value" | "missing" | "hidden" | "records";
  value: Value;
  /** The fields whose missing values make it unknown or missing, as the rule names them. */
  why: string[];
  /** Of related records: how many there are. */
  count?: number;
}

/** Parts come outermost first, in the order of the text. */
export type Explanation = { ok: true; type: string; parts: ExplainedPart[] } | Extract<CheckedRule, { ok: false }>;
