/** What the REST interface sends and takes. Names are the interface's own; instants are ISO 8601 in UTC. */

import type { Label } from "../texts";

export interface Page<T> {
  items: T[];
  next: string | number | null;
}

// Session

/** What a page or an act needs. */
export type Permission = readonly [action: string, kind: string];

export interface User {
  id: number;
  name: string;
  display_name: string;
  roles: string[];
  /** "action:kind", e.g. "view:records". */
  permissions: string[];
  language: "zh" | "en";
  must_change_password: boolean;
}

export interface Session {
  csrf_token: string;
  user: User;
}

// Jobs and files

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Job {
  id: number;
  kind: string;
  /** Its own name, where its kind has more to say than the kind's. */
  label?: Label | null;
  state: JobState;
  progress: number;
  total: number | null;
  result: Record<string, unknown> | null;
  error: ({ code: string } & Label) | null;
  cancel_requested: boolean;
  created_by: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** Empty in lists. */
  log: { at: string; level: "info" | "warning" | "error"; message: string }[];
}

export interface StoredFile {
  id: number;
  name: string;
  size: number;
  sha256: string;
}

// Databases

export type Category = "department" | "specialty" | "personal" | "sub" | "core";

export interface DatabaseSummary {
  code: string;
  label: Label;
  /** "" until the first release. */
  category: Category | "";
  release: number | null;
  draft_version: number;
  /** Of the live release; counts are null unless asked for. */
  record_types: { code: string; label: Label; count: number | null }[];
}

export interface Choice {
  code: string;
  label: Label;
  active: boolean;
}

export type FieldType =
  | "string"
  | "long_text"
  | "integer"
  | "decimal"
  | "float"
  | "boolean"
  | "date"
  | "datetime"
  | "time"
  | "choice"
  | "multi_choice"
  | "calculated"
  | "reference";

export interface Field {
  id: string;
  code: string;
  label: Label;
  type: FieldType;
  unit: string | null;
  value_set: string | null;
  choices: Choice[] | null;
  required: boolean;
  required_if: string | null;
  minimum: number | string | null;
  maximum: number | string | null;
  shown_if: string | null;
  calculation: string | null;
  checks: { expression: string; message: Label; severity: Severity }[];
  identifying: boolean;
  visibility: "show" | "mask" | "hide";
  hidden: boolean;
  missing_codes: string[];
  help: Label | null;
  options: Record<string, unknown>;
  operators: string[];
  widget: string;
}

export interface RecordType {
  id: string;
  code: string;
  label: Label;
  parent: string | null;
  repeats: boolean;
  events: string[];
  key: string | null;
  storage: "managed" | "mapped" | "keyed";
  writer: "records" | "owner";
  fields: Field[];
}

/** A form as its definition has it: fields in order, with headings and texts between them. */
export interface CrfForm {
  code: string;
  label: Label;
  record_type: string;
  items: ({ section: Label } | { text: Label } | { field: string })[];
}

export interface Database {
  code: string;
  label: Label;
  description: Label;
  category: Category | "";
  release: number;
  published_at: string;
  published_by: string;
  draft_version: number;
  may: string[];
  value_sets: Record<string, { label: Label; choices: Choice[] }>;
  events: { code: string; label: Label; arm: string }[];
  forms: CrfForm[];
  record_types: RecordType[];
}

/** A definition as it is written down; the server's JSON Schema says what it may hold. */
export type DatabaseDocument = Record<string, unknown> & { kind: "database"; code: string; label: Label };

export type Severity = "error" | "warning" | "info";

export interface DraftProblem {
  path: string;
  code: string;
  zh: string;
  en: string;
  severity: Severity;
}

export interface Draft {
  version: number;
  document: DatabaseDocument;
  by: string;
  at: string;
  problems: DraftProblem[];
}

export type Edit = { op: string } & Record<string, unknown>;

export interface Release {
  number: number;
  document: DatabaseDocument;
  note: string;
  published_by: string;
  published_at: string;
}

// Plans

export type Safety = "safe" | "lossy" | "destructive";

export interface Operation {
  kind: string;
  safety: Safety;
  zh: string;
  en: string;
  record_type: string | null;
  field: string | null;
  counts: Record<string, number>;
  samples: unknown[];
}

export interface Plan {
  id: number;
  state: string;
  from_release: number | null;
  operations: Operation[];
  needs_approval: boolean;
  approved_by: string | null;
  created_by: string;
  created_at: string;
  error: { code: string; message: string } | null;
}

// Definitions carried in from elsewhere

export interface NotCarried {
  where: string;
  what: string;
  reason: Label;
  text: string;
}

export interface ImportReport {
  format: string;
  counts: Record<string, number>;
  understood: unknown[];
  not_carried: NotCarried[];
  unknown: unknown[];
}

export interface DefinitionImport {
  code: string;
  draft_version: number;
  import_id: number;
  report: ImportReport;
  problems: DraftProblem[];
}

// Records

export type Value = string | number | boolean | string[] | null;

/** What the server sends instead of a value that the reader may not see. */
export const MASKED = "＊＊＊";

export interface StoredRecord {
  id: number;
  version: number;
  parent: number | null;
  patient: number | null;
  event: string | null;
  repeat_key: number | null;
  status: string;
  created_by: string;
  created_at: string;
  updated_by: string;
  updated_at: string;
  release: number;
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

export type CheckedRule =
  | { ok: true; type: string }
  | {
      ok: false;
      error: {
        code: string;
        line: number;
        column: number;
        caret: string;
        suggestion: string;
        suggestion_zh: string;
        zh: string;
        en: string;
      };
    };
