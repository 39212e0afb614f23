/** Records, their revisions, and what the server remarks on them. */

import type { Grade } from "./access";
import type { Severity } from "./databases";

export type Value = string | number | boolean | string[] | null;

/** What the server sends instead of a value that the reader may not see. */
export const MASKED = "＊＊＊";

export interface StoredRecord {
  id: number;
  version: number;
  parent: number | null;
  /** A code, the same for all records of a patient in one database. */
  patient: string | null;
  event: string | null;
  repeat_key: number | null;
  status: string;
  created_by: string;
  created_at: string;
  updated_by: string;
  updated_at: string;
  release: number;
  /** Left out where a record was read by other means than alone or in a list. */
  grade?: Grade;
  values: Record<string, Value>;
  missing: Record<string, string>;
}

export interface ValueProblem {
  field: string | null;
  code: string;
  zh: string;
  en: string;
  severity: Severity;
}

export interface Saved {
  record: StoredRecord;
  warnings: ValueProblem[];
}

export interface Revision {
  version: number;
  action: string;
  at: string;
  by: string;
  channel: string;
  changes: { field: string; old: Value; new: Value }[];
  /** Reasons for missing values that changed. */
  missing: { field: string; old: string | null; new: string | null }[];
  provenance: Record<string, unknown> | null;
  /** Its identifying values are gone, with the patient's key. */
  forgotten: boolean;
}

/** A record by its type and id, as trash and restore list what went or came. */
export interface RecordRef {
  type: string;
  id: number;
  version: number;
}

/** `details` of the error RecordChanged: every change since the version that was sent. */
export interface RecordChangedDetails {
  version: number;
  changes: { version: number; action: string; by: string; at: string; fields: string[] }[];
}
