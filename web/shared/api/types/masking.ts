/** Masking: the methods there are, masking types, and what a method does to samples. */

import type { Label } from "../../texts";
import type { DraftProblem } from "./drafts";

export type ParameterValue = string | number | boolean;

export interface MaskingParameter {
  name: string;
  label: Label;
  schema: { type?: "integer" | "boolean" | "string"; minimum?: number; maximum?: number; maxLength?: number; pattern?: string };
  default: ParameterValue;
  choices: { code: string; label: Label }[];
  /** It counts only where this other parameter is so. */
  when: { name: string; is: string } | null;
}

export interface MaskingMethod {
  name: string;
  label: Label;
  does: Label;
  /** What it does not protect. */
  leaves: Label;
  kinds: string[];
  promises: Label[];
  parameters: MaskingParameter[];
}

export interface MaskedSample {
  before: string;
  after: string;
}

export interface MaskingType {
  code: string;
  label: Label;
  description: Label;
  method: string;
  parameters: Record<string, ParameterValue>;
  /** By the live release, if there is one. */
  example: MaskedSample | null;
  kinds: string[];
  published: boolean;
  has_draft: boolean;
  draft_version: number;
  uses: number;
}

export interface MaskingTypeDocument {
  kind: "masking_type";
  code: string;
  label?: Partial<Label>;
  description?: Partial<Label>;
  method: string;
  parameters?: Record<string, ParameterValue>;
  example?: string;
}

/** A field of a published database that names the masking type. */
export interface MaskingUse {
  database: string;
  database_label: Label;
  record_type: string;
  record_type_label: Label;
  field: string;
  field_label: Label;
  identifying: boolean;
}

export interface MaskingPreview {
  items: MaskedSample[];
  problems: DraftProblem[];
}
