/** The masking types that one may choose for a field, with what each makes of its example. */

import type { DatabaseDocument, FieldDocument, MaskingType } from "../../../../shared/api/types";
import { labelText } from "../../../language";

export interface MaskingChoice {
  code: string;
  label: string;
  /** "王小明 → 王＊＊"; "" where there is no example, or no such type. */
  example: string;
  /** Whether its method takes values of these fields. */
  fits: boolean;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text", long_text: "text", choice: "choice", integer: "number", decimal: "number", float: "number", date: "date",
  datetime: "datetime", boolean: "boolean",
};

/** As masking methods tell them apart. */
export function kindOf({ type, options }: Pick<FieldDocument, "type" | "options">): string {
  if (type === "calculated") return String(options?.result ?? "number");
  return KINDS[type] ?? "other";
}

/** Published types, those that fit first; and codes that the database names though nobody published such a type. */
export function choicesOf(types: readonly MaskingType[], { record_types }: DatabaseDocument, fields: readonly FieldDocument[]): MaskingChoice[] {
  const kinds = fields.map(kindOf);
  const known = types.filter(({ published }) => published).map((type) => ({
    code: type.code,
    label: labelText(type.label) || type.code,
    example: type.example ? `${type.example.before} → ${type.example.after}` : "",
    fits: kinds.every((kind) => type.kinds.includes(kind)),
  }));
  const codes = new Set(known.map(({ code }) => code));
  const named = record_types.flatMap((type) => type.fields.flatMap(({ masking }) => (masking && !codes.has(masking) ? [masking] : [])));
  const unknown = [...new Set(named)].map((code) => ({ code, label: code, example: "", fits: true }));
  return [...known.filter(({ fits }) => fits), ...unknown, ...known.filter(({ fits }) => !fits)];
}
