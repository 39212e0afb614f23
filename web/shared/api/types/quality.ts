/** Data quality: what a definition asks of stored records, how many break it, and the course over time. */

import type { Label } from "../../texts";

export interface QualityStep {
  at: string;
  release: number;
  total: number;
  failed: number;
  unknown: number;
}

export interface QualityStanding {
  /** The reader's own run that waits or runs. */
  job: number | null;
  /** Whether the reader sees all rows of some record type, so that a run may tell them something. */
  may_run: boolean;
  /** When the last run began, and of which release it was. */
  at: string | null;
  release: number | null;
}

export interface QualityRule {
  key: string;
  record_type: string;
  field: string;
  kind: "check" | "required" | "range";
  severity: "error" | "warning";
  message: Label;
  /** As the definition says it: a check, or the condition of a requirement; else "". */
  expression: string;
  /** The bounds of a range, as the definition has them: "30", "2020-01-01", "today". */
  low: string | null;
  high: string | null;
  /** The filter that finds the records which break it. */
  where: string;
  /** The filter that finds those for which it can't be told. */
  where_unknown: string;
  /** The counts are null until a run has counted. */
  total: number | null;
  failed: number | null;
  unknown: number | null;
  /** Why it can't be counted. */
  problem: Label | null;
  /** Counted just now over the rows that the reader may see; then there is no course. */
  own_rows: boolean;
  /** Earlier runs, oldest first. */
  course: QualityStep[];
}
