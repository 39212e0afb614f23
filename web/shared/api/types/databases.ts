/** A live database as the reader may know it. */

import type { Label } from "../../texts";

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

/** A form as its definition has it: fields in order, with headings and texts between them, some with a skip rule. */
export interface CrfForm {
  code: string;
  label: Label;
  record_type: string;
  items: ({ section: Label; shown_if?: string } | { text: Label; shown_if?: string } | { field: string; widget?: string })[];
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

export type Severity = "error" | "warning" | "info";
