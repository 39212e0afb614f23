/** A comparison in words: how an aspect of a field was and is. */

import type { FieldChange, ImportComparison } from "../../../shared/api/types";
import { labelText } from "../../language";

export interface Words {
  yes: string;
  no: string;
  none: string;
}

/** A value of a definition as text: a label, choices ("1 男 | 2 女"), a flag, or what it is. */
export function said(value: unknown, words: Words): string {
  if (value === null || value === undefined || value === "") return words.none;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.length > 0 ? value.map((each) => one(each, words)).join(" | ") : words.none;
  if (isLabel(value)) return labelText(value) || words.none;
  return JSON.stringify(value);
}

function one(value: unknown, words: Words): string {
  if (typeof value !== "object" || value === null) return said(value, words);
  if ("code" in value && "label" in value) return `${String(value.code)} ${isLabel(value.label) ? labelText(value.label) : ""}`.trim();
  if ("expression" in value) return String(value.expression);
  return JSON.stringify(value);
}

function isLabel(value: unknown): value is { zh?: string; en?: string } {
  return typeof value === "object" && value !== null && Object.keys(value).every((key) => key === "zh" || key === "en");
}

export type Change = FieldChange["change"];
export const CHANGES: readonly Change[] = ["added", "removed", "moved", "changed"];

export function countsOf({ fields }: Pick<ImportComparison, "fields">): Record<Change, number> {
  const counts = { added: 0, removed: 0, moved: 0, changed: 0 };
  for (const { change } of fields) counts[change] += 1;
  return counts;
}
