/** Builders for the tests of drafts. */

import type { DatabaseDocument, Draft, FieldDocument, RecordTypeDocument } from "../../../../shared/api/types";

export function aField(code: string, more: Partial<FieldDocument> = {}): FieldDocument {
  return { id: `f_${code}`, code, type: "string", label: { zh: "", en: code }, ...more };
}

export function aType(code: string, fields: FieldDocument[] = [], more: Partial<RecordTypeDocument> = {}): RecordTypeDocument {
  return { id: `r_${code}`, code, fields, ...more };
}

export function aDocument(record_types: RecordTypeDocument[], more: Partial<DatabaseDocument> = {}): DatabaseDocument {
  return { kind: "database", code: "lung", record_types, ...more };
}

export function aDraft(document: DatabaseDocument, more: Partial<Draft> = {}): Draft {
  return { version: 1, saved: true, document, by: "me", at: null, problems: [], ...more };
}
