/** Forms of record types, and what their rules say to values before they are saved. */

import type { Value, ValueProblem } from "./records";

export type FormMode = "entry" | "display";

export interface RecordForm {
  release: number;
  mode: FormMode;
  /** A Form.io form without any JavaScript. */
  schema: Record<string, unknown>;
}

export interface DraftForm {
  /** The draft's. */
  version: number;
  mode: FormMode;
  schema: Record<string, unknown>;
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
