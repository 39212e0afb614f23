/** Builders for the tests of these pages. */

import type { Database, Field, RecordType, StoredRecord } from "../../../shared/api/types";

export function aField(code: string, more: Partial<Field> = {}): Field {
  return {
    id: code, code, label: { zh: "", en: code }, type: "string", unit: "", value_set: null, choices: null, required: false,
    required_if: null, minimum: null, maximum: null, shown_if: null, calculation: null, checks: [], identifying: false,
    visibility: "show", hidden: false, missing_codes: [], help: null, options: {}, operators: [], widget: "text", ...more,
  };
}

export function aType(code: string, fields: Field[], more: Partial<RecordType> = {}): RecordType {
  return {
    id: code, code, label: { zh: "", en: code }, parent: null, repeats: false, events: [], key: null,
    storage: "managed", writer: "records", fields, ...more,
  };
}

export function aRecord(values: StoredRecord["values"], more: Partial<StoredRecord> = {}): StoredRecord {
  return {
    id: 1, version: 1, parent: null, patient: "c0de", event: "", repeat_key: 1, status: "active", created_by: "", created_at: "",
    updated_by: "", updated_at: "", release: 1, values, missing: {}, ...more,
  };
}

export function aDatabase(record_types: RecordType[], more: Partial<Database> = {}): Database {
  return {
    code: "lung", label: { zh: "", en: "lung" }, description: { zh: "", en: "" }, category: "specialty", release: 1,
    published_at: "", published_by: "", draft_version: 0, may: ["view"], value_sets: {}, events: [], forms: [], record_types, ...more,
  };
}
