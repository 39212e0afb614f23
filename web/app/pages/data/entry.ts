/** What someone fills in: one answer per field, either a value or why there is none; and what of it changed. */

import type { Field, StoredRecord, Value } from "../../../shared/api/types";
import { MASKED } from "../../../shared/api/types";
import { REASONS } from "../../../shared/forms/frame";

export interface Answer {
  value: Value;
  /** Why there is no value; "" where that was not said. */
  missing: string;
}

export type Answers = Record<string, Answer>;

export interface Changes {
  values: Record<string, Value>;
  missing: Record<string, string | null>;
}

/** Calculated fields are the server's; of the rest, those that are seen can be filled in. */
export function isEntered(field: Field): boolean {
  return field.type !== "calculated" && !field.calculation;
}

/**
 * The answers of a stored record, or of none. A masked value is no answer: its input stays empty, and what is
 * left empty is not sent.
 */
export function answersOf(fields: readonly Field[], record: StoredRecord | null): Answers {
  return Object.fromEntries(fields.filter(isEntered).map((field) => [field.code, answerOf(field, record)]));
}

/** Whether a value is not the stored one: nothing that may be kept, compared or sent back. */
function isMasked(field: Field, value: Value | undefined): boolean {
  return field.visibility === "mask" || value === MASKED;
}

export function answerOf(field: Field, record: StoredRecord | null): Answer {
  const value = record?.values[field.code];
  return { value: isMasked(field, value) ? null : asTyped(field, value), missing: record?.missing[field.code] ?? "" };
}

/** Numbers are kept as the text that was typed, so that no digit and no mistake is lost before the server reads it. */
function asTyped(field: Field, value: Value | undefined): Value {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return String(value);
  return field.type === "multi_choice" && !Array.isArray(value) ? [String(value)] : value;
}

export function sameAnswer(one: Answer, other: Answer): boolean {
  return one.missing === other.missing && canonical(one.value) === canonical(other.value);
}

function canonical(value: Value): string {
  if (Array.isArray(value)) return value.length > 0 ? JSON.stringify([...value].sort()) : "";
  return value === null ? "" : String(value).trim();
}

/** The codes of the fields whose answers differ. */
export function changedCodes(from: Answers, to: Answers): string[] {
  return Object.keys(to).filter((code) => {
    const [before, after] = [from[code], to[code]];
    return after !== undefined && !(before && sameAnswer(before, after));
  });
}

/** What to send: only what changed, an emptied field as null, a withdrawn reason as null. */
export function changesOf(from: Answers, to: Answers): Changes {
  const changes: Changes = { values: {}, missing: {} };
  for (const code of changedCodes(from, to)) {
    const [before, after] = [from[code], to[code]];
    if (!after) continue;
    if (canonical(before?.value ?? null) !== canonical(after.value)) changes.values[code] = sent(after.value);
    if ((before?.missing ?? "") !== after.missing) changes.missing[code] = after.missing || null;
  }
  return changes;
}

function sent(value: Value): Value {
  return canonical(value) === "" ? null : value;
}

/** For a new record, to which there are no earlier reasons to withdraw. */
export function newRecordOf(answers: Answers): { values: Record<string, Value>; missing: Record<string, string> } {
  const { values, missing } = changesOf({}, answers);
  const given = <T>(all: Record<string, T | null>) =>
    Object.fromEntries(Object.entries(all).filter((entry): entry is [string, T] => entry[1] !== null));
  return { values: given(values) as Record<string, Value>, missing: given(missing) };
}

/** What the form shows: the answers, stored values of fields that nobody fills in, and masks. */
export function formValues(fields: readonly Field[], answers: Answers, record: StoredRecord | null): Record<string, unknown> {
  const reasons = Object.entries(answers).flatMap(([code, { missing }]) => (missing ? [[code, missing] as const] : []));
  const values = fields.map((field) => {
    const { code } = field;
    const [answer, stored] = [answers[code], record?.values[code] ?? null];
    const veiled = stored !== null && isMasked(field, stored);
    if (answer && (answer.value !== null || !veiled)) return [code, answer.value] as const;
    return [code, veiled ? MASKED : stored] as const;
  });
  return { ...Object.fromEntries(values), [REASONS]: Object.fromEntries(reasons) };
}

/** What the form says that was answered to `field`. */
export function answerIn(values: Readonly<Record<string, unknown>>, field: string): Answer {
  const reasons = (values[REASONS] ?? {}) as Record<string, unknown>;
  const missing = Object.hasOwn(reasons, field) ? String(reasons[field]) : "";
  const value = (values[field] ?? null) as Value;
  return { value, missing: value === null ? missing : "" };
}
