/** A database as its admin works on it: document, draft, edits, releases. */

import type { Label } from "../../texts";
import type { PatchStep } from "../jsonPatch";
import type { Category, FieldType, Severity } from "./databases";
import type { ChangeCounts } from "./plans";

/** A definition as it is written down; the server's JSON Schema says what it may hold. */
export interface DatabaseDocument {
  kind: "database";
  code: string;
  label?: Partial<Label>;
  description?: Partial<Label>;
  category?: Category;
  value_sets?: Record<string, ValueSetDocument>;
  events?: EventDocument[];
  record_types: RecordTypeDocument[];
  forms?: FormDocument[];
}

export interface ValueSetDocument {
  label?: Partial<Label>;
  standard?: string;
  version?: string;
  choices: { code: string; label?: Partial<Label>; active?: boolean }[];
}

export interface EventDocument {
  code: string;
  label?: Partial<Label>;
  [more: string]: unknown;
}

export interface RecordTypeDocument {
  id?: string;
  code: string;
  label?: Partial<Label>;
  parent?: string | null;
  repeats?: boolean;
  events?: string[];
  key?: string | null;
  fields: FieldDocument[];
  [more: string]: unknown;
}

export interface FieldDocument {
  id?: string;
  code: string;
  type: FieldType;
  label?: Partial<Label>;
  options?: Record<string, unknown>;
  unit?: string;
  value_set?: string | null;
  required?: boolean;
  required_if?: string;
  minimum?: number | string | null;
  maximum?: number | string | null;
  shown_if?: string;
  calculation?: string;
  checks?: { expression: string; message?: Partial<Label>; severity?: "error" | "warning" }[];
  identifying?: boolean;
  masking?: string;
  hidden?: boolean;
  missing_codes?: string[];
  help?: Partial<Label>;
  element?: Record<string, unknown>;
  /** How the latest change of unit or choices converts stored values; each change raises the step. */
  convert?: { step: number; factor?: string; offset?: string; codes?: Record<string, string | null> };
}

export interface FormDocument {
  code: string;
  label?: Partial<Label>;
  record_type: string;
  /** Headings and texts may have a skip rule; a field's stands with the field. */
  items: ({ section: Partial<Label>; shown_if?: string } | { text: Partial<Label>; shown_if?: string } | { field: string; widget?: string })[];
  [more: string]: unknown;
}

export interface DraftProblem {
  path: string;
  code: string;
  zh: string;
  en: string;
  suggestion: string;
  severity: Severity;
}

export interface Draft {
  version: number;
  /** false: nothing was changed since the last release. */
  saved: boolean;
  document: DatabaseDocument;
  by: string | null;
  at: string | null;
  problems: DraftProblem[];
}

/** The answer to edits with `answer=changes`: what they did to the document that was edited. */
export interface EditedDraft extends Omit<Draft, "document"> {
  changes: PatchStep[];
}

/** One step of a change to a draft; the server's edits.json has a schema for each. */
export type Edit = { edit: string } & Record<string, unknown>;

/** A field of an earlier release that the draft has not. */
export interface RemovedField {
  record_type: string;
  /** The last one that had it. */
  release: number;
  id: string;
  code: string;
  label: Label;
  type: FieldType;
  /** Another field has its code now, so it can't come back. */
  code_taken: boolean;
}

export interface Release {
  number: number;
  note: string;
  published_by: string;
  published_at: string;
  /** Since the release before. */
  changes: ChangeCounts;
}
