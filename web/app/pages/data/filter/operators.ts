/** The operators that a field offers, as the server lists them, and what a change of operator does to values. */

import type { Field } from "../../../../shared/api/types";
import type { Condition, Op, Operand } from "./model";
import { readRecent, recentOperands } from "./operands";
import { OPERATORS } from "./texts";

/** One entry of the list: an operator, denied or not; `recent` is "between" with days counted from today. */
export interface Operator {
  key: keyof typeof OPERATORS;
  op: Op;
  negated: boolean;
  recent?: boolean;
}

const entry = (key: keyof typeof OPERATORS, op: Op, negated = false): Operator => ({ key, op, negated });

const RECENT: Operator = { ...entry("recent", "between"), recent: true };
const BY_NAME: Readonly<Record<string, readonly Operator[]>> = {
  equals: [entry("equals", "=")],
  not_equals: [entry("notEquals", "<>")],
  less: [entry("less", "<"), entry("atMost", "<=")],
  greater: [entry("greater", ">"), entry("atLeast", ">=")],
  between: [entry("between", "between"), entry("notBetween", "between", true)],
  in: [entry("in", "in"), entry("notIn", "in", true)],
  has: [entry("has", "has"), entry("hasNot", "has", true)],
  contains: [entry("contains", "contains"), entry("containsNot", "contains", true)],
  starts_with: [entry("startsWith", "starts with"), entry("startsNotWith", "starts with", true)],
  matches: [entry("matches", "matches"), entry("matchesNot", "matches", true)],
  is_missing: [entry("isMissing", "is missing"), entry("isNotMissing", "is missing", true)],
};

/** Operators of other forms that a text may have brought: shown where they are, not offered elsewhere. */
const ALL: readonly Operator[] = [
  ...Object.values(BY_NAME).flat(),
  entry("equalsNot", "=", true), entry("notEqualsNot", "<>", true), entry("lessNot", "<", true),
  entry("atMostNot", "<=", true), entry("greaterNot", ">", true), entry("atLeastNot", ">=", true),
];

export type Kind = "choice" | "choices" | "truth" | "number" | "date" | "datetime" | "time" | "text";

/** What kind of value the field is compared with. */
export function kindOf(field: Field): Kind {
  switch (field.type) {
    case "choice":
      return field.choices ? "choice" : "text";
    case "multi_choice":
      return "choices";
    case "boolean":
      return "truth";
    case "integer":
    case "decimal":
    case "float":
      return "number";
    case "date":
    case "datetime":
    case "time":
      return field.type;
    case "calculated":
      return RESULTS[String(field.options.result ?? "number")] ?? "number";
    default:
      return "text";
  }
}

const RESULTS: Readonly<Record<string, Kind>> = {
  number: "number", text: "text", date: "date", datetime: "datetime", boolean: "truth",
};
const HAS_NO_ORDER = new Set(["less", "greater", "between"]);

export function operatorsOf(field: Field): Operator[] {
  const kind = kindOf(field);
  const unordered = field.type === "calculated" && kind === "truth";
  const names = field.operators.filter((name) => !(unordered && HAS_NO_ORDER.has(name)));
  const listed = names.flatMap((name) => BY_NAME[name] ?? []);
  const isDated = kind === "date" || kind === "datetime";
  return isDated && names.includes("between") ? [...listed, RECENT] : listed;
}

export function operatorOf({ op, negated, operands }: Pick<Condition, "op" | "negated" | "operands">): Operator {
  if (op === "between" && !negated && readRecent(operands) !== null) return RECENT;
  const found = ALL.find((each) => each.op === op && each.negated === negated);
  if (!found) throw new Error(`no words for ${op}`);
  return found;
}

/** The values that stay under another operator: as many as it takes. */
export function operandsFor(next: Operator, before: readonly Operand[], kind: Kind): Operand[] {
  if (next.recent) return recentOperands(30, kind === "datetime");
  const kept = readRecent(before) === null ? before : [];
  switch (next.op) {
    case "is missing":
      return [];
    case "in":
      return kept.filter((operand) => operand !== null).length > 0 ? kept.filter((operand) => operand !== null) : [null];
    case "between":
      return [kept[0] ?? null, kept[1] ?? null];
    default:
      return [kept[0] ?? null];
  }
}

/** A condition on another field: its operator stays where the new field has it, its values where they fit. */
export function onField(before: Condition, path: string, field: Field, previous: Field | null): Partial<Condition> {
  const offered = operatorsOf(field);
  const now = operatorOf(before);
  const fits = offered.some(({ key }) => key === now.key);
  const sameKind = previous !== null && kindOf(previous) === kindOf(field) && previous.value_set === field.value_set;
  const next = fits ? now : (offered[0] ?? now);
  const kept = sameKind && fits ? before.operands : [];
  return { path, op: next.op, negated: next.negated, operands: sameKind && fits ? kept : operandsFor(next, [], kindOf(field)) };
}
