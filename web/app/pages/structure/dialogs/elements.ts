/** A field library's data elements, to pick from. */

import type { FieldDocument, ValueSetDocument } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";

export interface LibraryDocument {
  code: string;
  label?: Partial<Label>;
  fields: FieldDocument[];
  value_sets?: Record<string, ValueSetDocument>;
}

/** Elements that name the sought words, by code or in either language, or by their standard's identifier. */
export function matching({ fields }: LibraryDocument, sought: string): FieldDocument[] {
  const words = sought.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return fields.filter(({ code, label, element }) => {
    const names = [code, label?.zh, label?.en, element?.identifier, element?.name].join(" ").toLowerCase();
    return words.every((word) => names.includes(word));
  });
}
