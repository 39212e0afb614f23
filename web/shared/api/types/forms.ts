/** Forms of record types, and what their rules say to values before they are saved. */

import type { Program } from "../../rules/program";
import type { Value, ValueProblem } from "./records";

export type FormMode = "entry" | "display";

export interface RecordForm {
  release: number;
  mode: FormMode;
  /** A Form.io form without any JavaScript. */
  schema: Record<string, unknown>;
  /** null in a form to show. */
  rules: FormRules | null;
}

export interface DraftForm {
  /** The draft's. */
  version: number;
  mode: FormMode;
  schema: Record<string, unknown>;
  rules: FormRules | null;
  /** Codes of fields that can't be read yet. */
  left_out: string[];
}

export interface Outlook {
  release: number;
  hidden: string[];
  required: string[];
  computed: Record<string, Value>;
  problems: ValueProblem[];
}

/** The rules that the page runs while one types, in the order in which they run. */
export interface FormRules {
  /** The server's instant when it sent them, and the hospital's zone. */
  at: string;
  zone: string;
  /** How the values of fields that are filled in are read, by code. */
  fields: Record<string, Reading>;
  /** Other spellings of own fields: the code by the path. */
  aliases: Record<string, string>;
  /** Ancestors' values by path. */
  around: Record<string, unknown>;
  calculations: { field: string; program: Program; cast: Cast }[];
  /** Of fields and of the form's headings and texts, by key: shown while true. */
  skips: { key: string; program: Program }[];
  required: string[];
  required_if: { field: string; program: Program }[];
  ranges: Range[];
  checks: { field: string; severity: string; message: Words; program: Program }[];
  said: { required: Words; not_shown: Words };
  /** What only the server says, by field code or the item's key. */
  left: { rule: LeftRule; key: string }[];
}

export type LeftRule = "calculation" | "skip" | "required" | "range" | "check";

export interface Words {
  zh: string;
  en: string;
}

export type Reading =
  | { as: "boolean" }
  | { as: "time" }
  | ({ as: "integer" | "number" } & Marks)
  | ({ as: "decimal"; places: number } & Marks)
  | { as: "date"; text_format?: DateOrder }
  | { as: "datetime"; text_format?: DateOrder }
  | { as: "text" | "long_text"; most: number }
  | { as: "choice"; retired: string[] }
  | { as: "choices"; retired: string[] };

/** What comes first in a date like 05/03/2026. */
export type DateOrder = "ymd" | "dmy" | "mdy";

export interface Marks {
  decimal_mark?: string;
  thousands?: string;
}

/** What becomes of the result of a calculation. */
export type Cast = { to: "integer" | "number" | "date" | "stored" } | { to: "decimal"; places: number };

/** Inclusive bounds; "today" and "now" are taken from the context. */
export interface Range {
  field: string;
  type: string;
  low: number | string | null;
  high: number | string | null;
  below: Words;
  above: Words;
}
