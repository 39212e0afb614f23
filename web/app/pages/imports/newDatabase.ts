/** The document of a new database: one record type, the patient, told by a number. */

import type { Category, DatabaseDocument } from "../../../shared/api/types";
import { BLANK } from "./texts";

export interface NewDatabase {
  code: string;
  zh: string;
  en: string;
  category: Category;
  description: string;
}

export function blankDocument({ code, zh, en, category, description }: NewDatabase): DatabaseDocument {
  const label = { zh: zh.trim(), en: en.trim() };
  return {
    kind: "database",
    code,
    label: { zh: label.zh || label.en || code, en: label.en },
    ...(description.trim() && { description: { zh: description.trim(), en: "" } }),
    category,
    record_types: [
      {
        code: "patient",
        label: BLANK.patient,
        key: "patient_no",
        fields: [{ code: "patient_no", label: BLANK.patientNumber, type: "string", required: true }],
      },
    ],
    forms: [{ code: "patient", label: BLANK.patient, record_type: "patient", items: [{ field: "patient_no" }] }],
  };
}
