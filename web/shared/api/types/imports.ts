/** Definitions and records carried in from files. */

import type { Label } from "../../texts";
import type { DraftProblem } from "./drafts";

export interface ReportItem {
  /** Its place in the files: "ARC.csv:74 demog_country". */
  where: string;
  what: Label;
  reason: Label;
  /** What stands there, as it is written. */
  text: string;
  /** "patient.age" of the field that became of it; reports of earlier releases have none. */
  field?: string;
}

export interface ImportReport {
  format: string;
  counts: Record<string, number>;
  understood: Label[];
  not_carried: ReportItem[];
  unknown: ReportItem[];
}

/** One import in the history of a definition. */
export interface ImportLine {
  id: number;
  kind: string;
  code: string;
  format: string;
  files: { name: string; size: number; sha256: string }[];
  imported_by: string;
  imported_at: string;
  counts: Record<string, number>;
  not_carried: number;
  /** Whether what it made was kept, so that it can be compared. */
  comparable: boolean;
}

export interface ImportDetail extends ImportLine {
  report: ImportReport;
  /** What is wrong in the draft it made; null: not kept. */
  problems: DraftProblem[] | null;
}

/** What the job `definitions.import` gives. */
export interface ImportResult {
  import: number;
  kind: string;
  code: string;
  draft_version: number;
  not_carried: number;
}

/** What the database of a code has now. */
export interface ImportTarget {
  exists: boolean;
  label: Partial<Label> | null;
  version: number;
  draft: { by: string | null; at: string | null; record_types: number; fields: number } | null;
  release: { number: number; record_types: number; fields: number } | null;
}

export interface FieldChange {
  change: "added" | "removed" | "moved" | "changed";
  field: string;
  label: Partial<Label>;
  from: string;
  differences: { aspect: string; before: unknown; after: unknown }[];
}

interface NamedType {
  code: string;
  label: Partial<Label>;
  fields: number;
}

export interface ImportComparison {
  before: ImportLine;
  after: ImportLine;
  record_types: { added: NamedType[]; removed: NamedType[] };
  fields: FieldChange[];
  newly_not_carried: ReportItem[];
  no_longer_listed: ReportItem[];
}
