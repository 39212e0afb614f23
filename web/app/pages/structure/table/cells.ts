/** What a cell of the fields' table says, and the edits that typing into it makes. */

import type { Edit, FieldDocument, FieldType } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";
import { type CodeFault, codeFault, LONGEST_NAME, LONGEST_UNIT } from "../model/codes";
import { isMoment, takesChoices, takesRange } from "../model/fieldTypes";

export type Column = "code" | "zh" | "en" | "type" | "unit" | "required" | "choices" | "range" | "identifying" | "logic" | "problems";

/** How a column is edited in its cells; the others are edited beside the table. */
const KINDS: Partial<Record<Column, "text" | "type" | "flag">> = {
  code: "text", zh: "text", en: "text", unit: "text", type: "type", required: "flag", identifying: "flag",
};

export const kindOf = (column: string) => KINDS[column as Column];

export type Fault = CodeFault | "nameLong" | "unitLong" | "typeUnknown";

export function cellText(field: FieldDocument, column: string): string {
  switch (column) {
    case "code":
      return field.code;
    case "zh":
    case "en":
      return field.label?.[column] ?? "";
    case "unit":
      return field.unit ?? "";
    default:
      return "";
  }
}

/** A label with one language set; none at all when both are empty. */
export function withName(label: Partial<Label> | undefined, language: "zh" | "en", name: string): Partial<Label> | null {
  const rest = Object.fromEntries(Object.entries(label ?? {}).filter(([key, value]) => key !== language && value));
  const next = name ? { ...rest, [language]: name } : rest;
  return Object.keys(next).length > 0 ? next : null;
}

/** What is wrong with `typed` in a cell of text; null if nothing. */
export function faultOf(column: string, typed: string, otherCodes: ReadonlySet<string>): Fault | null {
  if (column === "code") return codeFault(typed, otherCodes);
  if ((column === "zh" || column === "en") && typed.length > LONGEST_NAME) return "nameLong";
  return column === "unit" && typed.length > LONGEST_UNIT ? "unitLong" : null;
}

/** No edits where nothing changed. */
export function textEdits(type: string, field: FieldDocument, column: string, typed: string): Edit[] {
  if (typed === cellText(field, column)) return [];
  const target = { record_type: type, field: field.code };
  if (column === "code") return [{ edit: "rename_field", ...target, code: typed }];
  if (column === "unit") return [{ edit: "set_field", ...target, set: { unit: typed || null } }];
  return [{ edit: "set_field", ...target, set: { label: withName(field.label, column as "zh" | "en", typed) } }];
}

export const flagEdit = (type: string, field: string, column: string, on: boolean): Edit => ({
  edit: "set_field", record_type: type, field, set: { [column]: on || null },
});

/** Another type, without what the field has and that type does not take. One undo brings all back. */
export function typeSettings(field: FieldDocument, type: FieldType): Record<string, unknown> {
  const set: Record<string, unknown> = { type };
  if (field.value_set && !takesChoices(type)) set.value_set = null;
  if (field.options) set.options = null;
  if (field.calculation && type !== "calculated") set.calculation = null;
  const keepsBounds = takesRange(type) && isMoment(type) === isMoment(field.type);
  if (!keepsBounds && (field.minimum ?? null) !== null) set.minimum = null;
  if (!keepsBounds && (field.maximum ?? null) !== null) set.maximum = null;
  return set;
}

/** The range in short: "0 ~ 120", "≥ 0", "≤ today". */
export function rangeText({ minimum, maximum }: FieldDocument, word: (bound: number | string) => string): string {
  const [low, high] = [minimum ?? null, maximum ?? null];
  if (low !== null && high !== null) return `${word(low)} ~ ${word(high)}`;
  if (low !== null) return `≥ ${word(low)}`;
  return high === null ? "" : `≤ ${word(high)}`;
}

/** The chosen fields as lines for a spreadsheet, in the order that pasting reads. */
export function asLines(fields: readonly FieldDocument[]): string {
  const cell = (text: string) => (/[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return fields.map((field) => [field.code, field.label?.zh ?? "", field.label?.en ?? "", field.type, field.unit ?? ""].map(cell).join("\t")).join("\n");
}
