/** Values of a record as rules meet them; what is not of its field's type counts as missing. */

import { readDate, readDatetime, readTime } from "./dates.ts";
import { LongNumber, readExact } from "./exact.ts";
import type { ValueType } from "./program.ts";

/** null is missing and, for a condition, unknown. */
export type Value = number | boolean | string | readonly string[] | LongNumber | null;

/** Values by path; a missing one is absent, null or `{missing: code}`, related records are arrays of such records. */
export type RecordValues = Readonly<Record<string, unknown>>;

export type Reader = (stored: unknown) => Value;

const number: Reader = (stored) => {
  const exact = readExact(stored);
  return exact instanceof LongNumber ? finite(exact.toNumber()) : exact;
};
const text: Reader = (stored) => (typeof stored === "string" ? stored : null);
const choices: Reader = (stored) => (Array.isArray(stored) ? (stored as string[]) : null);

export const READERS: Readonly<Record<ValueType, Reader>> = {
  integer: readExact,
  decimal: readExact,
  number,
  text,
  choice: text,
  boolean: (stored) => (typeof stored === "boolean" ? stored : null),
  date: (stored) => (typeof stored === "string" ? readDate(stored) : null),
  datetime: (stored) => (typeof stored === "string" ? readDatetime(stored) : null),
  time: (stored) => (typeof stored === "string" ? readTime(stored) : null),
  choices,
  records: () => null,
  missing: () => null,
};

/** `value`, or missing where it is out of a double's range. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Why a value is not there, if that was recorded. */
export function missingCode(stored: unknown): string | null {
  if (typeof stored !== "object" || stored === null || !Object.hasOwn(stored, "missing")) return null;
  const code = (stored as { missing: unknown }).missing;
  return typeof code === "string" ? code : null;
}

/** The value under `path`; nothing but what the record itself holds. */
export function stored(record: RecordValues, path: string): unknown {
  return Object.hasOwn(record, path) ? record[path] : null;
}

/** The records that `path` reaches: the list under it, or lists nested one in another. */
export function relatedRecords(record: RecordValues, path: string): readonly RecordValues[] {
  const found = stored(record, path);
  if (Array.isArray(found)) return found as RecordValues[];
  const dot = path.indexOf(".");
  if (dot < 0) return [];
  const outer = stored(record, path.slice(0, dot));
  if (!Array.isArray(outer)) return [];
  return (outer as RecordValues[]).flatMap((each) => relatedRecords(each, path.slice(dot + 1)));
}
