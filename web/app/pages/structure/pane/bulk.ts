/** The same change to many fields. */

import type { Edit, FieldDocument } from "../../../../shared/api/types";
import { takesChoices, takesUnit } from "../model/fieldTypes";

export type BulkProperty = "unit" | "required" | "identifying" | "masking" | "help" | "missing_codes" | "value_set" | "hidden";

/** Whether the property means something for a field of that type. */
export function takes({ type }: FieldDocument, property: BulkProperty): boolean {
  if (property === "unit") return takesUnit(type);
  return property !== "value_set" || takesChoices(type);
}

/** What is not changed by it, and what can't take it, is left alone. */
export function bulkEdits(type: string, fields: readonly FieldDocument[], property: BulkProperty, value: unknown): Edit[] {
  return fields
    .filter((field) => takes(field, property) && JSON.stringify(field[property] ?? null) !== JSON.stringify(value))
    .map((field) => ({ edit: "set_field", record_type: type, field: field.code, set: { [property]: value } }));
}

/** What all have in common; undefined where they differ. */
export function common(fields: readonly FieldDocument[], property: BulkProperty): unknown {
  const values = new Set(fields.map((field) => JSON.stringify(field[property] ?? null)));
  const [only] = values;
  return values.size === 1 && only !== undefined ? JSON.parse(only) : undefined;
}
