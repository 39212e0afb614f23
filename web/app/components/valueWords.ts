/** How a record's value is said: by its field's type, choices and missing-data codes. */

import { formatLocal } from "../../shared/format/dates";
import { formatNumber } from "../../shared/format/numbers";
import { type Field, MASKED, type Value } from "../../shared/api/types";
import type { Label } from "../../shared/texts";
import { missingReason } from "./missingReasons/texts";

/** What of a field is needed to say its values. */
export type Sayable = Pick<Field, "type"> & Partial<Pick<Field, "choices" | "unit" | "options" | "visibility">>;

export type Said =
  | { kind: "value"; text: string }
  | { kind: "labels"; labels: { label: Label | null; code: string }[] }
  | { kind: "truth"; value: boolean }
  | { kind: "masked"; text: string }
  | { kind: "missing"; reason: Label | null };

export function say(value: Value | undefined, field: Sayable | undefined, missingCode?: string): Said {
  if (value === MASKED) return { kind: "masked", text: MASKED };
  if (value === null || value === undefined || value === "") return missing(missingCode);
  if (field?.visibility === "mask") return { kind: "masked", text: masked(value, field.type) };
  if (typeof value === "boolean") return { kind: "truth", value };
  if (Array.isArray(value)) return value.length > 0 ? labelled(value, field) : missing(missingCode);
  if (field?.choices) return labelled([String(value)], field);
  return { kind: "value", text: plain(value, field?.type) };
}

/** What a mask left: a shifted date is one still, anything else is a text. */
function masked(value: Exclude<Value, null>, type: Field["type"]): string {
  return type === "datetime" && /^\d{4}-/.test(String(value)) ? formatLocal(String(value)) : String(value);
}

function missing(code: string | undefined): Said {
  return { kind: "missing", reason: code ? missingReason(code) : null };
}

function labelled(codes: string[], field: Sayable | undefined): Said {
  const labelOf = (code: string) => field?.choices?.find((choice) => choice.code === code)?.label ?? null;
  return { kind: "labels", labels: codes.map((code) => ({ code, label: labelOf(code) })) };
}

function plain(value: string | number, type: Field["type"] | undefined): string {
  if (type === "datetime") return formatLocal(String(value));
  if (type === "decimal" || type === "float" || type === "integer") return formatNumber(value);
  return typeof value === "number" ? formatNumber(value) : value;
}

/** Numbers stand at the right of their column. */
export function isNumeric(field: Sayable): boolean {
  return (
    ["integer", "decimal", "float"].includes(field.type) ||
    (field.type === "calculated" && field.options?.result === "number")
  );
}
