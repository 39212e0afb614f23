/** Finding record types and fields by name in either language or by code. */

import type { DatabaseDocument, FieldDocument, RecordTypeDocument } from "../../../../shared/api/types";

export interface Found {
  type: RecordTypeDocument;
  field?: FieldDocument;
}

const MOST = 200; // what a list can show; a longer word finds fewer

/** Every word must be found; what starts with the whole text comes first. */
export function find(document: DatabaseDocument, sought: string, most = MOST): Found[] {
  const words = sought.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const [first, others]: [Found[], Found[]] = [[], []];
  const whole = words.join(" ");
  const consider = (found: Found) => {
    const names = namesOf(found.field ?? found.type);
    if (!words.every((word) => names.some((name) => name.includes(word)))) return;
    (names.some((name) => name.startsWith(whole)) ? first : others).push(found);
  };
  for (const type of document.record_types) {
    consider({ type });
    for (const field of type.fields) consider({ type, field });
  }
  return [...first, ...others].slice(0, most);
}

function namesOf({ code, label }: RecordTypeDocument | FieldDocument): string[] {
  return [code, label?.zh ?? "", label?.en ?? ""].map((name) => name.toLowerCase()).filter(Boolean);
}
